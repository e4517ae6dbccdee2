//! Whose turn it is: what calls are worth, and what becomes of work for which there is no room now.

use domain::{Cause, Event, Lane, System};
use sqlx::PgPool;
use store::system::SystemState;

use super::{bench::Bench, world::Fault};
use crate::engine::settle::Settling;

const A: System = System::Autotask;

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_can_wait_does_not_ride_along_with_what_has_just_happened(pool: PgPool) {
    let bench = Bench::new(pool).await;
    let events: Vec<Event> = [
        Cause::FirstLoad,
        Cause::Live,
        Cause::Sweep,
        Cause::Rescue,
        Cause::Work,
    ]
    .into_iter()
    .map(|cause| {
        let thing = bench.world.thing(cause.as_str());
        Event {
            cause,
            ..Bench::event(A, &thing)
        }
    })
    .collect();
    for (events, first, last) in [
        (&events[..], Lane::Essential, Lane::Sweep),
        (&events[..2], Lane::Live, Lane::Bulk),
        (&events[4..], Lane::Live, Lane::Live),
        (&events[..1], Lane::Bulk, Lane::Bulk),
    ] {
        bench.world.state().lanes.clear();
        bench.handle(events).await;
        let lanes = bench.world.state().lanes.clone();
        assert_eq!(lanes.first(), Some(&first), "{lanes:?}");
        assert_eq!(lanes.last(), Some(&last), "{lanes:?}");
        assert!(
            lanes.iter().all(|lane| [first, last].contains(lane)),
            "{lanes:?}"
        );
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn work_whose_turn_has_not_come_counts_no_attempt_holds_nothing_and_stops_nobody(
    pool: PgPool,
) {
    let mut bench = Bench::new(pool).await;
    let things: Vec<_> = (0..20)
        .map(|number| bench.world.thing(&format!("Thing {number}")))
        .collect();
    let faults = vec![Some(Fault::NotItsTurn); things.len()];
    bench.world.state().faults.extend(faults);
    // Tried since the day before yesterday: anything else would be held now.
    bench.is_at(48);
    let events: Vec<_> = things.iter().map(|thing| Bench::event(A, thing)).collect();
    let settled = bench.settle(&events).await;
    let is_deferred = |it: &&Settling| matches!(it, Settling::Defer(..));
    assert_eq!(
        settled.iter().filter(is_deferred).count(),
        20,
        "{settled:?}"
    );
    let attempts = bench.world.state().attempts;
    assert!(
        attempts <= bench.engine.timing.width,
        "{attempts} calls that are refused"
    );
    assert!(bench.problems().await.is_empty());
    let systems = store::system::state(&bench.db).await.unwrap();
    assert!(
        systems.iter().all(|it: &SystemState| it.stop.is_none()),
        "{systems:?}"
    );

    bench.world.state().faults.clear();
    bench.is_at(49);
    assert_eq!(bench.handle(&events).await, []);
    for thing in &things {
        assert_eq!(bench.world.made_for(thing).len(), 1);
    }
}
