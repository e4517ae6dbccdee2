//! One way to connect. A lost connection is never mended: its owner drops it and opens a new one.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use chrono::{DateTime, Utc};
use domain::Clock;
use lapin::{
    Channel, Connection, ConnectionProperties, ConnectionStatus,
    options::{ConfirmSelectOptions, QueueDeclareOptions},
    types::FieldTable,
};
use tokio::{
    sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::timeout,
};

use crate::{AmqpUrl, Error, Topology, topology};

const PATIENCE: Duration = Duration::from_secs(5);
/// How long declaring may take: a broker that came back empty makes every queue anew.
const DECLARED_WITHIN: Duration = Duration::from_secs(30);

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
    /// For looking: depths and pings.
    desk: Mutex<Option<Desk>>,
    /// What is declared with every connection that works, once it was declared.
    topology: OnceLock<Topology>,
    /// Who handles messages now: many together, or one alone.
    room: RwLock<()>,
}

/// Where queues are looked at, one question after the other. A channel costs the broker more than a look, so it is kept.
#[derive(Debug)]
struct Desk {
    session: Session,
    channel: Option<Channel>,
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
                topology: OnceLock::new(),
                room: RwLock::new(()),
            }),
        }
    }

    /// Declares exchanges, queues and bindings. Safe to repeat, and done at every start.
    ///
    /// What was declared first is declared again with every connection that publishes or consumes, so that a broker
    /// that came back empty, or a queue that somebody deleted, is put right by whoever meets it.
    pub async fn declare(&self, topology: &Topology) -> Result<(), Error> {
        let topology = self.inner.topology.get_or_init(|| topology.clone());
        let session = self.connect("declare").await?;
        let declared = self.declare_over(&session, topology).await;
        session.close().await;
        declared
    }

    /// Declares again what this process has declared, over a connection of its own.
    pub async fn declare_again(&self) -> Result<(), Error> {
        match self.inner.topology.get() {
            Some(topology) => self.declare(topology).await,
            None => Ok(()),
        }
    }

    /// Waits until no message is handled alone, and keeps it so: for as long as messages are handled together.
    pub async fn together(&self) -> RwLockReadGuard<'_, ()> {
        self.inner.room.read().await
    }

    /// Waits until nobody in this process handles any message, and keeps it so: for one that may end the process.
    pub async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.inner.room.write().await
    }

    /// How many messages wait in `queue`, and how many consumers it has.
    pub async fn depth(&self, queue: &str) -> Result<Depth, Error> {
        let mut desk = self.inner.desk.lock().await;
        let (session, channel) = self.seated(desk.take()).await?;
        let seen = timeout(PATIENCE, passive(&channel, queue)).await;
        let seen = seen.unwrap_or_else(|_| Err(self.silent()));
        // The broker closes a channel over which a missing queue was asked for.
        let channel = Some(channel).filter(|_| seen.is_ok());
        *desk = Some(Desk { session, channel });
        seen
    }

    /// Asks the broker for an answer.
    pub async fn ping(&self) -> Result<(), Error> {
        let mut desk = self.inner.desk.lock().await;
        let before = desk.take().map(|desk| desk.session);
        let before = before.map(|session| Desk {
            session,
            channel: None,
        });
        let (session, channel) = self.seated(before).await?;
        let channel = Some(channel);
        *desk = Some(Desk { session, channel });
        Ok(())
    }

    /// Declares again over `session` what this process has declared.
    pub(crate) async fn declared(&self, session: &Session) -> Result<(), Error> {
        match self.inner.topology.get() {
            Some(topology) => self.declare_over(session, topology).await,
            None => Ok(()),
        }
    }

    async fn declare_over(&self, session: &Session, topology: &Topology) -> Result<(), Error> {
        let declaring = async { topology::declare(&session.channel().await?, topology).await };
        timeout(DECLARED_WITHIN, declaring)
            .await
            .unwrap_or_else(|_| Err(self.silent()))
    }

    /// One attempt at a connection of its own for `role`.
    pub(crate) async fn connect(&self, role: &str) -> Result<Session, Error> {
        let name = format!("{} {role}", self.inner.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let attempt = Connection::connect_uri(self.inner.url.uri()?, properties);
        match timeout(PATIENCE, attempt).await {
            Ok(Ok(connection)) => Ok(Session { connection }),
            Ok(Err(source)) => Err(Error::Connect {
                at: self.inner.url.at().to_owned(),
                source,
            }),
            Err(_) => Err(self.silent()),
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    pub(crate) fn silent(&self) -> Error {
        Error::Silent {
            at: self.inner.url.at().to_owned(),
        }
    }

    /// A connection and a channel for looking: those of before where they are still open.
    async fn seated(&self, desk: Option<Desk>) -> Result<(Session, Channel), Error> {
        let (session, channel) = match desk.filter(|desk| desk.session.is_connected()) {
            Some(Desk { session, channel }) => (session, channel),
            None => (self.connect("desk").await?, None),
        };
        let channel = match channel.filter(|channel| channel.status().connected()) {
            Some(channel) => channel,
            None => timeout(PATIENCE, session.channel())
                .await
                .map_err(|_| self.silent())??,
        };
        Ok((session, channel))
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

/// The waits between attempts to use the broker: from 0.1 s to 5 s, with jitter, for ever.
pub fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(5))
        .with_factor(2.0)
        .with_jitter()
        .without_max_times()
        .build()
}
