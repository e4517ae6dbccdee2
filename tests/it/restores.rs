//! Jim2 is put back to an earlier state while Crossbill runs.

use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, eventually, only_if, text};

async fn order(system: &System, job: &str, order: &str) {
    eventually(LATER, "the order is on the job", async || {
        let now = text(&system.hands.job(job).await, "CustRef");
        only_if(now == order, now)
    })
    .await;
}

async fn jim2(system: &System, deed: &str, body: Value) {
    system.hands.jim2.act(deed, &body).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_jim2_is_left_alone_until_it_is_adopted_and_then_both_sides_are_equal_again() {
    let system = System::start(Site::default()).await;
    let kept = system.hands.raise("There before the backup").await;
    let kept_job = system.hands.job_of(&kept, SOON).await;
    system.quiet().await;
    jim2(&system, "backup", json!({})).await;

    // The hour that is lost: an order of the customer's, and a ticket with its job.
    let set = json!({"purchaseOrderNumber": "PO 4711"});
    system.hands.edit_in_autotask("Tickets", kept.id, set).await;
    order(&system, &kept_job, "PO 4711").await;
    let lost = system.hands.raise("Made in the lost hour").await;
    let lost_job = system.hands.job_of(&lost, SOON).await;
    system.quiet().await;
    jim2(&system, "restore", json!({"raiseEpoch": false})).await;

    let says = eventually(LATER, "the restore is noticed", async || {
        let status = system.crossbill(&["status"]).await;
        only_if(
            status.contains("Nothing is written to Jim2"),
            status.clone(),
        )
        .map(|()| status)
    })
    .await;
    assert!(says.contains("crossbill adopt-restore"), "{says}");
    let problems = says.lines().filter(|line| line.starts_with('•'));
    assert_eq!(
        problems.count(),
        1,
        "one problem, however many records: {says}"
    );
    let before = system.hands.writes().await;
    let meanwhile = system.hands.raise("While nothing is written").await;
    eventually(SOON, "it was told of", async || {
        let stats = system.hands.autotask.stats().await.unwrap();
        let pending = stats["webhooks"]["pending"].as_i64().unwrap();
        only_if(pending == 0, format!("{pending} webhooks"))
    })
    .await;
    system.crossbill(&["status"]).await;
    assert!(system.hands.jobs_of(&meanwhile).await.is_empty());
    assert_eq!(
        system.hands.writes().await,
        before,
        "neither side is written to"
    );
    assert!(text(&system.hands.job(&kept_job).await, "CustRef").is_empty());

    let said = system.crossbill(&["adopt-restore", "--yes"]).await;
    assert!(said.contains("Writing to Jim2 goes on"), "{said}");
    order(&system, &kept_job, "PO 4711").await;
    let new_job = system.hands.job_of(&meanwhile, LATER).await;
    assert_eq!(new_job, lost_job, "Jim2 gives the number again");
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&kept).await.len(), 1);
    assert_eq!(system.hands.jobs_of(&meanwhile).await.len(), 1);
    assert!(
        system.hands.jobs_of(&lost).await.is_empty(),
        "what was paired and vanished is never made again by itself"
    );
    // Which the desk sees, and nothing else differs.
    let held = system.crossbill(&["held", "list"]).await;
    assert!(held.contains("Made in the lost hour"), "{held}");
    for finding in system.agreement().await.findings {
        let told = format!("{finding:?}");
        assert!(told.contains(&lost.number), "{told}");
    }
    let status = system.crossbill(&["status"]).await;
    assert!(!status.contains("adopt-restore"), "{status}");
}
