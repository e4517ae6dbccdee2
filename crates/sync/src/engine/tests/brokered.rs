//! The loop around batches, over a real broker.

use std::sync::Arc;

use broker::{
    Broker, Consumer, Family, Headers, Lane, Limits, Outgoing, Publisher, Queues, Route, Settler,
    Tiers, Topology,
    testing::{Vhost, eventually},
};
use chrono::{DateTime, TimeDelta};
use domain::{Clock as _, Event, RecordId, System};
use sqlx::PgPool;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{
    bench::Bench,
    world::{Fault, THING},
};
use crate::Publish;

/// A bench with a virtual host of its own.
pub(super) struct Site {
    pub(super) bench: Bench,
    pub(super) broker: Broker,
    publisher: Publisher,
    pub(super) queues: Queues,
    stop: CancellationToken,
    tasks: TaskTracker,
    vhost: Vhost,
}

impl Site {
    pub(super) async fn start(pool: PgPool) -> Self {
        let vhost = Vhost::create();
        let broker = vhost.broker();
        let family = Family::new("thing", [THING]);
        let queues = Queues::from(&family);
        let tiers = Tiers::default();
        let topology = Topology {
            families: vec![family],
            tiers: tiers.clone(),
        };
        broker.declare(&topology).await.unwrap();
        let (publisher, task) = Publisher::new(&broker, Limits::default());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        eventually(async || publisher.is_up()).await;
        let mut bench = Bench::new(pool).await;
        let (db, clock) = (bench.db.clone(), Arc::clone(&bench.engine.clock));
        bench.engine.publish = Publish::new(publisher.clone(), db, clock);
        bench.engine.settler = Settler::new(publisher.clone(), tiers);
        for system in System::BOTH {
            store::system::resume(&bench.db, system, "mia")
                .await
                .unwrap();
        }
        Self {
            bench,
            broker,
            publisher,
            queues,
            stop,
            tasks,
            vhost,
        }
    }

    /// Runs the worker for as long as `test` takes.
    pub(super) async fn working(&self, test: impl Future<Output = ()>) {
        let worker = self
            .bench
            .engine
            .run(&self.broker, &self.queues, &self.stop);
        tokio::select! {
            () = worker => panic!("the worker ended by itself"),
            () = test => {}
        }
    }

    pub(super) async fn tell(&self, id: &RecordId) {
        let event = Bench::event(System::Autotask, id);
        self.bench.engine.publish.events([event]).await.unwrap();
    }

    /// Publishes what was spilled, as the drainer does.
    async fn drain(&self) {
        let db = &self.bench.db;
        let due = store::spill::due(db, 100, std::time::Duration::ZERO);
        for spilled in due.await.unwrap() {
            let outgoing = Outgoing {
                id: spilled.id,
                body: spilled.body.into(),
                headers: serde_json::from_value(spilled.headers).unwrap(),
            };
            let route = serde_json::from_value(spilled.route).unwrap();
            if self.publisher.publish(route, outgoing).await.is_ok() {
                store::spill::remove(db, &[spilled.id]).await.unwrap();
            }
        }
    }

    pub(super) fn is_applied(&self, id: &RecordId) -> bool {
        self.bench.world.made_for(id).len() == 1
    }

    pub(super) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn when_all_queues_are_deleted_the_worker_goes_on_and_what_was_spilled_is_applied(
    pool: PgPool,
) {
    let site = Site::start(pool).await;
    let (before, after) = (site.bench.world.thing("a"), site.bench.world.thing("b"));
    let Queues {
        live,
        bulk,
        suspects,
    } = &site.queues;
    let test = async {
        site.tell(&before).await;
        eventually(async || site.is_applied(&before)).await;
        for queue in [live, bulk, suspects, broker::topology::DEAD_QUEUE] {
            site.vhost.delete_queue(queue);
        }
        site.tell(&after).await;
        eventually(async || {
            site.drain().await;
            let left = store::spill::count(&site.bench.db).await.unwrap();
            left == 0 && site.is_applied(&after)
        })
        .await;
        let consumers = async || site.broker.depth(live).await.unwrap().consumers;
        assert_eq!(consumers().await, 1);
    };
    site.working(test).await;
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_suspect_is_handled_before_anything_else_is_taken(pool: PgPool) {
    let site = Site::start(pool).await;
    let thing = site.bench.world.thing("a");
    let mut headers = Headers::new(domain::SystemClock.now());
    headers.alone = true;
    let suspect = Outgoing {
        id: Uuid::now_v7(),
        body: serde_json::to_vec(&Bench::event(System::Autotask, &thing))
            .unwrap()
            .into(),
        headers,
    };
    let queue = site.queues.suspects.clone();
    let route = Route::Queue { queue };
    site.publisher.publish(route, suspect).await.unwrap();
    let test = async {
        eventually(async || site.is_applied(&thing)).await;
        let left = async || site.broker.depth(&site.queues.suspects).await.unwrap();
        assert_eq!(left().await.messages, 0);
    };
    site.working(test).await;
    site.stop().await;
}

/// Rule 14: the copy goes to Postgres with its due time, and from there to the queue that it was taken from.
#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_retry_that_is_not_confirmed_is_spilled_until_it_is_due_and_returns_to_its_queue(
    pool: PgPool,
) {
    let mut site = Site::start(pool).await;
    let thing = site.bench.world.thing("a");
    site.tell(&thing).await;
    let mut consumer = Consumer::open(&site.broker, &site.queues, 10)
        .await
        .unwrap();
    let linger = std::time::Duration::ZERO;
    let batch = consumer.next_batch(1, linger, &site.stop).await.unwrap();
    let busy = Some(Fault::Busy);
    site.bench.world.state().faults.push_back(busy);
    let nobody = "amqp://nobody:nothing@127.0.0.1:1/none".parse().unwrap();
    let away = Broker::new(nobody, "test", Arc::clone(&site.bench.engine.clock));
    let (cut_off, _never_run) = Publisher::new(&away, Limits::default());
    let tiers = site.bench.engine.settler.tiers().clone();
    let working = std::mem::replace(&mut site.bench.engine.settler, Settler::new(cut_off, tiers));
    site.bench.engine.handle(batch).await.unwrap();
    assert!(!site.is_applied(&thing));
    consumer.close().await;
    let live = &site.queues.live;
    let depth = site.broker.depth(live).await.unwrap();
    assert_eq!(depth.messages, 0, "the original is acknowledged");

    let minute = std::time::Duration::from_mins(1);
    let spilled = store::spill::due(&site.bench.db, 10, minute).await.unwrap();
    assert_eq!(spilled.len(), 1);
    assert_eq!(
        spilled[0].due_at,
        DateTime::UNIX_EPOCH + TimeDelta::seconds(5)
    );
    let route = serde_json::json!({"to": "queue", "queue": live});
    assert_eq!(spilled[0].route, route);
    assert_eq!(spilled[0].headers["attempt"], 1);
    store::spill::remove(&site.bench.db, &[spilled[0].id])
        .await
        .unwrap();
    store::spill::put(&site.bench.db, &spilled).await.unwrap();

    site.bench.engine.settler = working;
    site.drain().await;
    let test = async { eventually(async || site.is_applied(&thing)).await };
    site.working(test).await;
    site.stop().await;
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn what_has_just_happened_takes_the_live_queue_also_with_a_sweep_in_it(pool: PgPool) {
    let site = Site::start(pool).await;
    let id = site.bench.world.thing("a");
    let mut event = Bench::event(System::Autotask, &id);
    let sweep = Event::new(event.key.clone(), domain::Cause::Sweep);
    event.coalesce(sweep.clone());
    let publish = &site.bench.engine.publish;
    publish.events([event, sweep]).await.unwrap();
    for lane in [Lane::Live, Lane::Bulk] {
        let queue = Family::new("thing", [THING]).queue(lane);
        let depth = site.broker.depth(&queue).await.unwrap();
        assert_eq!(depth.messages, 1, "{queue}");
    }
    site.stop().await;
}
