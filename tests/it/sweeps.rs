//! What nobody tells of is found by the next sweep.

use std::collections::BTreeMap;

use sandbox::fault::switch::Switch;
use serde_json::json;

use crate::system::{LATER, SOON, Site, System, eventually, only_if, text};

/// How often is swept in these tests, in seconds.
const OFTEN: &str = "ticket_autotask=3s, company_autotask=3s, contact_autotask=3s, ticket_notes_autotask=off, ticket_deletions_autotask=off, \
     ticket_activity_deletions_autotask=off, ticket_jim2=off, company_jim2=off, contact_jim2=off";
/// The same with tickets alone.
const TICKETS: &str = "ticket_autotask=3s, company_autotask=off, contact_autotask=off, ticket_notes_autotask=off, ticket_deletions_autotask=off, \
     ticket_activity_deletions_autotask=off, ticket_jim2=off, company_jim2=off, contact_jim2=off";

/// Nothing is swept that shows a change of a ticket.
const OFF: &str = "ticket_autotask=off, company_autotask=off, contact_autotask=off, ticket_notes_autotask=off, ticket_deletions_autotask=off, \
     ticket_activity_deletions_autotask=off, ticket_jim2=off, company_jim2=off, contact_jim2=off";

/// A site that is connected, running and equal, and is swept like this.
async fn swept(how: &str) -> System {
    let system = System::connected(Site::default()).await;
    system.serve_with(&[("CROSSBILL_SWEEP", how)]).await;
    system.settle().await;
    system
}

/// How often each endpoint of Autotask was called about tickets.
async fn calls(system: &System) -> u64 {
    let stats = system.hands.autotask.stats().await.unwrap();
    let by_endpoint: BTreeMap<String, u64> =
        serde_json::from_value(stats["calls"]["byEndpoint"].clone()).unwrap();
    let tickets = by_endpoint
        .iter()
        .filter(|(endpoint, _)| endpoint.contains("Ticket"));
    tickets.map(|(_, calls)| calls).sum()
}

/// Waits until the next pass over tickets is done; when it was, to the microsecond.
async fn next_pass(system: &System) -> i64 {
    const DONE: &str = "select coalesce((extract(epoch from last_finished) * 1000000)::bigint, 0) from sweep \
                        where kind = 'ticket' and system = 'autotask' and trail = ''";
    let before = system.database.count(DONE).await;
    eventually(SOON, "a pass is done", async || {
        let now = system.database.count(DONE).await;
        only_if(now > before, "none").map(|()| now)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_every_webhook_was_lost_of_is_found_by_the_next_sweep() {
    let system = swept(OFTEN).await;
    let lost = Switch::on("lost-webhook");
    system.hands.autotask.switch(&lost).await.unwrap();

    let ticket = system.hands.raise("Nobody was told").await;
    let job = system.hands.job_of(&ticket, LATER).await;
    let set = json!({
        "ticketID": ticket.id, "title": "News", "description": "Somebody is on the way.", "noteType": 1, "publish": 1,
    });
    system.hands.create_in_autotask("TicketNotes", set).await;
    eventually(LATER, "the note is on the job", async || {
        let comments = system.hands.comments(&job).await;
        only_if(comments.len() == 1, format!("{} comments", comments.len()))
    })
    .await;
    let set = json!({"purchaseOrderNumber": "PO 4711"});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    eventually(LATER, "the order is on the job", async || {
        let order = text(&system.hands.job(&job).await, "CustRef");
        only_if(order == "PO 4711", order)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 1);

    let status = system.crossbill(&["status"]).await;
    assert!(status.contains("COMPLETE UP TO"), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_with_nothing_to_find_costs_one_call() {
    let system = swept(TICKETS).await;
    system.hands.raise("Told and swept").await;
    system.quiet().await;
    // What the overlap holds is told once, and then no more.
    for _ in 0..2 {
        next_pass(&system).await;
        system.quiet().await;
    }
    next_pass(&system).await;
    let before = calls(&system).await;
    for _ in 0..3 {
        next_pass(&system).await;
    }
    assert_eq!(calls(&system).await - before, 3);
    let swept = system.crossbill(&["sweep", "ticket"]).await;
    assert!(swept.contains("ticket in Autotask: "), "{swept}");
    assert!(
        swept.contains("ticket (deletions) in Autotask: 0 "),
        "{swept}"
    );
    assert!(swept.contains("ticket in Jim2: "), "{swept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_webhooks_that_are_lost_at_random_none_is_missed() {
    let system = swept(OFTEN).await;
    let lost = Switch {
        rate: Some(0.1),
        ..Switch::on("lost-webhook")
    };
    system.hands.autotask.switch(&lost).await.unwrap();
    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..40 {
        let set = json!({"companyID": company, "title": format!("Call {number}")});
        let ticket = system.hands.raise_with(set).await;
        let set = json!({"purchaseOrderNumber": format!("PO {number}")});
        system
            .hands
            .edit_in_autotask("Tickets", ticket.id, set)
            .await;
        tickets.push(ticket);
    }
    for ticket in &tickets {
        system.hands.job_of(ticket, LATER).await;
    }
    // Whatever was lost last is read by a pass that begins after it.
    for _ in 0..2 {
        next_pass(&system).await;
    }
    system.quiet().await;
    system.agrees().await;
    let faults = system.hands.autotask.faults().await.unwrap();
    let faults = faults.as_array().unwrap();
    let fault = faults.iter().find(|fault| fault["name"] == "lost-webhook");
    assert!(fault.unwrap()["struck"].as_u64().unwrap() > 0, "{fault:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_tells_of_and_no_sweep_looks_for_is_found_by_a_full_one() {
    let system = swept(OFF).await;
    let ticket = system.hands.raise("Nobody tells of its order").await;
    let job = system.hands.job_of(&ticket, LATER).await;
    system.quiet().await;
    let lost = Switch::on("lost-webhook");
    system.hands.autotask.switch(&lost).await.unwrap();
    let set = json!({"purchaseOrderNumber": "PO 4711"});
    let hands = &system.hands;
    hands.edit_in_autotask("Tickets", ticket.id, set).await;
    let said = system.crossbill(&["sweep", "ticket", "--full"]).await;
    for part in [
        "ticket (contents) in Autotask: ",
        ", 1 are looked at",
        " pairs, 1 calls to Autotask",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    eventually(LATER, "the order is on the job", async || {
        let order = text(&hands.job(&job).await, "CustRef");
        only_if(order == "PO 4711", order)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
    let again = system.crossbill(&["sweep", "ticket", "--full"]).await;
    assert!(!again.contains(", 1 are looked at"), "{again}");
    system.terminate().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_ingress_is_found_out_swept_by_itself_and_told_to_the_event() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("Before anybody was away").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;

    system.kill();
    let lost = Switch::on("lost-webhook");
    system.hands.autotask.switch(&lost).await.unwrap();
    for order in ["PO 1", "PO 2", "PO 3"] {
        let set = json!({"purchaseOrderNumber": order});
        system
            .hands
            .edit_in_autotask("Tickets", ticket.id, set)
            .await;
    }
    let told = Switch {
        on: false,
        ..Switch::on("lost-webhook")
    };
    system.hands.autotask.switch(&told).await.unwrap();
    let virtual_minutes = "update heartbeat set beat_at = beat_at - interval '40 minutes'";
    system.database.execute(virtual_minutes).await;
    system.serve().await;
    eventually(LATER, "the last order is on the job", async || {
        let order = text(&system.hands.job(&job).await, "CustRef");
        only_if(order == "PO 3", order)
    })
    .await;

    // The number of the next call tells how many never came.
    system.hands.raise("After everybody was back").await;
    eventually(SOON, "three calls are missing", async || {
        let missing = system
            .database
            .count("select count(*) from webhook_missing");
        only_if(missing.await == 3, "fewer")
    })
    .await;
    let overdue = "update webhook_missing set since = now() - interval '11 minutes'";
    system.database.execute(overdue).await;
    eventually(LATER, "both are in the ledger, and complete", async || {
        let gaps = system.crossbill(&["gaps"]).await;
        let is_complete = |reason: &str| {
            let mut gaps = gaps.lines().filter(|gap| gap.contains(reason));
            gaps.any(|gap| gap.contains("ticket in Autotask") && gap.ends_with("; complete"))
        };
        let all = is_complete("ingress was away") && is_complete("never came; 3 calls missed");
        only_if(all, gaps)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}
