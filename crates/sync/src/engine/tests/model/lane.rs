//! A database in which one life after another is lived, with a clock of its own.
//!
//! The lane is a schema. In it `now()` is ours: it counts microseconds up from the beginning, one a look, and a life says
//! how much passes beside. So nothing waits, and nothing depends on the machine's clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use broker::{AmqpUrl, Broker, Limits, Publisher, Settler, Tiers};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Event, System};
use sqlx::{PgPool, postgres::PgPoolOptions};
use store::Db;

use super::{
    super::{
        bench::map_status,
        world::{THING, ThingRules, World},
    },
    without::Without,
};
use crate::{Crash, Engine, Mappings, Publish, Timing};

/// The highest number of a status; its first three are those of every test.
pub(super) const STATUSES: i64 = 20;

pub(super) struct Lane {
    pub(super) db: Db,
    pub(super) pool: PgPool,
    pub(super) mappings: Arc<Mappings>,
    pub(super) without: Option<Without>,
    publisher: Publisher,
}

impl Lane {
    /// A lane named `name` in the database of `pool`, where a rule may be taken out.
    pub(super) async fn new(pool: &PgPool, name: &str, without: Option<Without>) -> Self {
        for sql in [
            format!("create schema {name}"),
            format!("create unlogged sequence {name}.microseconds"),
            format!(
                "create function {name}.now() returns timestamptz language sql volatile as $$
                     select timestamptz '1970-01-01 00:00:00Z'
                            + nextval('{name}.microseconds') * interval '1 microsecond' $$"
            ),
        ] {
            execute(pool, &sql).await;
        }
        let options = pool.connect_options().as_ref().clone().options([
            ("search_path", format!("{name},pg_catalog")),
            ("synchronous_commit", "off".to_owned()),
            ("plan_cache_mode", "force_generic_plan".to_owned()),
            ("jit", "off".to_owned()),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(2)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .unwrap();
        let db = Db::from(pool.clone());
        db.migrate().await.unwrap();
        execute(&pool, CLEAR).await;
        if let Some(without) = without {
            without.prepare(&pool).await;
        }
        for number in 1..=STATUSES {
            let (number, word) = (number.to_string(), status(number));
            map_status(&db, System::Autotask, &number, &word).await;
            map_status(&db, System::Jim2, &word, &number).await;
        }
        let direction = store::mapping::Direction::AutotaskToJim2;
        store::mapping::set_switch(&db, &THING, direction, true)
            .await
            .unwrap();
        store::mapping::release_brake(&db, &THING).await.unwrap();
        let mappings = Mappings::load(&db, chrono_tz::Australia::Sydney)
            .await
            .unwrap();
        // Nothing listens there: what is published goes to the spill, where the life finds it.
        let url: AmqpUrl = "amqp://nobody:nothing@127.0.0.1:1/none".parse().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(Passing::default());
        let broker = Broker::new(url, "model", clock);
        let (publisher, _task) = Publisher::new(&broker, Limits::default());
        Self {
            db,
            pool,
            mappings: Arc::new(mappings),
            without,
            publisher,
        }
    }

    /// A worker on this lane.
    pub(super) fn worker(
        &self,
        name: &str,
        world: &World,
        clock: &Arc<Passing>,
        crash: Crash,
    ) -> Engine {
        let clock: Arc<dyn Clock> = Arc::<Passing>::clone(clock);
        Engine {
            rules: Box::new(ThingRules),
            hands: Box::new(world.clone()),
            publish: Publish::new(self.publisher.clone(), self.db.clone(), Arc::clone(&clock)),
            settler: Settler::new(self.publisher.clone(), Tiers::default()),
            mappings: Arc::clone(&self.mappings),
            clock,
            timing: Timing {
                // One pair after the other: a life goes the same way each time.
                width: 1,
                unseen: match self.without {
                    Some(Without::Waiting) => Duration::ZERO,
                    _ => Timing::default().unseen,
                },
                ..Timing::default()
            },
            holder: name.to_owned(),
            crash,
            db: self.db.clone(),
        }
    }

    /// What the journal says, in order.
    pub(super) async fn journal(&self) -> Vec<String> {
        sqlx::query_scalar(
            "select concat_ws(' ', what, system, cause, body) from journal order by id",
        )
        .fetch_all(&self.pool)
        .await
        .unwrap()
    }

    /// Forgets all lives.
    pub(super) async fn clear(&self) {
        execute(&self.pool, "select clear()").await;
    }

    /// Seconds pass in the database.
    pub(super) async fn pass(&self, seconds: i64) {
        let sql =
            format!("select setval('microseconds', nextval('microseconds') + {seconds} * 1000000)");
        execute(&self.pool, &sql).await;
    }

    /// What was put back on the queue.
    pub(super) async fn published(&self) -> Vec<Event> {
        let rows = store::spill::due(&self.db, 1000, Duration::from_mins(1))
            .await
            .unwrap();
        if rows.is_empty() {
            return Vec::new();
        }
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        store::spill::remove(&self.db, &ids).await.unwrap();
        rows.iter()
            .map(|row| serde_json::from_slice(&row.body).unwrap())
            .collect()
    }

    /// What a rescuer would publish.
    pub(super) async fn rescued(&self) -> Vec<Event> {
        let expired = store::claim::expired(&self.db, 1000).await.unwrap();
        if expired.is_empty() {
            return Vec::new();
        }
        let events = expired.iter().flat_map(|it| it.events.clone()).collect();
        store::claim::put_back(&self.db, &expired).await.unwrap();
        events
    }
}

/// The word of a status in Jim2.
pub(super) fn status(number: i64) -> String {
    match number {
        1 => "Booked".to_owned(),
        2 => "WAIT".to_owned(),
        3 => "FINISH".to_owned(),
        other => format!("S{other}"),
    }
}

pub(super) async fn execute(pool: &PgPool, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(pool)
        .await
        .unwrap();
}

/// Rows go, tables stay: emptying a table by other means costs more than a life.
const CLEAR: &str = "create function clear() returns void language sql as $$
    delete from held_problem;
    delete from held;
    delete from problem;
    delete from journal;
    delete from intent;
    delete from pair;
    delete from spill;
    delete from loss;
    delete from field_rule;
    select setval('microseconds', 1);
$$";

/// A clock that goes on when it is told to.
#[derive(Debug, Default)]
pub(super) struct Passing(AtomicI64);

impl Passing {
    pub(super) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Passing {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(self.0.load(Ordering::Relaxed))
    }
}
