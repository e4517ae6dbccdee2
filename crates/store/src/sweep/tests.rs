use chrono::TimeDelta;
use sqlx::PgPool;

use super::*;
use crate::gap::{self, NewGap};

const LEASE: Duration = Duration::from_mins(2);
const HOURLY: Duration = Duration::from_hours(1);

fn tickets(trail: &str) -> Swept {
    Swept {
        kind: Kind::new("ticket"),
        system: System::Autotask,
        trail: trail.to_owned(),
    }
}

/// A whole minute of some day.
fn at(minute: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn passed(from: i64, to: i64) -> Passed {
    Passed {
        from: at(from),
        to: at(to),
        found: 3,
        asked: None,
        mark: Mark {
            at: at(to),
            last_id: Some(7),
        },
    }
}

async fn due(db: &Db, of: &Swept, holder: &str) -> Option<Taken> {
    let due = Due {
        every: Some(HOURLY),
        gaps_until: Some(at(1_000)),
    };
    take(db, of, due, (holder, LEASE)).await.unwrap()
}

async fn now(db: &Db, of: &Swept, holder: &str) -> Option<Taken> {
    let due = Due {
        every: None,
        gaps_until: Some(at(1_000)),
    };
    take(db, of, due, (holder, LEASE)).await.unwrap()
}

/// A pass over `from..=to`, whatever is due.
async fn pass(db: &Db, of: &Swept, from: i64, to: i64) {
    let taken = now(db, of, "us").await.unwrap();
    assert!(ends(db, of, "us", taken.mark, passed(from, to)).await);
}

/// Whether a pass by `holder` that began at `mark` could be ended so.
async fn ends(db: &Db, of: &Swept, holder: &str, mark: Mark, passed: Passed) -> bool {
    finish(db, of, holder, &mark, &passed).await.unwrap()
}

async fn an_hour_later(pool: &PgPool) {
    sqlx::query(
        "update sweep set passed_at = passed_at - interval '1 hour',
             planted_at = planted_at - interval '1 hour', last_started = last_started - interval '1 hour',
             leased_until = leased_until - interval '1 hour'",
    )
    .execute(pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_sweep_is_due_after_its_interval_and_one_process_has_it(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = tickets("");
    assert_eq!(now(&db, &of, "us").await, None, "it is not set up");
    for minute in [5, 9] {
        plant(&db, &of, at(minute)).await.unwrap();
    }
    assert_eq!(due(&db, &of, "us").await, None, "its first interval runs");
    an_hour_later(&pool).await;
    let taken = due(&db, &of, "us").await.unwrap();
    assert_eq!(taken.mark.at, at(5));
    assert_eq!(due(&db, &of, "they").await, None);
    assert_eq!(now(&db, &of, "they").await, None, "nor where a person asks");
    assert!(!renew(&db, &of, ("they", LEASE)).await.unwrap());
    assert!(renew(&db, &of, ("us", LEASE)).await.unwrap());

    an_hour_later(&pool).await;
    let taken_over = due(&db, &of, "they").await.unwrap();
    assert_eq!(taken_over, taken, "nothing was moved by who had it");
    let late = ends(&db, &of, "us", taken.mark, passed(0, 60)).await;
    assert!(!late, "it is somebody else's by now");
    assert!(ends(&db, &of, "they", taken.mark, passed(0, 60)).await);
    assert_eq!(due(&db, &of, "us").await, None, "it was just done");
    let [row] = &list(&db).await.unwrap()[..] else {
        panic!("one row")
    };
    assert_eq!(
        (row.watermark, row.complete_to),
        (Some(at(60)), Some(at(60)))
    );
    assert_eq!(now(&db, &of, "us").await.unwrap().mark.last_id, Some(7));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_that_began_at_one_mark_one_moves_it(pool: PgPool) {
    let db = Db::from(pool);
    let of = tickets("");
    plant(&db, &of, at(5)).await.unwrap();
    let taken = now(&db, &of, "us").await.unwrap();
    pass(&db, &of, 0, 60).await;
    now(&db, &of, "us").await.unwrap();
    assert!(!ends(&db, &of, "us", taken.mark, passed(0, 30)).await);
    assert_eq!(list(&db).await.unwrap()[0].watermark, Some(at(60)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_pass_that_came_to_nothing_is_told_and_tried_again_but_not_at_once(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = tickets("");
    plant(&db, &of, at(5)).await.unwrap();
    an_hour_later(&pool).await;
    due(&db, &of, "us").await.unwrap();
    give_up(&db, &of, "us", "Autotask is away").await.unwrap();
    assert_eq!(due(&db, &of, "us").await, None);
    let row = list(&db).await.unwrap().remove(0);
    assert_eq!(row.trouble.as_deref(), Some("Autotask is away"));
    assert_eq!((row.watermark, row.complete_to), (Some(at(5)), None));
    an_hour_later(&pool).await;
    assert!(due(&db, &of, "us").await.is_some());
    let begun = Mark {
        at: at(5),
        last_id: None,
    };
    assert!(ends(&db, &of, "us", begun, passed(0, 60)).await);
    assert_eq!(list(&db).await.unwrap()[0].trouble, None);
}

fn gap(since: i64, until: Option<i64>) -> NewGap<'static> {
    NewGap {
        system: System::Autotask,
        kind: None,
        reason: "nobody was there",
        since: at(since),
        until: until.map(at),
        missed: None,
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_gap_forces_a_pass_and_is_closed_once_every_sweep_has_met_its_span(pool: PgPool) {
    let db = Db::from(pool);
    let both = [tickets(""), tickets("deletions")];
    for of in &both {
        plant(&db, of, at(5)).await.unwrap();
        pass(&db, of, 0, 100).await;
    }
    gap::open(&db, &gap(50, Some(90))).await.unwrap();
    let closed = async || gap::close_swept(&db, &both).await.unwrap().len();
    assert_eq!(closed().await, 0, "those passes began before it was known");

    let forced = due(&db, &both[0], "us").await.unwrap();
    assert_eq!(forced.gap_since, Some(at(50)));
    assert!(ends(&db, &both[0], "us", forced.mark, passed(40, 110)).await);
    assert_eq!(due(&db, &both[0], "us").await, None, "it has met it");
    assert_eq!(closed().await, 0, "the other has not");
    pass(&db, &both[1], 60, 110).await;
    assert_eq!(closed().await, 0, "nor when it began to look too late");
    assert!(due(&db, &both[1], "us").await.is_some());
    pass(&db, &both[1], 40, 80).await;
    assert_eq!(closed().await, 0, "or ended too soon");
    pass(&db, &both[1], 40, 110).await;
    assert_eq!(closed().await, 1);
    assert!(gap::list(&db).await.unwrap().is_empty());
    let again = gap::open(&db, &gap(50, Some(90))).await;
    assert!(again.is_ok(), "a closed one is not widened");
    assert_eq!(gap::list(&db).await.unwrap().len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_gap_that_lasts_forces_one_pass_and_stays_open(pool: PgPool) {
    let db = Db::from(pool);
    let of = tickets("");
    plant(&db, &of, at(5)).await.unwrap();
    pass(&db, &of, 0, 100).await;
    gap::open(&db, &gap(50, None)).await.unwrap();
    let forced = due(&db, &of, "us").await.unwrap();
    assert_eq!(forced.gap_since, Some(at(50)));
    assert!(ends(&db, &of, "us", forced.mark, passed(40, 110)).await);
    assert_eq!(due(&db, &of, "us").await, None, "once, not all the time");
    let swept = std::slice::from_ref(&of);
    assert_eq!(gap::close_swept(&db, swept).await.unwrap().len(), 0);
    // One that ends in the future by our clock is not over.
    gap::end(&db, System::Autotask, "nobody was there", at(2_000))
        .await
        .unwrap();
    assert_eq!(due(&db, &of, "us").await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_gap_that_no_sweep_concerns_stays_open(pool: PgPool) {
    let db = Db::from(pool);
    gap::open(&db, &gap(50, Some(90))).await.unwrap();
    assert_eq!(gap::close_swept(&db, &[]).await.unwrap().len(), 0);
    let elsewhere = Swept {
        system: System::Jim2,
        ..tickets("")
    };
    assert_eq!(gap::close_swept(&db, &[elsewhere]).await.unwrap().len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_sweep_that_waits_for_a_person_is_due_once_that_one_has_spoken(pool: PgPool) {
    let db = Db::from(pool.clone());
    let of = tickets("absent");
    plant(&db, &of, at(5)).await.unwrap();
    pass(&db, &of, 0, 100).await;
    an_hour_later(&pool).await;
    due(&db, &of, "us").await.unwrap();
    stop(&db, &of, "us", "300 of 300 tickets are not told")
        .await
        .unwrap();
    let row = list(&db).await.unwrap().remove(0);
    assert_eq!(
        row.trouble.as_deref(),
        Some("300 of 300 tickets are not told")
    );
    assert_eq!((row.is_stopped, row.complete_to), (true, Some(at(100))));
    assert_eq!(due(&db, &of, "us").await, None, "its interval runs anew");
    // Whatever else comes to nothing is tried again after a minute.
    let minutes = "update sweep set last_started = last_started - interval '2 minutes'";
    sqlx::query(minutes).execute(&pool).await.unwrap();
    assert_eq!(due(&db, &of, "us").await, None);

    let of_other_kind = guard::release(&db, &Kind::new("company"), "mia").await;
    assert!(of_other_kind.unwrap().is_empty());
    assert_eq!(due(&db, &of, "us").await, None);
    let released = guard::release(&db, &of.kind, "mia").await.unwrap();
    assert_eq!(released, ["absent:autotask:absent", "vanished"]);
    let taken = due(&db, &of, "us").await.unwrap();
    assert!(ends(&db, &of, "us", taken.mark, passed(0, 160)).await);
    let row = list(&db).await.unwrap().remove(0);
    assert_eq!((row.is_stopped, row.complete_to), (false, Some(at(160))));
    assert_eq!(due(&db, &of, "us").await, None, "once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_gap_makes_nothing_due_that_shows_no_changes(pool: PgPool) {
    let db = Db::from(pool);
    let of = tickets("absent");
    plant(&db, &of, at(5)).await.unwrap();
    pass(&db, &of, 0, 100).await;
    for gap in [gap(50, Some(90)), gap(95, None)] {
        gap::open(&db, &gap).await.unwrap();
    }
    let due = Due {
        every: Some(HOURLY),
        gaps_until: None,
    };
    let taken = take(&db, &of, due, ("us", LEASE)).await.unwrap();
    assert_eq!(taken, None);
}
