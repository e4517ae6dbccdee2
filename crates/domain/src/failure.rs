//! Why something could not be done, told as what happens next.

use std::{error::Error, time::Duration};

use crate::{Key, Problem, System};

/// The error behind a [`Failure`].
pub type Source = Box<dyn Error + Send + Sync>;

/// Why an event could not be handled. There is no "error", only what happens next.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The world may recover by itself: handle it again, no sooner than `after`.
    #[error("worth another attempt")]
    Retry {
        /// What the other side asked us to wait, where it said.
        after: Option<Duration>,
        /// What happened.
        #[source]
        source: Source,
    },
    /// Another record has to be looked at first, because this work waits for what becomes of it: it is told so, and this
    /// is handled again soon. Nothing is remembered of that, so that each attempt tells it again.
    #[error("waits for {key}")]
    Await {
        /// The other record.
        key: Key,
        /// What is waited for.
        #[source]
        source: Source,
    },
    /// People are at a record of the other side and will be done with it: this is handled again, and held for the problem
    /// only once a business day has passed since it began to wait.
    #[error("waits: {}", problem.says)]
    Wait {
        /// What people may have forgotten.
        problem: Box<Problem>,
    },
    /// A write was sent and its answer was lost: look before writing again.
    #[error("sent, and the answer was lost")]
    Unsure {
        /// What happened.
        #[source]
        source: Source,
    },
    /// Only a person can help with this record.
    #[error("held: {}", problems.first().map_or("", |problem| problem.says.as_str()))]
    Hold {
        /// All that is wrong, not only the first thing.
        problems: Vec<Problem>,
    },
    /// Its turn has not come, as there is no room for its calls now: no attempt is counted, nothing is held, and nobody
    /// else waits for it.
    #[error("not its turn")]
    Defer {
        /// When to ask again.
        after: Duration,
        /// What was in the way.
        #[source]
        source: Source,
    },
    /// Nothing of this system can go on: no attempt is counted, nothing is held.
    #[error("{system} is stopped: {reason}")]
    Stop {
        /// Which one.
        system: System,
        /// Why.
        reason: StopReason,
        /// When to look again.
        after: Duration,
        /// What happened.
        #[source]
        source: Source,
    },
}

impl Failure {
    /// The world may recover by itself.
    pub fn retry(source: impl Into<Source>) -> Self {
        Self::Retry {
            after: None,
            source: source.into(),
        }
    }

    /// Another record has to be looked at first.
    pub fn wait_for(key: Key, source: impl Into<Source>) -> Self {
        Self::Await {
            key,
            source: source.into(),
        }
    }
}

/// Why a whole system is stopped. The text is the reason an operator reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// It does not answer, or answers that it is broken.
    #[error("it does not answer")]
    Away,
    /// Our credentials do not hold.
    #[error("it refuses our credentials ({0})")]
    Credentials(String),
    /// The hourly allowance or a lane of it is used up.
    #[error("the hourly allowance of calls is used up")]
    Budget,
    /// No licence is free for a writing session.
    #[error("no licence is free")]
    Licence,
    /// It is not the database we know, which may answer again: another one, or a training copy.
    #[error("it is not the database we know ({0})")]
    Identity(String),
    /// It is the database we know in an earlier state.
    #[error("it was put back to an earlier state ({0})")]
    Restored(String),
}

impl StopReason {
    /// The word in columns and metrics.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Credentials(_) => "credentials",
            Self::Budget => "budget",
            Self::Licence => "licence",
            Self::Identity(_) => "identity",
            Self::Restored(_) => "restored",
        }
    }
}
