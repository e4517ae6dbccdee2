//! Why a step of upkeep came to nothing.

use std::error::Error as StdError;

use domain::{Failure, Key, Kind, System};
use store::Db;
use sync::Systems;

/// Why a step came to nothing. It is repeated, and whatever it did before is safe.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Postgres.
    #[error("Postgres cannot be used")]
    Store(#[from] store::Error),
    /// RabbitMQ.
    #[error("RabbitMQ cannot be used")]
    Broker(#[from] broker::Error),
    /// RabbitMQ did not store a message.
    #[error("a message was not stored")]
    Unsent(#[from] broker::PublishError),
    /// Autotask.
    #[error("Autotask cannot be asked")]
    Autotask(#[from] autotask::Error),
    /// Jim2.
    #[error("Jim2 cannot be asked")]
    Jim2(#[from] jim2::Error),
    /// Records could not be read.
    #[error("the records cannot be read")]
    Hands(#[source] Box<Failure>),
    /// People could not be told.
    #[error("people could not be told")]
    Untold(#[from] crate::alerts::Trouble),
    /// What can wait has to, so that there are calls left for what cannot. It stops nobody else.
    #[error("Autotask has no room now for what can wait")]
    Waits,
    /// What has all night is not done by day.
    #[error("the night is over, and it goes on in the next one")]
    Day,
    /// A system was paused or stopped meanwhile.
    #[error("a system was paused or stopped meanwhile")]
    Closed,
    /// So many records are not told any more that a person looks before anybody acts on it.
    #[error(
        "{absent} of {asked} {records} are not told any more by {system}: {cause}? None of them is looked at meanwhile. For the \
         integrator: find out why; if they are meant to be gone: crossbill resume --release {kind}"
    )]
    Absent {
        /// How many are not told, and were.
        absent: i64,
        /// After how many was asked.
        asked: i64,
        /// What people call them.
        records: &'static str,
        /// By whom.
        system: System,
        /// What is more likely than that they are gone.
        cause: &'static str,
        /// The kind to release.
        kind: Kind,
    },
    /// Another process has gone on with it.
    #[error("another process has gone on with it")]
    Overtaken,
}

impl From<crate::webhooks::Error> for Trouble {
    fn from(error: crate::webhooks::Error) -> Self {
        match error {
            crate::webhooks::Error::Store(error) => Self::Store(error),
            crate::webhooks::Error::Autotask(error) => Self::Autotask(error),
        }
    }
}

impl From<crate::lists::Error> for Trouble {
    fn from(error: crate::lists::Error) -> Self {
        match error {
            crate::lists::Error::Store(error) => Self::Store(error),
            crate::lists::Error::Autotask { source, .. } => Self::of_sweep(source),
            crate::lists::Error::Jim2(error) => Self::Jim2(error),
        }
    }
}

impl Trouble {
    /// A failure of a call that can wait for its turn.
    pub(crate) fn of_sweep(error: autotask::Error) -> Self {
        let waits = matches!(&error, autotask::Error::TooManyAtOnce { .. })
            || matches!(&error, autotask::Error::Budget(refused) if !refused.is_for_all);
        if waits {
            Self::Waits
        } else {
            Self::Autotask(error)
        }
    }

    /// Whether one message was not taken, and another may be.
    pub(crate) fn is_of_one_message(&self) -> bool {
        use crate::alerts::Trouble as Untold;
        matches!(
            self,
            Self::Untold(Untold::Refused(..) | Untold::Unsendable(_))
        )
    }

    /// What happens next with the system that this is about.
    fn failure(self) -> Option<Failure> {
        // Only a stop is used of the failure, so it matters not which record it names.
        let key = |system| Key::new(Kind::new("ticket"), system, "upkeep");
        match self {
            Self::Autotask(error) => Some(error.into_failure(&key(System::Autotask))),
            Self::Jim2(error) => Some(error.into_failure(&key(System::Jim2))),
            Self::Hands(failure) => Some(*failure),
            Self::Store(_)
            | Self::Broker(_)
            | Self::Unsent(_)
            | Self::Untold(_)
            | Self::Waits
            | Self::Day
            | Self::Absent { .. }
            | Self::Closed
            | Self::Overtaken => None,
        }
    }

    /// Stops a system for all processes where that follows from its answer.
    pub(crate) async fn heed(self, db: &Db) {
        let Some(Failure::Stop {
            system,
            reason,
            after,
            ..
        }) = self.failure()
        else {
            return;
        };
        if let Err(error) = Systems::new(db.clone()).stop(system, &reason, after).await {
            tracing::warn!(
                error = &error as &dyn StdError,
                "the stop of a system was not stored"
            );
        }
    }
}

/// An error and its causes, outermost first.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
