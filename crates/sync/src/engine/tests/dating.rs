//! Rule 3: our writes move the date of an invoice.

use chrono::{DateTime, Utc};
use domain::System;
use sqlx::PgPool;
use store::journal::{Moved, date_out_moved};

use super::bench::Bench;
use crate::{DATE_OUT, Point};

const A: System = System::Autotask;
const J: System = System::Jim2;

const NOVEMBER: &str = "2026-11-26T01:00:00+00:00";
const DECEMBER: &str = "2026-12-01T01:00:00+00:00";

impl Bench {
    /// All that our writes moved, latest first.
    async fn moved(&self) -> Vec<Moved> {
        date_out_moved(&self.db, None, 10).await.unwrap()
    }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn rule_3_a_write_that_moves_a_job_to_another_month_is_told_of_once(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, DATE_OUT, NOVEMBER);
    bench.world.state().date_out = Some("2026-11-27T01:00:00+00:00");
    bench.world.state().edit(A, &thing, "title", "Same month");
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.moved().await, []);

    bench.world.state().date_out = Some(DECEMBER);
    for title in ["Next month", "The same again"] {
        bench.world.state().edit(A, &thing, "title", title);
        assert_eq!(bench.changed(A, &thing).await, []);
        let moved = bench.moved().await;
        assert_eq!(moved.len(), 1, "{title}: {moved:?}");
    }
    let moved = &bench.moved().await[0];
    assert_eq!(moved.job, made.as_str());
    assert_eq!(
        (moved.from, moved.to),
        (at("2026-11-27T01:00:00Z"), at(DECEMBER))
    );
    assert_eq!(moved.fields, ["title"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_comment_is_an_edit_of_its_job_at_that_time(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, DATE_OUT, NOVEMBER);
    let reads = bench.world.state().reads;
    bench.world.state().note(A, &thing, "It prints again");
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(
        bench.world.state().reads - reads,
        2,
        "nothing is read for it"
    );
    let moved = &bench.moved().await[0];
    assert_eq!((moved.from, moved.to), (at(NOVEMBER), DateTime::UNIX_EPOCH));
    assert_eq!(moved.fields, ["comment"]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_dead_worker_moved_is_told_of_by_whoever_finds_it(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.tells(J, &made, DATE_OUT, NOVEMBER);
    bench.world.state().date_out = Some(DECEMBER);
    bench.world.state().edit(A, &thing, "title", "Next month");
    bench.world.state().crash_at = Some(Point::BeforeRemember);
    let waiting = bench.changed(A, &thing).await;
    bench.later().await;
    bench.quiet(waiting).await;
    let moved = bench.moved().await;
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert_eq!(moved[0].to, at(DECEMBER));
}
