//! A Jim2 of which no more is known than its documents show: most fields of a new job are refused when it is made.

use sandbox::jim2;
use serde_json::json;

use crate::system::{LATER, SOON, Site, System, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_jim2_that_takes_few_fields_has_each_job_made_once_and_the_rest_written_after() {
    let site = Site {
        jim2: jim2::Options::default(),
        ..Site::default()
    };
    let system = System::start(site).await;
    let (company, card) = system.hands.customer().await;
    let wanted = |title: &str| {
        json!({
            "companyID": company, "title": title, "priority": 1, "purchaseOrderNumber": "PO 4711",
        })
    };
    let first = system.hands.raise_with(wanted("The printer jams")).await;
    let job = system.hands.job_of(&first, LATER).await;
    is_whole(&system, &job, card, "The printer jams").await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&first).await.len(), 1);

    let before = creates(&system).await;
    let second = system.hands.raise_with(wanted("The scanner jams")).await;
    let job = system.hands.job_of(&second, SOON).await;
    is_whole(&system, &job, card, "The scanner jams").await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&second).await.len(), 1);
    assert_eq!(
        creates(&system).await - before,
        1,
        "what was learnt is not paid for again"
    );
    let held = system.crossbill(&["held", "list"]).await;
    assert!(held.contains("Nothing is held"), "{held}");

    // An Item that only a create call could have given is not this Jim2's to take: told, and the job is there.
    let mut other = wanted("The toner is empty");
    other["issueType"] = json!(12);
    let third = system.hands.raise_with(other).await;
    let job = system.hands.job_of(&third, SOON).await;
    is_whole(&system, &job, card, "The toner is empty").await;
    assert_eq!(system.hands.jobs_of(&third).await.len(), 1);
    let held = system.crossbill(&["held", "list"]).await;
    assert!(
        held.contains("crossbill mapping set ticket item off"),
        "{held}"
    );
}

/// Everything that the API shows to be writable is on the job in the end.
async fn is_whole(system: &System, job: &str, card: i64, title: &str) {
    system.quiet().await;
    let job = system.hands.job(job).await;
    for (name, value) in [
        ("CustNo", card.to_string()),
        ("CustRef", "PO 4711".to_owned()),
        ("Priority", "High".to_owned()),
        ("FaultDesc", format!("{title}\n\nIt began this morning.")),
    ] {
        assert_eq!(text(&job, name), value, "{name}");
    }
    assert!(text(&job, "InvoiceDesc").contains(title), "{job}");
}

/// How often a job was to be made, refused ones included.
async fn creates(system: &System) -> i64 {
    let stats = system.hands.jim2.stats().await.unwrap();
    stats["calls"]["byEndpoint"]["POST jobcreate"]
        .as_i64()
        .unwrap_or_default()
}
