//! What is paired and not told any more.

use autotask::Presence;
use store::{absence, guard};
use sync::{Absence, Asks, Shows};

use super::*;
use crate::upkeep::testing::TICKET;

const TICKETS_THERE: Asks = Asks::Autotask(Presence::by_id("Tickets", "ticket"));
const JOBS_THERE: Asks = Asks::Jim2(jim2::Presence::Jobs);
const CARDS_THERE: Asks = Asks::Jim2(jim2::Presence::CardFiles);
const STOCK_THERE: Asks = Asks::Jim2(jim2::Presence::Stock);

impl Stage {
    /// A site that asks after these, in trails after those of all tests: where in them.
    async fn asking(pool: PgPool, asks: Asks) -> (Self, usize) {
        let mut stage = Self::open(pool).await;
        let trailed = Trailed {
            trail: Trail::absent("tickets", 1, asks),
            ..stage.trailed(TICKETS).clone()
        };
        stage.sweeps.trails.push(trailed);
        let last = stage.sweeps.trails.len() - 1;
        (stage, last)
    }

    /// Pairs of the past, of these records of each side.
    async fn paired(&self, ids: impl IntoIterator<Item = (String, String)>) {
        let (autotask, jim2): (Vec<String>, Vec<String>) = ids.into_iter().unzip();
        sqlx::query(
            "insert into pair (id, kind, autotask_id, jim2_id, state, created_at)
             select gen_random_uuid(), 'ticket', a, j, 'paired', now() - interval '1 hour'
             from unnest($1::text[], $2::text[]) as t (a, j)",
        )
        .bind(autotask)
        .bind(jim2)
        .execute(&self.site.pool)
        .await
        .unwrap();
    }

    /// Pairs of these tickets.
    async fn paired_tickets(&self, tickets: &[i64]) {
        let pair = |id: &i64| (id.to_string(), format!("J{id}"));
        self.paired(tickets.iter().map(pair)).await;
    }

    /// Pairs of these numbers of Jim2.
    async fn paired_jobs(&self, numbers: &[i64]) {
        let pair = |id: &i64| (format!("A{id}"), id.to_string());
        self.paired(numbers.iter().map(pair)).await;
    }

    async fn numbers(&self, entity: &str) -> Vec<i64> {
        let records = self.jim2.records(entity, None).await.unwrap();
        let number = |record: &serde_json::Value| record["id"].as_i64().unwrap();
        records.iter().map(number).collect()
    }

    async fn step_of(&self, trail: usize) {
        let told = Mutex::default();
        self.sweeps.step(self.trailed(trail), &told).await.unwrap();
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_nobody_said_was_deleted_is_looked_at_once_and_what_is_there_is_not(pool: PgPool) {
    let (stage, absent) = Stage::asking(pool, TICKETS_THERE).await;
    let tickets = stage.tickets().await;
    stage.paired_tickets(&tickets[..9]).await;
    stage.delete("Tickets", tickets[4]).await;
    // Not paired: nobody's business.
    stage.delete("Tickets", tickets[12]).await;
    let calls = stage.calls(&stage.autotask).await;
    let passed = stage.pass(absent).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(9), 1));
    assert_eq!(
        stage.calls(&stage.autotask).await - calls,
        1,
        "for 200 pairs"
    );
    let events = stage.site.events(1).await;
    assert_eq!(events[0].key.id.as_str(), tickets[4].to_string());
    assert_eq!(events[0].key.system, System::Autotask);
    assert!(events[0].can_wait() && events[0].floor.is_none());
    let row = stage.row(absent).await.unwrap();
    assert_eq!(row.complete_to, Some(stage.now()));

    stage.wait(1_440).await;
    assert_eq!(stage.pass(absent).await.unwrap().found, 0, "it was told");
    stage.delete("Tickets", tickets[5]).await;
    assert_eq!(stage.pass(absent).await.unwrap().found, 1);
    assert_eq!(stage.told(1).await, [tickets[5].to_string()]);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn records_of_jim2_are_asked_after_by_number_or_in_a_list(pool: PgPool) {
    for (asks, entity) in [(CARDS_THERE, "CardFile"), (STOCK_THERE, "Stock")] {
        let (stage, absent) = Stage::asking(pool.clone(), asks).await;
        sqlx::query("truncate pair, untold, sweep cascade")
            .execute(&pool)
            .await
            .unwrap();
        let mut numbers = stage.numbers(entity).await;
        assert!(numbers.len() > 1, "{entity}");
        numbers.push(999_999);
        stage.paired_jobs(&numbers).await;
        let passed = stage.pass(absent).await.unwrap();
        assert_eq!(passed.asked, i64::try_from(numbers.len()).ok(), "{entity}");
        assert_eq!(passed.found, 1, "{entity}");
        assert_eq!(stage.told(1).await, ["999999"], "{entity}");
        stage.site.stop().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn without_pairs_nobody_is_asked(pool: PgPool) {
    for asks in [TICKETS_THERE, JOBS_THERE, STOCK_THERE] {
        let (stage, absent) = Stage::asking(pool.clone(), asks).await;
        stage.pass(JOBS).await.unwrap();
        let calls = async || {
            let autotask = stage.calls(&stage.autotask).await;
            autotask + stage.calls(&stage.jim2).await
        };
        let before = calls().await;
        assert_eq!(stage.pass(absent).await.unwrap().asked, Some(0));
        assert_eq!(calls().await, before);
        stage.site.stop().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pass_that_was_killed_goes_on_where_it_stood_and_loses_nothing(pool: PgPool) {
    let (mut stage, absent) = Stage::asking(pool.clone(), TICKETS_THERE).await;
    stage.sweeps.pacing.page_rows = 2;
    let tickets = stage.tickets().await;
    let paired: Vec<String> = tickets[..8].iter().map(i64::to_string).collect();
    stage.paired_tickets(&tickets[..8]).await;
    for gone in [tickets[1], tickets[6]] {
        stage.delete("Tickets", gone).await;
    }
    // Another process asks after the first four, and is killed.
    let of = stage.trailed(absent).swept();
    let began = stage.now();
    let other = Sweeps {
        holder: "another".to_owned(),
        ..stage.sweeps.clone()
    };
    other
        .take_now(stage.trailed(absent))
        .await
        .unwrap()
        .unwrap();
    absence::begin(stage.db(), &of, "another", (began, None))
        .await
        .unwrap();
    let there: Vec<String> = [0, 2, 3].map(|index| paired[index].clone()).to_vec();
    let moved = (None, Some(paired[3].as_str()));
    let told = absence::told(stage.db(), &of, "another", &there, moved).await;
    assert!(told.unwrap());
    assert_eq!(
        stage.sweeps.take_now(stage.trailed(absent)).await.unwrap(),
        None
    );
    sqlx::query("update sweep set leased_until = now() - interval '1 second'")
        .execute(&pool)
        .await
        .unwrap();

    stage.wait(7).await;
    let calls = stage.calls(&stage.autotask).await;
    let passed = stage.pass(absent).await.unwrap();
    assert_eq!(
        stage.calls(&stage.autotask).await - calls,
        2,
        "for four of eight"
    );
    let mut ids = stage.told(2).await;
    ids.sort_unstable();
    assert_eq!(ids, [paired[1].clone(), paired[6].clone()]);
    assert_eq!((passed.asked, passed.found), (Some(8), 2));
    let row = stage.row(absent).await.unwrap();
    assert_eq!(row.complete_to, Some(began), "what came since was not met");
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_call_that_fails_half_way_does_not_begin_anew(pool: PgPool) {
    let (mut stage, absent) = Stage::asking(pool, TICKETS_THERE).await;
    stage.sweeps.pacing.page_rows = 5;
    let tickets = stage.tickets().await;
    stage.paired_tickets(&tickets[..10]).await;
    stage.delete("Tickets", tickets[0]).await;
    stage.autotask.fault("error-500", 1).await.unwrap();
    let failed = stage.pass(absent).await;
    assert!(matches!(failed, Err(Trouble::Autotask(_))), "{failed:?}");
    let row = stage.row(absent).await.unwrap();
    assert_eq!((row.complete_to, row.is_stopped), (None, false));
    assert_eq!(stage.pass(absent).await.unwrap().found, 1);
    assert_eq!(stage.told(1).await, [tickets[0].to_string()]);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn many_that_are_hidden_at_once_are_one_sentence_and_no_event(pool: PgPool) {
    let (stage, absent) = Stage::asking(pool.clone(), TICKETS_THERE).await;
    let hidden: Vec<i64> = (1..=300).collect();
    stage.paired_tickets(&hidden).await;
    let stopped = stage.pass(absent).await;
    let Err(trouble @ Trouble::Absent { .. }) = stopped else {
        panic!("{stopped:?}");
    };
    let says = trouble.to_string();
    assert!(
        says.starts_with("300 of 300 tickets are not told any more by Autotask: was a permission"),
        "{says}"
    );
    assert!(
        says.ends_with("crossbill resume --release ticket"),
        "{says}"
    );
    let row = stage.row(absent).await.unwrap();
    assert_eq!((row.complete_to, row.is_stopped), (None, true));
    assert_eq!(row.trouble, Some(says));
    assert_eq!(stage.waiting().await, 0);

    // It is not asked again and again.
    sqlx::query("update sweep set last_started = last_started - interval '1 hour'")
        .execute(&pool)
        .await
        .unwrap();
    let calls = stage.calls(&stage.autotask).await;
    stage.step_of(absent).await;
    assert_eq!(stage.calls(&stage.autotask).await, calls);

    guard::release(stage.db(), &TICKET, "mia").await.unwrap();
    stage.step_of(absent).await;
    assert_eq!(stage.told(300).await.len(), 300);
    let row = stage.row(absent).await.unwrap();
    assert_eq!(
        (row.complete_to, row.is_stopped),
        (Some(stage.now()), false)
    );
    assert_eq!(row.trouble, None);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_gap_and_a_named_time_concern_only_what_shows_changes(pool: PgPool) {
    let (stage, absent) = Stage::asking(pool, TICKETS_THERE).await;
    let since = stage.now() - TimeDelta::hours(5);
    let came = stage
        .sweeps
        .sweep_now(None, Asked::Since(since))
        .await
        .unwrap();
    let of = stage.trailed(absent).swept();
    assert!(came.iter().all(|(swept, _)| *swept != of));
    let came = stage.sweeps.sweep_now(None, Asked::News).await.unwrap();
    assert!(came.iter().any(|(swept, _)| *swept == of));

    let now = stage.now();
    let missed = store::gap::NewGap {
        system: System::Autotask,
        kind: None,
        reason: "nobody was there",
        since: now - TimeDelta::minutes(30),
        until: Some(now - TimeDelta::minutes(9)),
        missed: None,
    };
    store::gap::open(stage.db(), &missed).await.unwrap();
    let begun = stage.row(absent).await.unwrap().passed_at;
    for trail in [TICKETS, DELETIONS, ACTIVITY_DELETIONS, NOTES, absent] {
        stage.step_of(trail).await;
    }
    assert!(store::gap::list(stage.db()).await.unwrap().is_empty());
    assert_eq!(stage.row(absent).await.unwrap().passed_at, begun);
    stage.site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_record_is_looked_at_that_lost_one_of_what_it_is_made_of(pool: PgPool) {
    let tickets_as_items = Asks::Autotask(Presence::by_id("Tickets", "ticket"));
    let (mut stage, absent) = Stage::asking(pool.clone(), tickets_as_items).await;
    stage.sweeps.trails[absent].trail = Trail::absent_items("orders", tickets_as_items);
    let tickets = stage.tickets().await;
    stage.paired_tickets(&[1, 2, 3]).await;
    stage.delete("Tickets", tickets[2]).await;
    for (order, lines) in [
        (
            1,
            json!({tickets[0].to_string(): {}, format!("{}/code", tickets[1]): {}}),
        ),
        (
            2,
            json!({tickets[0].to_string(): {}, format!("{}/code", tickets[2]): {}}),
        ),
    ] {
        sqlx::query("update pair set shadow = $2 where autotask_id = $1")
            .bind(order.to_string())
            .bind(json!({"v": 1, "autotask": {"lines": lines}}))
            .execute(&pool)
            .await
            .unwrap();
    }
    let calls = stage.calls(&stage.autotask).await;
    let passed = stage.pass(absent).await.unwrap();
    assert_eq!((passed.asked, passed.found), (Some(3), 1));
    assert_eq!(stage.calls(&stage.autotask).await - calls, 1);
    assert_eq!(stage.told(1).await, ["2"]);
    stage.site.stop().await;
}

#[test]
fn a_trail_of_what_is_absent_is_of_the_side_that_is_asked() {
    for (asks, on) in [
        (TICKETS_THERE, System::Autotask),
        (JOBS_THERE, System::Jim2),
    ] {
        let trail = Trail::absent_of("tickets", 60, asks);
        assert_eq!(trail.on(), on);
        assert!(!trail.shows_changes());
        let sixty_days = Some(Duration::from_hours(60 * 24));
        let shows = Shows::Absent(Absence {
            records: "tickets",
            within: sixty_days,
            parts: None,
            asks,
        });
        assert_eq!(trail.shows, shows);
    }
}
