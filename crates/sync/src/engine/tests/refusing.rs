//! Fields that the other side does not take at all: learnt once, given later or told, and nothing made twice.

use domain::{RecordId, System};
use sqlx::PgPool;

use super::{bench::Bench, world::Fault};
use crate::Act;

const A: System = System::Autotask;
const J: System = System::Jim2;

/// A thing with a title and a colour in a world whose Jim2 takes neither when it makes a record.
fn thing(bench: &Bench, name: &str) -> RecordId {
    let thing = bench.world.thing(name);
    let mut state = bench.world.state();
    state.edit(A, &thing, "colour", "red");
    state.refused_at_create = vec!["title", "colour"];
    thing
}

/// How many records were made.
fn creates(bench: &Bench) -> usize {
    let state = bench.world.state();
    let is_create = |act: &&Act| matches!(act, Act::Create { .. });
    state.writes.iter().filter(is_create).count()
}

fn has_everything(bench: &Bench, thing: &RecordId) -> RecordId {
    let made = bench.world.made_for(thing);
    assert_eq!(made.len(), 1, "made once");
    assert_eq!(bench.world.field(J, &made[0], "title"), "T".into());
    assert_eq!(bench.world.field(J, &made[0], "colour"), "red".into());
    made[0].clone()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_a_create_call_does_not_take_is_written_right_after_and_learnt_for_the_next(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let first = thing(&bench, "Printer");
    let waiting = bench.changed(A, &first).await;
    bench.quiet(waiting).await;
    let made = has_everything(&bench, &first);
    assert_eq!(creates(&bench), 1);
    assert_eq!(bench.problems().await, Vec::<String>::new());

    // Once it was made with nothing owed, it is create-only again.
    bench.world.state().edit(A, &first, "colour", "blue");
    bench.world.state().edit(J, &made, "colour", "green");
    let waiting = bench.changed(A, &first).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.world.field(J, &made, "colour"), "green".into());

    let second = thing(&bench, "Scanner");
    let before = bench.world.state().attempts;
    let waiting = bench.changed(A, &second).await;
    assert_eq!(
        bench.world.state().attempts - before,
        2,
        "the record and the reference back: no create is refused any more"
    );
    bench.quiet(waiting).await;
    has_everything(&bench, &second);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_kill_after_the_create_loses_nothing_of_what_is_owed(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let learnt = thing(&bench, "Printer");
    let waiting = bench.changed(A, &learnt).await;
    bench.quiet(waiting).await;
    for fault in [Fault::KilledAfter, Fault::LostAnswer, Fault::KilledBefore] {
        let thing = thing(&bench, "Scanner");
        bench.world.state().faults.push_back(Some(fault));
        let waiting = bench.changed(A, &thing).await;
        bench.later().await;
        bench.quiet(waiting).await;
        has_everything(&bench, &thing);
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refused_create_counts_for_the_brake_once(pool: PgPool) {
    let bench = Bench::new(pool.clone()).await;
    let made = async || -> i32 {
        sqlx::query_scalar("select created from switch where kind = 'thing'")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    let before = made().await;
    let thing = thing(&bench, "Printer");
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    has_everything(&bench, &thing);
    assert_eq!(made().await - before, 1);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_field_that_cannot_be_changed_is_a_standing_problem_and_the_rest_is_written(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    let (thing, made) = bench.paired("Printer").await;
    bench.world.state().refused_at_update = vec!["title"];
    bench.world.state().edit(A, &thing, "title", "New");
    bench.world.state().edit(A, &thing, "name", "Copier");
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    assert_eq!(bench.world.field(J, &made, "name"), "Copier".into());
    assert_eq!(bench.world.field(J, &made, "title"), "T".into());
    assert_eq!(bench.problems().await, ["not-writable-in-jim2"]);

    let before = bench.world.state().attempts;
    let waiting = bench.changed(A, &thing).await;
    bench.quiet(waiting).await;
    assert_eq!(
        bench.world.state().attempts,
        before,
        "it is not tried again"
    );
    assert_eq!(bench.problems().await, ["not-writable-in-jim2"]);
}
