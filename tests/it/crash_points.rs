//! The process ends between any two steps of the engine, and is started again. Only test builds have such points.

use serde_json::json;
use sync::Point;

use crate::system::{LATER, Site, System, Ticket};

/// Met by whoever finds that somebody before may have made a job.
const IN_RECOVERY: [Point; 2] = [Point::BeforeLookUp, Point::AfterLookUp];

#[tokio::test(flavor = "multi_thread")]
async fn a_death_between_any_two_steps_loses_nothing_and_makes_nothing_twice() {
    let system = System::start(Site::default()).await;
    system.kill();
    let mut tickets = Vec::new();
    for point in Point::ALL {
        if IN_RECOVERY.contains(&point) {
            // Leaves an intent that nobody knows the end of.
            die_at(&system, Point::AfterWrite, &mut tickets).await;
        }
        die_at(&system, point, &mut tickets).await;
    }
    system.serve().await;
    for ticket in &tickets {
        system.hands.job_of(ticket, LATER).await;
    }
    system.quiet().await;
    for ticket in &tickets {
        let jobs = system.hands.jobs_of(ticket).await;
        assert_eq!(jobs.len(), 1, "{}", ticket.number);
        let job = system.hands.job_of(ticket, LATER).await;
        assert_eq!(
            system.hands.comments(&job).await.len(),
            1,
            "{}",
            ticket.number
        );
    }
    system.agrees().await;
}

/// Somebody raises a ticket, and Crossbill comes as far as this.
async fn die_at(system: &System, point: Point, tickets: &mut Vec<Ticket>) {
    let ticket = system
        .hands
        .raise(&format!("Until {}", point.as_str()))
        .await;
    let set = json!({
        "ticketID": ticket.id, "title": "News", "description": "Somebody is on the way.", "noteType": 1, "publish": 1,
    });
    system.hands.create_in_autotask("TicketNotes", set).await;
    tickets.push(ticket);
    system.dies_at(point).await;
    system.kill();
}
