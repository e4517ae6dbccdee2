//! Webhooks that come more than once, late, or in the wrong order.

use axum::http::StatusCode;
use serde_json::json;

use crate::system::{SOON, Site, System, eventually, only_if, text};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_webhooks_five_times_and_out_of_order_make_one_job() {
    let system = System::start(Site::default()).await;
    system.doorway.calls();
    system.doorway.hold();
    let ticket = system.hands.raise("The server room is hot").await;
    for title in [
        "The server room is very hot",
        "The server room is cool again",
    ] {
        let set = json!({"title": title});
        system
            .hands
            .edit_in_autotask("Tickets", ticket.id, set)
            .await;
    }
    let mut seen = Vec::new();
    eventually(SOON, "three webhooks have come", async || {
        seen.extend(system.doorway.calls());
        only_if(seen.len() == 3, seen.len())
    })
    .await;
    system.doorway.open();
    assert!(system.hands.jobs_of(&ticket).await.is_empty());

    for _ in 0..5 {
        for call in seen.iter().rev() {
            assert_eq!(system.deliver(call).await, StatusCode::ACCEPTED);
        }
    }

    let number = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 1);
    let fault = text(&system.hands.job(&number).await, "FaultDesc");
    assert!(
        fault.starts_with("The server room is cool again\n"),
        "{fault}"
    );
    system.agrees().await;

    for call in &seen {
        assert_eq!(system.deliver(call).await, StatusCode::ACCEPTED);
    }
    system.quiet().await;
    assert_eq!(
        system.hands.jobs_of(&ticket).await.len(),
        1,
        "nor a day later"
    );
}
