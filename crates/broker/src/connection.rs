//! One way to connect. A lost connection is never mended: its owner drops it and opens a new one.

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use chrono::{DateTime, Utc};
use domain::Clock;
use lapin::{
    Channel, Connection, ConnectionProperties, ConnectionStatus,
    options::{ConfirmSelectOptions, QueueDeclareOptions},
    types::FieldTable,
};
use tokio::{sync::Mutex, time::timeout};

use crate::{AmqpUrl, Error, Topology, topology};

const PATIENCE: Duration = Duration::from_secs(5);

/// A RabbitMQ virtual host. Cheap to clone; nothing is opened before it is used.
#[derive(Debug, Clone)]
pub struct Broker {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    url: AmqpUrl,
    name: String,
    clock: Arc<dyn Clock>,
    /// The connection for looking: depths and pings.
    desk: Mutex<Option<Session>>,
}

/// What a queue looks like at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Depth {
    /// Messages that wait; those in the hands of a consumer are not counted.
    pub messages: u32,
    /// Consumers that the broker sees.
    pub consumers: u32,
}

impl Broker {
    /// The virtual host at `url`. `name` is what the broker's own pages call our connections.
    pub fn new(url: AmqpUrl, name: impl Into<String>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                url,
                name: name.into(),
                clock,
                desk: Mutex::new(None),
            }),
        }
    }

    /// Declares exchanges, queues and bindings. Safe to repeat, and done at every start.
    pub async fn declare(&self, topology: &Topology) -> Result<(), Error> {
        let session = self.connect("declare").await?;
        topology::declare(&session.channel().await?, topology).await?;
        session.close().await;
        Ok(())
    }

    /// How many messages wait in `queue`, and how many consumers it has.
    pub async fn depth(&self, queue: &str) -> Result<Depth, Error> {
        let channel = self.desk_channel().await?;
        passive(&channel, queue).await
    }

    /// Asks the broker for an answer.
    pub async fn ping(&self) -> Result<(), Error> {
        self.desk_channel().await.map(drop)
    }

    /// One attempt at a connection of its own for `role`.
    pub(crate) async fn connect(&self, role: &str) -> Result<Session, Error> {
        let at = || self.inner.url.at().to_owned();
        let name = format!("{} {role}", self.inner.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let attempt = Connection::connect_uri(self.inner.url.uri()?, properties);
        match timeout(PATIENCE, attempt).await {
            Ok(Ok(connection)) => Ok(Session { connection }),
            Ok(Err(source)) => Err(Error::Connect { at: at(), source }),
            Err(_) => Err(Error::Silent { at: at() }),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    async fn desk_channel(&self) -> Result<Channel, Error> {
        let mut desk = self.inner.desk.lock().await;
        let session = match desk.take().filter(Session::is_connected) {
            Some(session) => session,
            None => self.connect("desk").await?,
        };
        let channel = timeout(PATIENCE, session.channel())
            .await
            .map_err(|_| Error::Silent {
                at: self.inner.url.at().to_owned(),
            })??;
        *desk = Some(session);
        Ok(channel)
    }
}

/// How `queue` looks, asked over `channel`, which is closed by the broker where the queue is missing.
pub(crate) async fn passive(channel: &Channel, queue: &str) -> Result<Depth, Error> {
    let look = QueueDeclareOptions {
        passive: true,
        ..QueueDeclareOptions::default()
    };
    let seen = channel
        .queue_declare(queue.into(), look, FieldTable::default())
        .await
        .map_err(|source| Error::using(queue, "look at", source))?;
    Ok(Depth {
        messages: seen.message_count(),
        consumers: seen.consumer_count(),
    })
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Session {
    connection: Connection,
}

impl Session {
    pub(crate) async fn channel(&self) -> Result<Channel, Error> {
        self.connection
            .create_channel()
            .await
            .map_err(|source| Error::lost("open a channel", source))
    }

    /// A channel on which every publish is answered.
    pub(crate) async fn confirm_channel(&self) -> Result<Channel, Error> {
        let channel = self.channel().await?;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await
            .map_err(|source| Error::lost("ask for confirms", source))?;
        Ok(channel)
    }

    pub(crate) fn status(&self) -> ConnectionStatus {
        self.connection.status().clone()
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connection.status().connected()
    }

    /// Says goodbye, where there is still somebody to say it to.
    pub(crate) async fn close(self) {
        let goodbye = self.connection.close(200, "done".into());
        if !matches!(timeout(PATIENCE, goodbye).await, Ok(Ok(()))) {
            tracing::debug!("connection was closed without a goodbye");
        }
    }
}

/// The waits between attempts to connect: from 0.1 s to 5 s, with jitter, for ever.
pub(crate) fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(5))
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
        .build()
}
