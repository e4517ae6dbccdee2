//! Sweeps against both stand-ins, a real broker and a real database.

mod absence;
mod contents;
pub(crate) mod stage;
mod trouble;

use chrono::TimeDelta;
use domain::System;
use sandbox::{autotask::Options, provider::Size};
use serde_json::json;
use sqlx::PgPool;

use self::stage::Stage;
use super::*;

/// Where in the stage's trails each is.
const TICKETS: usize = 0;
const DELETIONS: usize = 1;
const ACTIVITY_DELETIONS: usize = 2;
const JOBS: usize = 3;
const CONTACTS: usize = 4;
const NOTES: usize = 5;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_told_of_is_found_and_told_once(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let told = Mutex::default();
    let tickets = stage.tickets().await;
    let nothing = stage.remembering(TICKETS, &told).await.unwrap();
    assert_eq!(nothing.found, 0, "what was there before is not news");

    stage.wait(10).await;
    stage.retitle(tickets[3], "Changed").await;
    stage.note(tickets[5]).await;
    stage.wait(10).await;
    let found = stage.remembering(TICKETS, &told).await.unwrap();
    assert_eq!(found.found, 2, "a note moves its ticket's activity");
    let mut expected = [tickets[3], tickets[5]].map(|id| id.to_string());
    expected.sort_unstable();
    let mut ids = stage.told(2).await;
    ids.sort_unstable();
    assert_eq!(ids, expected);
    let row = stage.row(TICKETS).await.unwrap();
    assert_eq!(row.complete_to, Some(stage.now()));
    // The stamps' own time, less the moment that the pass took.
    let stamped = stage.now() - TimeDelta::minutes(10);
    let behind = stamped - row.watermark.unwrap();
    assert!((0..60).contains(&behind.num_seconds()), "{row:?}");

    for _ in 0..3 {
        stage.wait(5).await;
        let again = stage.remembering(TICKETS, &told).await.unwrap();
        assert_eq!(again.found, 0, "the overlap is not told again");
    }
    let restarted = stage.pass(TICKETS).await.unwrap();
    assert_eq!(restarted.found, 2, "but by a process that knows of nothing");
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn with_nothing_changed_a_pass_costs_one_call(pool: PgPool) {
    let stage = Stage::open(pool).await;
    for trail in [
        TICKETS,
        DELETIONS,
        ACTIVITY_DELETIONS,
        JOBS,
        CONTACTS,
        NOTES,
    ] {
        // The first call to Jim2 fetches a token.
        stage.pass(trail).await.unwrap();
        let screen = match stage.trailed(trail).trail.on() {
            System::Autotask => &stage.autotask,
            System::Jim2 => &stage.jim2,
        };
        let before = stage.calls(screen).await;
        stage.wait(5).await;
        let passed = stage.pass(trail).await.unwrap();
        assert_eq!(passed.found, 0, "{trail}");
        assert_eq!(stage.calls(screen).await - before, 1, "{trail}");
    }
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_empty_tenant_is_swept_and_complete(pool: PgPool) {
    let empty = Size {
        companies: 1,
        contacts: 0,
        tickets: 0,
        technicians: 1,
        work: None,
    };
    let stage = Stage::with(pool, &empty, Options::default()).await;
    for trail in [TICKETS, DELETIONS, JOBS] {
        assert_eq!(stage.pass(trail).await.unwrap().found, 0, "{trail}");
        let row = stage.row(trail).await.unwrap();
        assert_eq!(row.complete_to, Some(stage.now()), "{trail}");
    }
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn pages_that_are_full_to_the_last_row_lose_and_repeat_nothing(pool: PgPool) {
    let mut stage = Stage::open(pool).await;
    stage.sweeps.pacing.page_rows = 3;
    let tickets = stage.tickets().await;
    for (changed, calls) in [(2, 1), (3, 2), (4, 2), (6, 3)] {
        stage.wait(120).await;
        stage.pass(TICKETS).await.unwrap();
        for ticket in &tickets[..changed] {
            stage.retitle(*ticket, &format!("Changed {changed}")).await;
        }
        let before = stage.calls(&stage.autotask).await;
        stage.wait(5).await;
        // What the window held before is its own.
        let passed = stage.pass(TICKETS).await.unwrap();
        assert_eq!(passed.found, i64::try_from(changed).unwrap());
        assert_eq!(stage.calls(&stage.autotask).await - before, calls);
        stage.told(changed).await;
        stage.site.upkeep.broker.ping().await.unwrap();
    }
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_row_changed_behind_the_page_is_found_by_the_next_pass(pool: PgPool) {
    let (stage, tickets) = Stage::halfway(pool).await;
    let told = Mutex::default();
    let behind = async {
        // The second page waits for room.
        broker::testing::eventually(async || stage.waiting().await == 2).await;
        stage.wait(30).await;
        stage.retitle(tickets[0], "Changed behind").await;
        // Taken, so that there is room.
        stage.told(4).await
    };
    let (passed, ids) = tokio::join!(stage.remembering(TICKETS, &told), behind);
    assert_eq!((passed.unwrap().found, ids.len()), (4, 4));
    stage.wait(20).await;
    stage.remembering(TICKETS, &told).await.unwrap();
    assert_eq!(stage.told(1).await, [tickets[0].to_string()]);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_stamp_that_is_earlier_than_one_seen_before_is_found(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    stage.wait(60).await;
    stage.retitle(tickets[1], "First seen").await;
    stage.pass(TICKETS).await.unwrap();
    // Committed late, with the time at which it was begun.
    let now = stage.now();
    stage.theirs_is(now - TimeDelta::minutes(9)).await;
    stage.retitle(tickets[0], "Begun before").await;
    stage.is(now + TimeDelta::minutes(1)).await;
    assert_eq!(stage.pass(TICKETS).await.unwrap().found, 2);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn deletions_have_their_ticket_looked_at(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    for trail in [DELETIONS, ACTIVITY_DELETIONS] {
        stage.pass(trail).await.unwrap();
    }
    stage.wait(10).await;
    for _ in 0..2 {
        let note = stage.note(tickets[2]).await;
        stage.delete("TicketNotes", note).await;
    }
    stage.delete("Tickets", tickets[4]).await;
    stage.wait(10).await;
    assert_eq!(stage.pass(DELETIONS).await.unwrap().found, 1);
    let events = stage.site.events(1).await;
    assert_eq!(events[0].key.id.as_str(), tickets[4].to_string());
    assert!(events[0].floor.is_none(), "no read of it could be so fresh");
    assert_eq!(stage.pass(ACTIVITY_DELETIONS).await.unwrap().found, 1);
    assert_eq!(stage.told(1).await, [tickets[2].to_string()]);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_note_that_is_edited_is_found_also_where_its_ticket_does_not_show_it(pool: PgPool) {
    for note_edits_move_tickets in [true, false] {
        let options = Options {
            note_edits_move_tickets,
            ..Options::default()
        };
        let stage = Stage::with(pool.clone(), &Size::small(), options).await;
        let ticket = stage.tickets().await[2];
        let note = stage.note(ticket).await;
        stage.wait(600).await;
        let news = json!({"description": "Called back again"});
        stage.edit("TicketNotes", &note, news).await;
        let since = stage.now();
        stage.wait(5).await;
        let came = stage
            .sweeps
            .sweep_now(None, Asked::Since(since))
            .await
            .unwrap();
        let found: Vec<String> = came
            .iter()
            .filter(|(_, came)| matches!(came, Came::Done(passed) if passed.found > 0))
            .map(|(of, _)| words(of))
            .collect();
        let by_activity: &[&str] = if note_edits_move_tickets {
            &["ticket in Autotask"]
        } else {
            &[]
        };
        assert_eq!(
            found,
            [by_activity, &["ticket (notes) in Autotask"]].concat()
        );
        let ids = stage.told(found.len()).await;
        assert!(ids.iter().all(|id| *id == ticket.to_string()), "{ids:?}");
        stage.site.stop().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn jobs_and_the_people_on_cards_are_found_with_and_without_named_queries(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let first = async |entity: &str| {
        let records = stage.jim2.records(entity, None).await.unwrap();
        records[0]["id"].clone()
    };
    let (job, person) = (first("Job").await, first("CardFileContact").await);
    for trail in [JOBS, CONTACTS] {
        stage.pass(trail).await.unwrap();
    }
    stage.wait(30).await;
    stage
        .edit_in_jim2("Job", &job, json!({"custRef": "PO 1"}))
        .await;
    let title = json!({"jobTitle": "Boss"});
    stage.edit_in_jim2("CardFileContact", &person, title).await;
    stage.wait(5).await;
    assert_eq!(stage.pass(JOBS).await.unwrap().found, 1);
    assert_eq!(stage.told(1).await, [job.to_string()]);
    let found = stage.pass(CONTACTS).await.unwrap().found;
    let ids = stage.told(usize::try_from(found).unwrap()).await;
    let person = person.as_str().unwrap().to_owned();
    assert!(ids.contains(&person), "{ids:?}");
    // Its time is not told: what the overlap holds is told once more.
    stage.wait(5).await;
    assert_eq!(stage.pass(JOBS).await.unwrap().found, 1);
    stage.wait(30).await;
    stage.pass(JOBS).await.unwrap();
    assert_eq!(stage.pass(JOBS).await.unwrap().found, 0);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_person_may_name_an_earlier_time_and_a_later_one_moves_nothing(pool: PgPool) {
    let stage = Stage::open(pool).await;
    let tickets = stage.tickets().await;
    stage.pass(TICKETS).await.unwrap();
    stage.retitle(tickets[0], "Long ago").await;
    stage.wait(300).await;
    stage.retitle(tickets[1], "Just now").await;
    stage.pass(TICKETS).await.unwrap();
    stage.told(2).await;

    let kind = crate::upkeep::testing::TICKET;
    let swept = async |minutes: i64| {
        let since = stage.now() - TimeDelta::minutes(minutes);
        let came = stage
            .sweeps
            .sweep_now(Some(&kind), Asked::Since(since))
            .await;
        match came.unwrap().remove(0).1 {
            Came::Done(passed) => passed.found,
            came @ (Came::Busy | Came::Nothing(_)) => panic!("{came:?}"),
        }
    };
    assert_eq!(swept(301).await, 2);
    stage.wait(60).await;
    stage.retitle(tickets[2], "Later").await;
    stage.wait(60).await;
    let done = stage.row(TICKETS).await.unwrap();
    assert_eq!(swept(1).await, 0);
    let after = stage.row(TICKETS).await.unwrap();
    let stands = |row: &sweep::Sweep| (row.watermark, row.complete_to);
    assert_eq!(stands(&after), stands(&done), "an hour was left out");
    assert_eq!(stage.pass(TICKETS).await.unwrap().found, 2);
    let other = Kind::new("invoice");
    let none = stage
        .sweeps
        .sweep_now(Some(&other), Asked::News)
        .await
        .unwrap();
    assert!(none.is_empty());
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rows_without_a_time_are_found_by_their_id_and_open_ones_every_time(pool: PgPool) {
    let mut stage = Stage::open(pool).await;
    // As if companies told no time: new ones by id, and those that may still change in full.
    let columns = autotask::Trail {
        new_by_id: true,
        open: Some(("isTaxExempt", true)),
        ..autotask::Trail::stamped("Companies", "company", &[])
    };
    stage.sweeps.trails[TICKETS].trail.shows = sync::Shows::Autotask(columns);
    let companies = stage.autotask.records("Companies", None).await.unwrap();
    assert_eq!(
        companies[0]["id"], 0,
        "the provider is no new row of anybody's"
    );
    let told = Mutex::default();
    let first = stage.remembering(TICKETS, &told).await.unwrap();
    assert_eq!(first.found, i64::try_from(companies.len() - 1).unwrap());
    assert_eq!(stage.remembering(TICKETS, &told).await.unwrap().found, 0);

    let exempt = json!({"isTaxExempt": true});
    stage.edit("Companies", &companies[1]["id"], exempt).await;
    let new = json!({"companyName": "New Pty Ltd", "companyType": 1, "phone": "02 5550 1234", "ownerResourceID": 29_682_885});
    let new = stage.create("Companies", new).await;
    stage.told(companies.len() - 1).await;
    for expected in [vec![&companies[1]["id"], &new], vec![&companies[1]["id"]]] {
        let found = stage.remembering(TICKETS, &told).await.unwrap().found;
        assert_eq!(found, i64::try_from(expected.len()).unwrap());
        let ids = stage.told(expected.len()).await;
        let all = expected.iter().all(|id| ids.contains(&id.to_string()));
        assert!(all, "{ids:?}");
    }
    stage.site.stop().await;
}
