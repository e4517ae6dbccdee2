//! What all measurements stand on: one site, its services met without proxies, and whatever it takes to start parts of it.

mod burst;
mod gauged;

use std::time::Duration;

use broker::{
    Broker, Consumer, Family, Lane, Limits, Outgoing, Publisher, Queues, Route, Settler, Tiers,
    Topology,
};
use domain::{Kind, System as Side};
use sandbox::{autotask, jim2, provider::Size};
use tokio::{
    sync::OnceCell,
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    caller::{Caller, Request},
    it::system::{KINDS, Process, Rabbit, Site, System},
    options::Scale,
    say::note,
};
pub(crate) use burst::{Burst, Message, PATIENCE};
pub(crate) use gauged::Gauged;

/// Calls an hour that this tenant may make: a real one may make 10,000, which is a limit of its own.
const HOURLY_CALLS: usize = 100_000_000;
/// As the engine has them.
pub(crate) const PREFETCH: u16 = 400;
const BATCH: usize = 200;
const LINGER: Duration = Duration::from_millis(20);
/// Between two looks at a process.
const PACE: Duration = Duration::from_millis(10);

/// The site.
pub(crate) struct Stage {
    pub(crate) system: System,
    pub(crate) scale: Scale,
    pub(crate) broker: Broker,
    pub(crate) publisher: Publisher,
    burst: OnceCell<Burst>,
    _tasks: JoinSet<()>,
}

impl Stage {
    /// A site that is connected and settled; no role runs, and what Autotask tells is held back.
    pub(crate) async fn set(scale: Scale) -> Self {
        note("connecting a site");
        let usual = Site::default();
        let system = System::connected(Site {
            autotask: autotask::Options {
                hourly_threshold: HOURLY_CALLS,
                ..usual.autotask
            },
            jim2: jim2::Options {
                licences: 4,
                ..usual.jim2
            },
            is_direct: true,
            size: Size {
                companies: 20,
                contacts: 40,
                tickets: 30,
                technicians: 4,
                work: None,
            },
            ..usual
        })
        .await;
        system.serve().await;
        system.settle().await;
        system.terminate().await;
        system.doorway.hold();
        let broker = system.rabbit.broker();
        let (publisher, task) = Publisher::new(&broker, Limits::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(task.run(CancellationToken::new()));
        broker::testing::eventually(async || publisher.is_up()).await;
        Self {
            system,
            scale,
            broker,
            publisher,
            burst: OnceCell::new(),
            _tasks: tasks,
        }
    }

    /// The tickets that have jobs, made when they are first asked for.
    pub(crate) async fn burst(&self) -> &Burst {
        self.burst.get_or_init(|| Burst::make(self)).await
    }

    /// Starts all roles in one process, and waits until it is ready.
    pub(crate) async fn serve(&self) -> Process {
        let mut process = self.system.launch_role(&[], "serve");
        process.ready().await;
        process
    }

    /// Starts ingress with other settings, and waits until its calls get to the broker: it is ready before that. What
    /// came of `call`, made to find out, is forgotten.
    pub(crate) async fn take_in(
        &self,
        settings: &[(&'static str, &str)],
        call: &Request,
    ) -> Process {
        let name = "ingress";
        let mut process = self.system.launch_role_with(settings, &[name], name);
        process.ready().await;
        let mut gauged = Gauged::new(process).await;
        let mut caller = Caller::to(self.ingress()).await.unwrap();
        let published = r#"crossbill_webhooks_accepted_total{outcome="published""#;
        while gauged.count(published).await < 1.0 {
            assert_eq!(caller.call(call).await.status, 202);
            sleep(PACE).await;
        }
        self.system.database.execute("truncate spill").await;
        self.forget_messages().await;
        gauged.process
    }

    /// Ends a process as a platform would.
    pub(crate) async fn end(&self, process: Process) {
        assert_eq!(process.terminate().await, Some(0), "it did not end well");
    }

    /// Host and port that webhooks come in at.
    pub(crate) fn ingress(&self) -> &str {
        self.system.setting("INGRESS_LISTEN")
    }

    /// Puts messages on the queue of tickets, so many in all.
    pub(crate) async fn fill(&self, messages: &[Message], count: usize) {
        let outgoing = messages.iter().cycle().take(count).map(|message| {
            let outgoing = Outgoing {
                id: Uuid::now_v7(),
                body: message.body.clone(),
                headers: message.headers.clone(),
            };
            (live_event(), outgoing)
        });
        let verdicts = self.publisher.publish_all(outgoing).await;
        let stored: Result<Vec<()>, _> = verdicts.into_iter().collect();
        stored.unwrap();
    }

    /// Takes so many messages off the queue of tickets and acknowledges them, a batch at a time as the engine does; how
    /// many a second, and the messages.
    pub(crate) async fn drain(&self, count: usize) -> (f64, Vec<Message>) {
        let queues = Queues::from(&ticket());
        let settler = Settler::new(self.publisher.clone(), Tiers::default());
        let mut consumer = Consumer::open(&self.broker, &queues, PREFETCH)
            .await
            .unwrap();
        let stop = CancellationToken::new();
        let (began, mut taken) = (Instant::now(), Vec::new());
        while taken.len() < count {
            let batch = consumer.next_batch(BATCH, LINGER, &stop).await.unwrap();
            settler.ack(&batch).await.unwrap();
            taken.extend(batch.into_iter().map(Message::from));
        }
        let per_second = per_second(taken.len(), began.elapsed());
        consumer.close().await;
        (per_second, taken)
    }

    /// Throws away what is on the queue of tickets.
    pub(crate) async fn forget_messages(&self) {
        let Rabbit::Shared(vhost) = &self.system.rabbit else {
            unreachable!("this site asked for no RabbitMQ of its own");
        };
        vhost.delete_queue(&ticket().queue(Lane::Live));
        self.broker.declare(&topology()).await.unwrap();
    }

    /// Has a worker for tickets work off what is on their queue, until its counter `series` comes to `count`; how many
    /// a second from the first message it took on. And the process, which still runs.
    pub(crate) async fn work_off(&self, series: &str, count: usize) -> (f64, Gauged) {
        let process = self.system.launch_role(&["worker", "ticket"], "worker");
        let mut gauged = Gauged::new(process).await;
        gauged.reaches("crossbill_broker_taken_total", 1).await;
        let began = Instant::now();
        gauged.reaches(series, count).await;
        (per_second(count, began.elapsed()), gauged)
    }
}

pub(crate) fn per_second(count: usize, took: Duration) -> f64 {
    float(count) / took.as_secs_f64()
}

/// Counts here are small enough.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}

/// Where an event of a ticket goes.
pub(crate) fn live_event() -> Route {
    Route::Event {
        system: Side::Autotask,
        kind: Kind::new("ticket"),
        lane: Lane::Live,
    }
}

/// The queues of a kind.
fn family(kind: &'static str) -> Family {
    Family::new(kind, [Kind::new(kind)])
}

fn ticket() -> Family {
    family("ticket")
}

/// What Crossbill declares.
fn topology() -> Topology {
    Topology {
        families: KINDS.map(family).to_vec(),
        tiers: Tiers::default(),
    }
}
