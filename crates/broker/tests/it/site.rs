//! A site with one family, a short retry ladder and a running publisher.

use std::{sync::Arc, time::Duration};

use broker::{
    AmqpUrl, Broker, Consumer, Delivery, Family, Headers, Lane, Limits, Outgoing, Publisher,
    Queues, Route, Settler, Tiers, Topology,
    testing::{Vhost, eventually},
};
use domain::{Clock as _, Kind, System, SystemClock};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub(crate) const LIVE: &str = "crossbill.ticket.v1";
pub(crate) const BULK: &str = "crossbill.ticket.bulk.v1";
pub(crate) const SUSPECTS: &str = "crossbill.ticket.suspect.v1";
pub(crate) const SHORT: Duration = Duration::from_millis(300);
pub(crate) const LONG: Duration = Duration::from_mins(1);
const LINGER: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Site {
    pub(crate) broker: Broker,
    pub(crate) publisher: Publisher,
    pub(crate) settler: Settler,
    pub(crate) stop: CancellationToken,
    tasks: TaskTracker,
    pub(crate) vhost: Vhost,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::with_limits(Limits::default()).await
    }

    /// A busy machine may confirm late; no test but those of [`nobody`] is about when.
    pub(crate) async fn with_limits(limits: Limits) -> Self {
        let limits = Limits {
            confirm: PATIENCE,
            ..limits
        };
        let vhost = Vhost::create();
        let broker = vhost.broker();
        broker.declare(&topology()).await.unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let (publisher, task) = Publisher::new(&broker, limits);
        tasks.spawn(task.run(stop.clone()));
        eventually(async || publisher.is_up()).await;
        Self {
            settler: Settler::new(publisher.clone(), topology().tiers),
            publisher,
            broker,
            stop,
            tasks,
            vhost,
        }
    }

    pub(crate) async fn consumer(&self) -> Consumer {
        Consumer::open(&self.broker, &queues(), 200).await.unwrap()
    }

    pub(crate) async fn publish(&self, lane: Lane, bodies: impl IntoIterator<Item = String>) {
        let messages = bodies
            .into_iter()
            .map(|body| (event(lane), outgoing(&body)));
        for verdict in self.publisher.publish_all(messages).await {
            verdict.unwrap();
        }
    }

    pub(crate) async fn batch(&self, consumer: &mut Consumer) -> Vec<Delivery> {
        let batch = consumer.next_batch(100, LINGER, &self.stop);
        let batch = tokio::time::timeout(PATIENCE, batch).await;
        batch.expect("a message comes").unwrap()
    }

    pub(crate) async fn messages(&self, queue: &str) -> u32 {
        self.broker.depth(queue).await.unwrap().messages
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

pub(crate) fn topology() -> Topology {
    Topology {
        families: vec![Family::new("ticket", [Kind::new("ticket")])],
        tiers: Tiers::new([SHORT, LONG]),
    }
}

pub(crate) fn queues() -> Queues {
    Queues::from(&topology().families[0])
}

pub(crate) fn event(lane: Lane) -> Route {
    Route::Event {
        system: System::Jim2,
        kind: Kind::new("ticket"),
        lane,
    }
}

pub(crate) fn outgoing(body: &str) -> Outgoing {
    Outgoing {
        id: Uuid::now_v7(),
        body: body.to_owned().into(),
        headers: Headers::new(SystemClock.now()),
    }
}

/// A broker at a port where nobody listens.
pub(crate) fn nobody() -> Broker {
    let url: AmqpUrl = "amqp://guest:guest@127.0.0.1:1/nowhere".parse().unwrap();
    Broker::new(url, "test", Arc::new(SystemClock))
}

pub(crate) fn bodies(batch: &[Delivery]) -> Vec<String> {
    let text = |delivery: &Delivery| String::from_utf8(delivery.body.to_vec()).unwrap();
    batch.iter().map(text).collect()
}
