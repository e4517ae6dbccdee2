//! Publishing: any number of callers, one task that owns the channel, a verdict for every caller.
//!
//! A publish is refused at once while the broker is away or blocks us, so that the caller can keep the message
//! elsewhere; nothing is queued in memory for better times.

mod flight;
mod gate;
mod task;

use std::{sync::Arc, time::Duration};

use domain::Failure;
use futures_util::{StreamExt as _, stream};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{Broker, Outgoing, Route, metrics as names};
use gate::Gate;
pub use task::PublisherTask;

/// Why a message is not known to be stored. Publishing it again is always right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// There is no connection.
    #[error("RabbitMQ is away")]
    Down,
    /// The broker has raised an alarm (memory or disk).
    #[error("RabbitMQ takes no messages for now; look at its memory and disk alarms")]
    Blocked,
    /// A queue that ingress feeds has reached its limit.
    #[error("the work queues are full")]
    Full,
    /// More callers wait than the limit allows.
    #[error("too many messages wait to be published")]
    Overloaded,
    /// No confirm in time: stored or not.
    #[error("RabbitMQ did not confirm in time")]
    Timeout,
    /// The broker said no, or the connection was lost on the way.
    #[error("RabbitMQ did not take the message")]
    Refused,
    /// No queue takes it: a declaration is missing.
    #[error(
        "no queue takes messages for `{exchange}` with key `{key}`; start a worker once to declare it"
    )]
    Unroutable {
        /// The exchange.
        exchange: String,
        /// The routing key.
        key: String,
    },
}

impl PublishError {
    /// The word in metrics and logs.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Blocked => "blocked",
            Self::Full => "full",
            Self::Overloaded => "overloaded",
            Self::Timeout => "timeout",
            Self::Refused => "refused",
            Self::Unroutable { .. } => "unroutable",
        }
    }
}

impl From<PublishError> for Failure {
    /// None of them is the message's fault.
    fn from(error: PublishError) -> Self {
        Self::retry(error)
    }
}

/// What a publisher will not exceed.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Messages sent and not yet confirmed.
    pub window: usize,
    /// Callers that wait for a place in the window.
    pub waiting: usize,
    /// How long a caller waits for its verdict.
    pub confirm: Duration,
    /// Messages in one of [`Self::watched`] above which live events are refused (and nothing else is).
    pub queue_length: u32,
    /// The queues whose length counts. Empty where the publisher does not belong to ingress.
    pub watched: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            window: 512,
            waiting: 4_096,
            confirm: Duration::from_secs(2),
            queue_length: 1_000_000,
            watched: Vec::new(),
        }
    }
}

/// Publishes with a confirm. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Publisher {
    jobs: mpsc::Sender<Job>,
    gate: Arc<Gate>,
    confirm: Duration,
    window: usize,
}

/// A message, where it goes, and who waits for its verdict.
#[derive(Debug)]
struct Job {
    exchange: String,
    key: String,
    outgoing: Outgoing,
    done: oneshot::Sender<Verdict>,
}

type Verdict = Result<(), PublishError>;

/// Bytes of a name in AMQP.
const LONGEST_NAME: usize = 255;

impl Publisher {
    /// A publisher, and the task that must run for it to be up.
    pub fn new(broker: &Broker, limits: Limits) -> (Self, PublisherTask) {
        let (sender, jobs) = mpsc::channel(limits.waiting);
        let gate = Arc::new(Gate::default());
        let publisher = Self {
            jobs: sender,
            gate: Arc::clone(&gate),
            confirm: limits.confirm,
            window: limits.window,
        };
        (
            publisher,
            PublisherTask::new(broker.clone(), limits, jobs, gate),
        )
    }

    /// Whether a publish would be tried at this moment.
    pub fn is_up(&self) -> bool {
        self.gate.admit(false).is_ok()
    }

    /// Whether a live event would be refused at this moment only because the watched queues are full.
    pub fn is_full(&self) -> bool {
        self.gate.admit(true) == Err(PublishError::Full)
    }

    /// Publishes one message. `Ok` only after the broker has stored it in at least one queue.
    pub async fn publish(&self, route: Route, outgoing: Outgoing) -> Result<(), PublishError> {
        let started = tokio::time::Instant::now();
        let verdict = self.attempt(&route, outgoing).await;
        let outcome = verdict
            .as_ref()
            .map_or_else(PublishError::as_str, |()| "confirmed");
        metrics::counter!(names::PUBLISHED, "outcome" => outcome).increment(1);
        if verdict.is_ok() {
            metrics::histogram!(names::CONFIRM_SECONDS).record(started.elapsed().as_secs_f64());
        }
        verdict
    }

    /// Publishes many messages at once; a verdict for each, in their order.
    pub async fn publish_all(
        &self,
        messages: impl IntoIterator<Item = (Route, Outgoing)>,
    ) -> Vec<Result<(), PublishError>> {
        stream::iter(messages)
            .map(|(route, outgoing)| self.publish(route, outgoing))
            .buffered(self.window)
            .collect()
            .await
    }

    async fn attempt(&self, route: &Route, outgoing: Outgoing) -> Verdict {
        self.gate.admit(route.is_live_event())?;
        let (exchange, key) = route.address();
        if exchange.len().max(key.len()) > LONGEST_NAME {
            return Err(PublishError::Unroutable { exchange, key });
        }
        let (done, verdict) = oneshot::channel();
        let job = Job {
            exchange,
            key,
            outgoing,
            done,
        };
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => PublishError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => PublishError::Down,
        })?;
        match timeout(self.confirm, verdict).await {
            Ok(Ok(verdict)) => verdict,
            Ok(Err(_)) => Err(PublishError::Down),
            Err(_) => Err(PublishError::Timeout),
        }
    }
}
