//! Values that their system does not tell any more: what stands for one waits, and all else goes on.

use domain::{Cause, Event, System};
use sqlx::PgPool;
use store::{held::Resend, lookup::Entry};

use super::bench::Bench;

const A: System = System::Autotask;
const J: System = System::Jim2;

/// Jim2 tells its statuses.
async fn tells(bench: &Bench, statuses: &[&str]) {
    let entries = statuses.iter().map(|status| Entry {
        value: (*status).to_owned(),
        label: (*status).to_owned(),
        active: true,
        is_default: false,
        extra: None,
    });
    let entries: Vec<Entry> = entries.collect();
    let told = store::lookup::replace_list(&bench.db, "status", J, &entries);
    told.await.unwrap();
}

/// What is held and can go on.
async fn released(bench: &Bench) -> Vec<Event> {
    let solved = store::held::solved(&bench.db, 9).await.unwrap().into_iter();
    let events = solved.map(|one| match one.resend {
        Resend::Event(event) => *event,
        Resend::Body { queue, .. } => panic!("a dead letter of {queue}"),
    });
    events.collect()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_stands_for_a_value_that_is_gone_waits_until_it_is_back_and_all_else_goes_on(
    pool: PgPool,
) {
    let bench = Bench::new(pool).await;
    tells(&bench, &["Booked", "WAIT", "FINISH"]).await;
    let (thing, made) = bench.paired("Printer").await;
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());

    tells(&bench, &["Booked", "FINISH"]).await;
    bench.world.state().edit(A, &thing, "status", 2);
    bench.world.state().edit(A, &thing, "title", "Changed");
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.problems().await, ["lookup-gone"]);
    assert_eq!(bench.world.field(J, &made, "title"), "Changed".into());
    assert_eq!(bench.world.field(J, &made, "status"), "Booked".into());

    // A choice of something else is no reason to look again, and no default takes its place.
    bench.chooses("loop_limit", "9").await;
    assert_eq!(released(&bench).await, []);
    let made_before = bench.world.thing("Scanner");
    bench.world.state().edit(A, &made_before, "status", 2);
    bench.changed(A, &made_before).await;
    assert_eq!(
        bench.world.made_for(&made_before),
        [],
        "nothing is made with another"
    );

    tells(&bench, &["Booked", "WAIT", "FINISH"]).await;
    let events = released(&bench).await;
    assert_eq!(events.len(), 2, "{events:?}");
    assert_eq!(events[0].cause, Cause::Replay);
    bench.quiet(events).await;
    assert_eq!(bench.world.field(J, &made, "status"), "WAIT".into());
    assert_eq!(bench.world.made_for(&made_before).len(), 1);
    assert_eq!(bench.problems().await, [""; 0]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_pair_that_has_a_value_that_is_gone_goes_on_with_it(pool: PgPool) {
    let bench = Bench::new(pool).await;
    tells(&bench, &["Booked", "WAIT", "FINISH"]).await;
    let (thing, made) = bench.paired("Printer").await;
    tells(&bench, &["WAIT", "FINISH"]).await;
    bench.world.state().edit(A, &thing, "title", "Changed");
    assert_eq!(bench.changed(A, &thing).await, []);
    assert_eq!(bench.world.field(J, &made, "title"), "Changed".into());
    assert_eq!(bench.problems().await, [""; 0], "there is nothing to write");
    // From it to where it was mapped, nothing is in the way.
    bench.world.state().edit(A, &thing, "status", 3);
    bench.changed(A, &thing).await;
    bench.world.state().edit(J, &made, "status", "Booked");
    bench.changed(J, &made).await;
    assert_eq!(bench.world.field(A, &thing, "status"), 1.into());
    assert_eq!(bench.problems().await, [""; 0]);
}
