//! A workbench: an engine over the world and a database, a queue held by the test, and a clock that stands still.

use std::{sync::Arc, time::Duration};

use broker::{AmqpUrl, Broker, Limits, Publisher, Settler, Tiers};
use chrono::{DateTime, Utc};
use domain::{Cause, Event, FixedClock, Floor, Key, RecordId, System};
use sqlx::PgPool;
use store::{Db, PairRow, pair::Linked};

use super::world::{Fault, THING, ThingRules, World};
use crate::{
    Crash, Engine, Mappings, Publish, Timing,
    engine::{
        batch::Work,
        settle::{Settling, fates},
    },
};

pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) engine: Engine,
    pub(crate) db: Db,
    pool: PgPool,
}

impl Bench {
    pub(crate) async fn new(pool: PgPool) -> Self {
        let db = Db::from(pool.clone());
        for (value, to) in [("1", "Booked"), ("2", "WAIT"), ("3", "FINISH")] {
            for (system, value, to) in [(System::Autotask, value, to), (System::Jim2, to, value)] {
                map_status(&db, system, value, to).await;
            }
        }
        let direction = store::mapping::Direction::AutotaskToJim2;
        store::mapping::set_switch(&db, &THING, direction, true)
            .await
            .unwrap();
        Self::over(pool, World::default()).await
    }

    /// A worker on a database that is mapped already.
    async fn over(pool: PgPool, world: World) -> Self {
        let db = Db::from(pool.clone());
        let clock: Arc<dyn domain::Clock> = Arc::new(FixedClock(DateTime::<Utc>::UNIX_EPOCH));
        // Nothing listens there: what is published goes to the spill, where the test finds it.
        let url: AmqpUrl = "amqp://nobody:nothing@127.0.0.1:1/none".parse().unwrap();
        let broker = Broker::new(url, "test", Arc::clone(&clock));
        let (publisher, _task) = Publisher::new(&broker, Limits::default());
        let engine = Engine {
            rules: Box::new(ThingRules),
            hands: Box::new(world.clone()),
            publish: Publish::new(publisher.clone(), db.clone(), Arc::clone(&clock)),
            settler: Settler::new(publisher, Tiers::default()),
            mappings: Arc::new(
                Mappings::load(&db, chrono_tz::Australia::Sydney)
                    .await
                    .unwrap(),
            ),
            clock,
            timing: Timing {
                unseen: Duration::ZERO,
                ..Timing::default()
            },
            holder: "test".to_owned(),
            crash: {
                let world = world.clone();
                Crash::when(move |point| world.dies_at(point))
            },
            db: db.clone(),
        };
        Self {
            world,
            engine,
            db,
            pool,
        }
    }

    /// So many hours after the clock began to stand still.
    pub(crate) fn is_at(&mut self, hours: i64) {
        let now = DateTime::<Utc>::UNIX_EPOCH + chrono::TimeDelta::hours(hours);
        self.engine.clock = Arc::new(FixedClock(now));
    }

    pub(crate) fn event(system: System, id: &RecordId) -> Event {
        Event::new(Key::new(THING, system, id.clone()), Cause::Live)
    }

    /// An event that asks for the record's state as it is now.
    pub(crate) fn fresh_event(&self, system: System, id: &RecordId) -> Event {
        Event {
            floor: Floor {
                at: Some(self.world.state().time(system)),
                position: None,
            },
            ..Self::event(system, id)
        }
    }

    /// Handles events as one batch. What must come again comes back.
    pub(crate) async fn handle(&self, events: &[Event]) -> Vec<Event> {
        tokio::select! {
            settled = self.settle(events) => settled
                .into_iter()
                .zip(events)
                .filter(|(fate, _)| *fate != Settling::Done)
                .map(|(_, event)| event.clone())
                .collect(),
            // A killed worker's messages come back to the queue.
            () = self.world.killed.notified() => events.to_vec(),
        }
    }

    /// Handles events as one batch, and tells what becomes of each of their messages.
    pub(crate) async fn settle(&self, events: &[Event]) -> Vec<Settling> {
        let works = super::super::batch::coalesce(
            events
                .iter()
                .enumerate()
                .map(|(index, event)| {
                    Work::new(event.clone(), DateTime::<Utc>::UNIX_EPOCH, 0, index)
                })
                .collect(),
        );
        fates(events.len(), Box::pin(self.engine.process(works)).await)
    }

    /// The site chooses something, and workers know it at once.
    pub(crate) async fn chooses(&self, name: &str, value: &str) {
        store::setting::set(&self.db, name, &value).await.unwrap();
        self.knows_the_mapping().await;
    }

    /// Workers take in how things are mapped now.
    pub(crate) async fn knows_the_mapping(&self) {
        let version = store::mapping::version(&self.db).await.unwrap();
        let mappings = &self.engine.mappings;
        mappings.reload_if_older(&self.db, version).await.unwrap();
    }

    /// Handles one event about a record.
    pub(crate) async fn changed(&self, system: System, id: &RecordId) -> Vec<Event> {
        self.handle(&[Self::event(system, id)]).await
    }

    /// The same, with a fault at the first write.
    pub(crate) async fn changed_with(
        &self,
        fault: Fault,
        system: System,
        id: &RecordId,
    ) -> Vec<Event> {
        self.world.state().faults.push_back(Some(fault));
        self.changed(system, id).await
    }

    /// A person has a record looked at again, until nothing is left of it.
    pub(crate) async fn replay(&self, system: System, id: &RecordId) {
        let mut replay = Self::event(system, id);
        replay.cause = Cause::Replay;
        self.quiet(vec![replay]).await;
    }

    /// A person links two records.
    pub(crate) async fn link(&self, autotask_id: &RecordId, jim2_id: &RecordId) -> Linked {
        let link = store::pair::Link {
            kind: &THING,
            autotask_id,
            jim2_id,
            label: "Printer",
            generation: 1,
            who: "mia",
        };
        store::pair::link(&self.db, &link).await.unwrap()
    }

    /// Another worker on the same database and the same world.
    pub(crate) async fn second(&self) -> Self {
        let mut second = Self::over(self.pool.clone(), self.world.clone()).await;
        second.engine.holder = "second".to_owned();
        // Only the first is killed.
        second.engine.crash = Crash::default();
        second
    }

    /// Handles what waits, what is put back, and what a rescuer finds, until nothing is left.
    pub(crate) async fn quiet(&self, waiting: Vec<Event>) {
        let mut waiting = waiting;
        for _ in 0..30 {
            waiting.extend(self.rescued().await);
            waiting.extend(self.published().await);
            if waiting.is_empty() {
                return;
            }
            waiting = self.handle(&waiting).await;
            self.later().await;
        }
        panic!("no standstill: {waiting:?}");
    }

    /// What was put back on the queue.
    pub(crate) async fn published(&self) -> Vec<Event> {
        let rows = store::spill::due(&self.db, 1000, Duration::from_mins(1))
            .await
            .unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        store::spill::remove(&self.db, &ids).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice(&row.body).unwrap())
            .collect()
    }

    /// Lets time pass: claims run out, and what was sent has arrived or never will.
    pub(crate) async fn later(&self) {
        for sql in [
            "update pair set claimed_until = now() - interval '1 second' where claimed_by is not null",
            "update intent set sent_at = now() - interval '1 hour' where sent_at is not null",
            "update pair set written_at = now() - interval '1 hour' where written_at is not null",
        ] {
            sqlx::query(sql).execute(&self.pool).await.unwrap();
        }
    }

    /// What the rescuer would publish.
    pub(crate) async fn rescued(&self) -> Vec<Event> {
        let expired = store::claim::expired(&self.db, 1000).await.unwrap();
        let events = expired.iter().flat_map(|it| it.events.clone()).collect();
        store::claim::put_back(&self.db, &expired).await.unwrap();
        events
    }

    pub(crate) async fn pair(&self, system: System, id: &RecordId) -> Option<PairRow> {
        store::pair::find(&self.db, &Key::new(THING, system, id.clone()))
            .await
            .unwrap()
    }

    /// A thing in both systems, in step.
    pub(crate) async fn paired(&self, name: &str) -> (RecordId, RecordId) {
        let thing = self.world.thing(name);
        assert_eq!(self.changed(System::Autotask, &thing).await, []);
        let made = self.world.made_for(&thing);
        assert_eq!(made.len(), 1);
        (thing, made[0].clone())
    }

    /// The codes of what is held, by pair.
    pub(crate) async fn problems(&self) -> Vec<String> {
        let open = store::held::open_problems(&self.db).await.unwrap();
        open.into_iter().map(|problem| problem.code).collect()
    }

    /// What the journal says of a record, latest first.
    pub(crate) async fn journal(&self, system: System, id: &RecordId) -> Vec<&'static str> {
        let pair = self.pair(system, id).await.unwrap();
        let records = store::journal::of_pair(&self.db, pair.id, 100)
            .await
            .unwrap();
        records
            .into_iter()
            .map(|record| record.what.as_str())
            .collect()
    }
}

/// Says what a status is on the other side.
pub(crate) async fn map_status(db: &Db, system: System, value: &str, to: &str) {
    let map = store::lookup::MapRow {
        list: "status".to_owned(),
        system,
        value: value.to_owned(),
        to_value: Some(to.to_owned()),
        path: None,
        decided_by: "test".to_owned(),
    };
    store::lookup::set_map(db, &map).await.unwrap();
}
