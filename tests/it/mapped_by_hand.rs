//! A site whose Jim2 has no named queries: its lists are not told, and what values stand for is said by hand.

use sandbox::jim2;
use serde_json::json;

use crate::system::{LATER, Site, System, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_becomes_a_job_where_jim2_does_not_tell_its_lists() {
    let site = Site {
        jim2: jim2::Options {
            named_queries: false,
            ..Site::default().jim2
        },
        ..Site::default()
    };
    let system = System::connected(site).await;
    let told = system.crossbill(&["lookups", "list", "status"]).await;
    assert!(told.contains("nothing yet"), "{told}");

    for arguments in [
        &["status", "autotask", "New", "Booked"][..],
        &["priority", "autotask", "Medium", "Normal"],
        &["type", "autotask", "Incident", "Incident"],
        &["issueType", "autotask", "10", "SERVICE"],
    ] {
        let said = system
            .crossbill(&[&["lookups", "set"], arguments].concat())
            .await;
        assert!(said.contains("could not be checked"), "{said}");
    }
    let misspelt = [
        "lookups",
        "set",
        "status",
        "autotask",
        "In Progres",
        "Booked",
    ];
    let refused = system.try_crossbill(&misspelt).await;
    assert!(
        refused.stderr.contains("did you mean In Progress?"),
        "Autotask told its list: {}",
        refused.stderr
    );

    system.serve().await;
    let (company, _) = system.hands.customer().await;
    let ticket = system
        .hands
        .raise_with(json!({
            "companyID": company, "title": "Mapped by hand", "status": 1, "priority": 2, "ticketType": 2,
        }))
        .await;
    let job = system.hands.job_of(&ticket, LATER).await;
    let job = system.hands.job(&job).await;
    assert_eq!(text(&job, "Status"), "Booked");
    assert_eq!(text(&job, "ItemCode"), "SERVICE");
}
