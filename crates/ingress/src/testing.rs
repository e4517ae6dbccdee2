//! A site of its own for every test: a database, a virtual host and, where wanted, a stand-in of the other side.

use std::{sync::Arc, time::Duration};

use broker::{
    Broker, Consumer, Delivery, Family, Limits, Publisher, Queues, Tiers, Topology,
    testing::{Vhost, eventually},
};
use domain::{Clock, Event, SystemClock};
use sandbox::provider::{Provider, Size};
use secrecy::SecretString;
use serde_json::{Value as Json, json};
use sqlx::PgPool;
use store::{Db, webhook::Webhook};
use sync::Publish;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::kind::{COMPANY, CONTACT, TICKET};

const LINGER: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(20);

/// What every test stands on.
pub(crate) struct Site {
    pub(crate) db: Db,
    pub(crate) pool: PgPool,
    pub(crate) publish: Publish,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    broker: Option<(Vhost, Broker)>,
}

impl Site {
    /// With a broker that takes messages.
    pub(crate) async fn start(pool: PgPool) -> Self {
        let vhost = Vhost::create();
        let broker = vhost.broker();
        broker.declare(&topology()).await.unwrap();
        let (publisher, task) = Publisher::new(&broker, Limits::default());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        tasks.spawn(task.run(stop.clone()));
        eventually(async || publisher.is_up()).await;
        Self::new(pool, publisher, (stop, tasks), Some((vhost, broker)))
    }

    /// With a broker that is away.
    pub(crate) fn without_broker(pool: PgPool) -> Self {
        let url = "amqp://guest:guest@127.0.0.1:1/nowhere".parse().unwrap();
        let broker = Broker::new(url, "test", Arc::new(SystemClock));
        let (publisher, _never_run) = Publisher::new(&broker, Limits::default());
        let tasks = (CancellationToken::new(), TaskTracker::new());
        Self::new(pool, publisher, tasks, None)
    }

    fn new(
        pool: PgPool,
        publisher: Publisher,
        (stop, tasks): (CancellationToken, TaskTracker),
        broker: Option<(Vhost, Broker)>,
    ) -> Self {
        let db = Db::from(pool.clone());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Self {
            publish: Publish::new(publisher, db.clone(), Arc::clone(&clock)),
            db,
            pool,
            clock,
            stop,
            tasks,
            broker,
        }
    }

    /// A reader of what was published.
    pub(crate) async fn reader(&self) -> Reader {
        let (_, broker) = self.broker.as_ref().unwrap();
        let queues = Queues::from(&topology().families[0]);
        Reader {
            consumer: Consumer::open(broker, &queues, 400).await.unwrap(),
            stop: self.stop.clone(),
        }
    }

    /// How many messages wait in the queue.
    pub(crate) async fn waiting(&self) -> u32 {
        let (_, broker) = self.broker.as_ref().unwrap();
        let queue = topology().families[0].queue(broker::Lane::Live);
        broker.depth(&queue).await.unwrap().messages
    }

    /// Ends all that runs.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Takes messages from the one queue of a [`Site`].
pub(crate) struct Reader {
    consumer: Consumer,
    stop: CancellationToken,
}

impl Reader {
    /// The next `count` messages, or more where they came together.
    pub(crate) async fn take(&mut self, count: usize) -> Vec<Delivery> {
        let mut taken = Vec::new();
        while taken.len() < count {
            let batch = self.consumer.next_batch(200, LINGER, &self.stop);
            let batch = tokio::time::timeout(PATIENCE, batch).await;
            taken.extend(batch.expect("messages come").unwrap());
        }
        taken
    }

    /// The next `count` events.
    pub(crate) async fn events(&mut self, count: usize) -> Vec<Event> {
        let taken = self.take(count).await;
        taken.iter().map(event).collect()
    }
}

/// The event of a message.
pub(crate) fn event(delivery: &Delivery) -> Event {
    serde_json::from_slice(&delivery.body).unwrap()
}

/// One family with all kinds, so that there is one queue to look at.
fn topology() -> Topology {
    Topology {
        families: vec![Family::new("ticket", [COMPANY, CONTACT, TICKET])],
        tiers: Tiers::default(),
    }
}

/// The site's secret key.
pub(crate) fn site_key() -> SecretString {
    "a secret key of at least 32 letters".into()
}

/// A webhook as `connect` stores it.
pub(crate) fn webhook(name: &str, version: i32) -> Webhook {
    Webhook {
        name: name.to_owned(),
        entity: "Ticket".to_owned(),
        autotask_id: Some(1),
        guid: None,
        secret_version: version,
        rotated_at: None,
        is_active: true,
        is_ready: true,
        checked_at: None,
        check_wanted: false,
        zone: None,
    }
}

/// A small provider's data, with a few jobs in it.
pub(crate) fn provider() -> Provider {
    let size = Size {
        companies: 20,
        contacts: 40,
        tickets: 300,
        ..Size::small()
    };
    Provider::generate(7, &size, "2026-11-23T00:00:00Z".parse().unwrap())
}

/// Any free port.
pub(crate) async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// What a person does at a screen of a stand-in.
pub(crate) async fn hand(base: &str, act: &str, body: Json) -> Json {
    let http = http();
    let url = format!("{base}/sandbox/{act}");
    let request = http.request(reqwest::Method::POST, url).json(&body);
    http.send("hand", request).await.unwrap().json().unwrap()
}

/// All that a stand-in holds.
pub(crate) async fn state(base: &str) -> Json {
    let http = http();
    let request = http.request(reqwest::Method::GET, format!("{base}/sandbox/state"));
    http.send("hand", request).await.unwrap().json().unwrap()
}

pub(crate) fn http() -> rest::Client {
    rest::Client::new(&rest::Settings::default()).unwrap()
}

/// An edit by a person.
pub(crate) fn edit(entity: &str, id: &Json, by: impl Into<Json>, set: impl Into<Json>) -> Json {
    json!({"entity": entity, "id": id, "by": by.into(), "set": set.into()})
}
