//! Every role a process of its own.

use std::time::Duration;

use sandbox::autotask;
use serde_json::json;

use crate::system::{LATER, Site, System};

/// Of the three calls at once that Autotask allows an endpoint, one is other people's.
const OURS_AT_ONCE: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn roles_apart_work_like_one_and_never_crowd_autotask() {
    let site = Site {
        autotask: autotask::Options {
            answer_delay: Duration::from_millis(20),
            ..Site::default().autotask
        },
        ..Site::default()
    };
    let system = System::connected(site).await;
    for (role, name) in [
        (&["ingress"][..], "ingress"),
        (&["worker", "ticket"], "worker-ticket-1"),
        (&["worker", "ticket"], "worker-ticket-2"),
        (&["worker", "company"], "worker-company"),
        (&["worker", "contact"], "worker-contact"),
        (&["reconciler"], "reconciler"),
    ] {
        system.serve_role(role, name).await;
    }
    system.settle().await;

    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..20 {
        let set = json!({"companyID": company, "title": format!("Call {number}")});
        let ticket = system.hands.raise_with(set).await;
        let set = json!({
            "ticketID": ticket.id, "title": "News", "description": "Somebody is on the way.", "noteType": 1, "publish": 1,
        });
        system.hands.create_in_autotask("TicketNotes", set).await;
        tickets.push(ticket);
    }
    for ticket in &tickets {
        let job = system.hands.job_of(ticket, LATER).await;
        let set = json!({"status": "Proceed"});
        system.hands.edit_in_jim2("Job", &job, set).await;
    }
    system.quiet().await;
    system.agrees().await;

    let stats = system.hands.autotask.stats().await.unwrap();
    let most = stats["maxConcurrent"].as_object().unwrap();
    assert!(most.contains_key("Tickets"), "{most:?}");
    for (endpoint, most) in most {
        assert!(
            most.as_u64().unwrap() <= OURS_AT_ONCE,
            "{most} calls at once to {endpoint}"
        );
    }
    let codes = system.terminate().await;
    assert!(codes.iter().all(|code| *code == Some(0)), "{codes:?}");
}
