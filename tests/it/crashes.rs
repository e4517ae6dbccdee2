//! Crossbill or its broker end without any warning.

use serde_json::json;

use crate::system::{LATER, SOON, Site, System, Ticket, eventually, only_if, udf};

const JOB_CREATE: &str = "POST /jim2/api/v1/jobcreate ";

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_and_a_restart_of_the_broker_in_a_burst_change_nothing_in_the_end() {
    let site = Site {
        has_own_rabbitmq: true,
        ..Site::default()
    };
    let system = System::start(site).await;
    let mut early = Vec::new();
    for number in 0..5 {
        early.push(
            system
                .hands
                .raise(&format!("Before the storm {number}"))
                .await,
        );
    }
    // Nothing completes a ticket unless somebody says so.
    system
        .crossbill(&["lookups", "set", "status", "jim2", "Checked", "Complete"])
        .await;
    let mut jobs = Vec::new();
    for ticket in &early {
        jobs.push(system.hands.job_of(ticket, SOON).await);
    }

    let mut tickets = raise(&system, "During the first storm", 15).await;
    work_on(&system, &early, &jobs, "Proceed").await;
    eventually(SOON, "the burst is under way", async || {
        let jobs = system.hands.jobs_of(&tickets[0]).await;
        only_if(!jobs.is_empty(), "its first ticket has no job")
    })
    .await;
    system.kill();
    system.serve().await;

    tickets.extend(raise(&system, "During the second storm", 15).await);
    work_on(&system, &early, &jobs, "Checked").await;
    system.rabbit.own().restart();

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
    for (ticket, job) in early.iter().zip(&jobs) {
        let status = &system.hands.ticket(ticket.id).await["status"];
        assert_eq!(*status, 5, "{}", ticket.number);
        // One of the desk's for the customer, one of the technician's, on both sides.
        assert_eq!(
            system.hands.notes(ticket).await.len(),
            4,
            "{}",
            ticket.number
        );
        assert_eq!(
            system.hands.comments(job).await.len(),
            4,
            "{}",
            ticket.number
        );
    }
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_making_a_job_and_remembering_it_makes_no_second_one() {
    let system = System::start(Site::default()).await;
    system.jim2.keep_back_answers_to(JOB_CREATE);
    let ticket = system
        .hands
        .raise("The job is made, and nobody knows")
        .await;
    eventually(SOON, "the job is made", async || {
        let jobs = system.hands.jobs_of(&ticket).await;
        only_if(jobs.len() == 1, jobs.len())
    })
    .await;
    system.kill();
    system.jim2.answer_again();
    let named = udf(&system.hands.ticket(ticket.id).await, "Jim2 Job#");
    assert_eq!(named, "", "nobody had told the ticket");
    system.serve().await;

    system.hands.job_of(&ticket, LATER).await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 1);
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_job_was_made_makes_no_second_one() {
    let system = System::start(Site::default()).await;
    system.hands.jim2.fault("lost-answer", 1).await.unwrap();
    let ticket = system.hands.raise("The answer got lost").await;
    system.hands.job_of(&ticket, LATER).await;
    system.quiet().await;
    assert_eq!(system.hands.jobs_of(&ticket).await.len(), 1);
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_a_note_was_made_makes_no_second_one() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("Somebody comments on this").await;
    let job = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;
    system.hands.autotask.fault("lost-answer", 1).await.unwrap();
    comment(&system, &job, "Twice would be once too often.").await;
    eventually(LATER, "the note is there", async || {
        let notes = system.hands.notes(&ticket).await;
        only_if(notes.len() == 1, notes.len())
    })
    .await;
    system.quiet().await;
    assert_eq!(system.hands.notes(&ticket).await.len(), 1);
    system.agrees().await;
}

async fn raise(system: &System, title: &str, count: usize) -> Vec<Ticket> {
    let (company, _) = system.hands.customer().await;
    let mut tickets = Vec::new();
    for number in 0..count {
        let set = json!({"companyID": company, "title": format!("{title}, {number}")});
        tickets.push(system.hands.raise_with(set).await);
    }
    tickets
}

/// People of both sides work on pairs at the same time.
async fn work_on(system: &System, tickets: &[Ticket], jobs: &[String], status: &str) {
    for (ticket, job) in tickets.iter().zip(jobs) {
        let set = json!({"purchaseOrderNumber": format!("PO {status} {job}")});
        system
            .hands
            .edit_in_autotask("Tickets", ticket.id, set)
            .await;
        let set = json!({"status": status});
        system.hands.edit_in_jim2("Job", job, set).await;
        comment(system, job, &format!("It is {status} now.")).await;
        let set = json!({
            "ticketID": ticket.id, "title": "News", "description": format!("We set it to {status}."),
            "noteType": 1, "publish": 1,
        });
        system.hands.create_in_autotask("TicketNotes", set).await;
    }
}

async fn comment(system: &System, job: &str, words: &str) {
    let set = json!({"jobNo": job.parse::<i64>().unwrap(), "comment": words});
    system.hands.create_in_jim2("JobComment", set).await;
}
