//! Being paused, and being asked to end.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::system::{LATER, SOON, Site, System, eventually, meanwhile, only_if, text};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_while_paused_and_nothing_is_lost() {
    let system = System::start(Site::default()).await;
    let old = system.hands.raise("Before the pause").await;
    let job = system.hands.job_of(&old, SOON).await;
    system.quiet().await;

    system.crossbill(&["pause"]).await;
    let before = system.hands.writes().await;
    let ticket = system.hands.raise("During the pause").await;
    let set = json!({"status": "Proceed"});
    system.hands.edit_in_jim2("Job", &job, set).await;
    meanwhile(Duration::from_secs(4), "nobody writes", async || {
        let writes = system.hands.writes().await;
        only_if(writes == before, format!("{} writes", writes - before))
    })
    .await;
    assert!(system.hands.jobs_of(&ticket).await.is_empty());

    system.crossbill(&["resume", "--yes"]).await;
    system.hands.job_of(&ticket, LATER).await;
    eventually(LATER, "the old ticket is in progress", async || {
        let status = text(&system.hands.ticket(old.id).await, "status");
        only_if(status == "8", status)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_starts_paused() {
    let system = System::installed(Site::default()).await;
    system.crossbill(&["migrate"]).await;
    system.connect(&[]).await;
    let before = system.hands.writes().await;
    system.serve().await;
    meanwhile(Duration::from_secs(3), "nobody writes", async || {
        let writes = system.hands.writes().await;
        only_if(writes == before, format!("{} writes", writes - before))
    })
    .await;
    let status = system.crossbill(&["status"]).await;
    assert!(
        status.contains("crossbill resume"),
        "it says how to go on: {status}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_serve_within_seconds_and_nothing_is_lost() {
    let system = System::start(Site::default()).await;
    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..20 {
        let set = json!({"companyID": company, "title": format!("Call {number}")});
        tickets.push(system.hands.raise_with(set).await);
    }
    eventually(SOON, "the burst is under way", async || {
        let jobs = system.hands.jobs_of(&tickets[0]).await;
        only_if(!jobs.is_empty(), "its first ticket has no job")
    })
    .await;

    let asked = Instant::now();
    assert_eq!(system.terminate().await, [Some(0)]);
    let took = asked.elapsed();
    assert!(took < Duration::from_secs(10), "it took {took:?}");
    let open = "select count(*) from pair where claimed_by is not null";
    assert_eq!(
        system.database.count(open).await,
        0,
        "no record is left claimed"
    );

    system.serve().await;
    for ticket in &tickets {
        system.hands.job_of(ticket, LATER).await;
    }
    system.quiet().await;
    system.agrees().await;
}
