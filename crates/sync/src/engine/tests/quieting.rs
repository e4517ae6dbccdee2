//! Quiet hours: what would be written waits, and nothing is held or counted for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use broker::testing::eventually;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, System};
use sqlx::PgPool;

use super::{bench::Bench, brokered::Site};
use crate::{QUIET_HOURS, engine::settle::Settling};

/// Of each day, in Sydney, where it is ten when the clocks of these tests begin.
const MORNING: &str = "10:00-12:00";

/// A clock that is moved by hand, and counts who looks at it.
#[derive(Debug, Default)]
struct Hand {
    hours: AtomicI64,
    looks: AtomicUsize,
}

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        DateTime::UNIX_EPOCH + TimeDelta::hours(self.hours.load(Ordering::Relaxed))
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_batch_in_which_quiet_hours_begin_is_put_off_with_nothing_written_held_or_counted(
    pool: PgPool,
) {
    let mut bench = Bench::new(pool).await;
    let (known, made) = bench.paired("Printer").await;
    let new = bench.world.thing("Scanner");
    bench
        .world
        .state()
        .edit(System::Autotask, &known, "title", "Changed");
    bench.chooses(QUIET_HOURS, MORNING).await;
    let events = [&known, &new].map(|id| Bench::event(System::Autotask, id));
    for fate in bench.settle(&events).await {
        assert!(matches!(fate, Settling::Defer(..)), "{fate:?}");
    }
    assert_eq!(bench.world.made_for(&new), []);
    assert_ne!(
        bench.world.field(System::Jim2, &made, "title"),
        "Changed".into()
    );
    assert_eq!(bench.problems().await, [""; 0]);
    let status = store::status::status(&bench.db).await.unwrap();
    assert_eq!((status.held, status.open_intents, status.claims), (0, 0, 0));

    bench.is_at(2);
    bench.quiet(events.to_vec()).await;
    assert_eq!(bench.world.made_for(&new).len(), 1);
    assert_eq!(
        bench.world.field(System::Jim2, &made, "title"),
        "Changed".into()
    );
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn in_quiet_hours_nothing_is_taken_and_after_them_it_goes_on_by_itself(pool: PgPool) {
    let mut site = Site::start(pool).await;
    let clock = Arc::new(Hand::default());
    site.bench.engine.clock = Arc::<Hand>::clone(&clock);
    site.bench.engine.timing.poll = Duration::from_millis(5);
    site.bench.chooses(QUIET_HOURS, MORNING).await;
    let thing = site.bench.world.thing("a");
    site.tell(&thing).await;
    let test = async {
        eventually(async || clock.looks.load(Ordering::Relaxed) > 20).await;
        assert!(!site.is_applied(&thing));
        let depth = site.broker.depth(&site.queues.live).await.unwrap();
        assert_eq!(
            (depth.messages, depth.consumers),
            (1, 0),
            "it waits where it was"
        );
        clock.hours.store(2, Ordering::Relaxed);
        eventually(async || site.is_applied(&thing)).await;
        assert_eq!(site.bench.problems().await, [""; 0]);
    };
    site.working(test).await;
    site.stop().await;
}
