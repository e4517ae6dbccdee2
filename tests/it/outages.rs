//! What Crossbill stands on goes away and comes back.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use crate::system::{LATER, SOON, Site, System, Ticket, eventually, meanwhile, only_if, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_while_rabbitmq_is_away_is_taken_and_applied_later() {
    let system = System::start(Site::default()).await;
    system.rabbitmq.cut();
    system.doorway.calls();
    system.doorway.hold();
    let ticket = system.hands.raise("While the broker was away").await;
    let mut calls = Vec::new();
    eventually(SOON, "the webhook has come", async || {
        calls.extend(system.doorway.calls());
        only_if(calls.len() == 1, calls.len())
    })
    .await;
    system.doorway.open();

    assert_eq!(system.deliver(&calls[0]).await, StatusCode::ACCEPTED);
    let spilled = system.database.count("select count(*) from spill").await;
    assert_eq!(spilled, 1, "it is kept in Postgres");
    assert!(system.hands.jobs_of(&ticket).await.is_empty());

    system.rabbitmq.restore();
    system.hands.job_of(&ticket, LATER).await;
    system.quiet().await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_cut_in_the_middle_of_a_burst_changes_nothing_in_the_end() {
    let system = System::start(Site::default()).await;
    let tickets = a_cut_burst(&system).await;
    for ticket in &tickets {
        system.hands.job_of(ticket, LATER).await;
    }
    system.quiet().await;
    for ticket in &tickets {
        assert_eq!(
            system.hands.jobs_of(ticket).await.len(),
            1,
            "{}",
            ticket.number
        );
    }
    system.agrees().await;
}

/// Twenty tickets; Postgres is cut for a second after the first has its job, and once more.
async fn a_cut_burst(system: &System) -> Vec<Ticket> {
    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..20 {
        let set = json!({"companyID": company, "title": format!("Call {number}")});
        tickets.push(system.hands.raise_with(set).await);
        if number % 8 == 4 {
            eventually(SOON, "a ticket has its job", async || {
                let jobs = system.hands.jobs_of(&tickets[number - 4]).await;
                only_if(!jobs.is_empty(), "it has none")
            })
            .await;
            system.postgres.cut();
            let what = "crossbill lives without Postgres";
            meanwhile(Duration::from_secs(1), what, async || system.lives()).await;
            system.postgres.restore();
        }
    }
    tickets
}

#[tokio::test(flavor = "multi_thread")]
async fn what_jim2s_people_do_while_postgres_is_away_is_read_afterwards() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("Backups have stopped").await;
    let number = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;

    system.postgres.cut();
    let set = json!({"status": "Proceed"});
    system.hands.edit_in_jim2("Job", &number, set).await;
    system.postgres.restore();

    eventually(LATER, "the ticket is in progress", async || {
        let status = text(&system.hands.ticket(ticket.id).await, "status");
        only_if(status == "8", status)
    })
    .await;
    system.quiet().await;
    system.agrees().await;
}
