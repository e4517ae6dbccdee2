//! Webhooks that come more than once, late, or in the wrong order, or not at all.

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

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_somebody_switched_off_is_mended_and_what_it_missed_is_found() {
    // Without the reconciler, whose guardian would mend it within half a minute.
    let system = System::connected(Site::default()).await;
    system.serve_role(&["ingress"], "ingress").await;
    system.serve_role(&["worker"], "worker").await;
    system.settle().await;
    system.doorway.calls();
    let ticket = system.hands.raise("Told").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;
    let signed_before = system.doorway.calls().remove(0);

    let id = "select autotask_id from webhook where name = 'crossbill-ticket'";
    let id = system.database.count(id).await;
    let off = json!({"isActive": false});
    system
        .hands
        .edit_in_autotask("TicketWebhooks", id, off)
        .await;
    let title = json!({"title": "Nobody told"});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, title)
        .await;
    let checked = system.try_crossbill(&["webhooks", "check"]).await;
    assert_eq!(checked.code, Some(1), "{}", checked.stdout);
    let says = "crossbill-ticket: was switched off (not mended)";
    assert!(checked.stdout.contains(says), "{}", checked.stdout);
    let repaired = system.crossbill(&["webhooks", "repair"]).await;
    assert!(
        repaired.contains("crossbill-ticket: was switched off (mended)"),
        "{repaired}"
    );
    system.crossbill(&["webhooks", "check"]).await;

    system.crossbill(&["sweep", "ticket"]).await;
    eventually(SOON, "the job says what nobody told", async || {
        let fault = text(&system.hands.job(&job).await, "FaultDesc");
        only_if(fault.starts_with("Nobody told"), fault)
    })
    .await;
    let gaps = system.crossbill(&["gaps"]).await;
    let says = "ticket in Autotask: Autotask did not call the webhook crossbill-ticket";
    assert!(gaps.contains(says) && gaps.contains("complete"), "{gaps}");

    let rotated = system.crossbill(&["webhooks", "rotate"]).await;
    assert!(
        rotated.contains("crossbill-ticket: as it should be; it signs with another secret"),
        "{rotated}"
    );
    let late = system.deliver(&signed_before).await;
    assert_eq!(late, StatusCode::ACCEPTED, "what was on its way is taken");
    let next = system.hands.raise("Signed anew").await;
    system.hands.job_of(&next, SOON).await;
    system.agrees().await;
}
