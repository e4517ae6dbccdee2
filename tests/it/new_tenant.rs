//! An Autotask that never saw Crossbill: its user-defined fields are missing, and made by the one command that is told.

use sandbox::autotask;

use crate::system::{SOON, Site, System, text};

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_a_new_tenant_lacks_are_made_and_a_ticket_names_its_job() {
    let site = Site {
        autotask: autotask::Options {
            crossbill_udfs: false,
            ..Site::default().autotask
        },
        ..Site::default()
    };
    let system = System::installed(site).await;
    system.crossbill(&["migrate"]).await;
    let told = system.crossbill(&["connect", "--yes"]).await;
    assert!(told.contains("crossbill connect --create-udfs"), "{told}");
    assert_eq!(fields(&system).await, Vec::<String>::new());

    let told = system
        .crossbill(&["connect", "--create-udfs", "--yes"])
        .await;
    assert!(told.contains("made 7 user-defined fields"), "{told}");
    let made = fields(&system).await;
    assert_eq!(made.len(), 7, "{made:?}");
    system.connect(&["--create-udfs", "--resume"]).await;
    assert_eq!(fields(&system).await, made, "none is made twice");

    system.release().await;
    system.serve().await;
    system.settle().await;
    let ticket = system.hands.raise("The new printer jams").await;
    system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;
    system.agrees().await;
}

/// The names of our fields, as Autotask has them.
async fn fields(system: &System) -> Vec<String> {
    let definitions = "UserDefinedFieldDefinitions";
    let all = system.hands.autotask.records(definitions, None).await;
    let names = all.unwrap().into_iter().map(|one| text(&one, "name"));
    names.filter(|name| name.starts_with("Jim2")).collect()
}
