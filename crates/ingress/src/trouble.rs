//! Why a look at a source came to nothing, and what the other parts of Crossbill are told of it.

use std::{error::Error as StdError, time::Duration};

use domain::{Failure, Key, StopReason, System};
use store::Db;
use sync::Systems;

use crate::kind::TICKET;

/// Why a look at a source came to nothing. The cursor stays where it was.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// Postgres, or both it and RabbitMQ.
    #[error("Postgres cannot be used")]
    Store(#[from] store::Error),
    /// Jim2.
    #[error("Jim2 cannot be read")]
    Jim2(#[from] jim2::Error),
    /// Autotask.
    #[error("Autotask cannot be read")]
    Autotask(#[from] autotask::Error),
    /// Jim2 is not the database we know.
    #[error("Jim2 is not to be written to: {0}")]
    Departed(StopReason),
}

/// How soon a wrong database is looked at again: it may be the right one by then.
const DEPARTED: Duration = Duration::from_secs(30);

impl Trouble {
    /// Stops the system for all processes where that follows from the trouble, and tells it once.
    ///
    /// Answers how long to leave the source alone, where that is known.
    pub(crate) async fn settle(
        self,
        db: &Db,
        feed: &'static str,
        is_news: bool,
    ) -> Option<Duration> {
        let says = chain(&self);
        if is_news {
            tracing::error!(feed, reason = says, "feed stands still, its cursor stays");
        } else {
            tracing::debug!(feed, reason = says, "feed stands still");
        }
        let (system, reason, after) = self.stop()?;
        if let Err(error) = Systems::new(db.clone()).stop(system, &reason, after).await {
            let error = &error as &dyn StdError;
            tracing::warn!(feed, error, "the stop of a system was not stored");
        }
        Some(after)
    }

    /// Which system is stopped by this, why, and for how long.
    fn stop(self) -> Option<(System, StopReason, Duration)> {
        let failure = match self {
            Self::Store(_) => return None,
            Self::Departed(reason) => return Some((System::Jim2, reason, DEPARTED)),
            Self::Jim2(error) => error.into_failure(&feed(System::Jim2)),
            Self::Autotask(error) => error.into_failure(&feed(System::Autotask)),
        };
        match failure {
            Failure::Stop {
                system,
                reason,
                after,
                ..
            } => Some((system, reason, after)),
            Failure::Retry { .. }
            | Failure::Defer { .. }
            | Failure::Await { .. }
            | Failure::Wait { .. }
            | Failure::Unsure { .. }
            | Failure::Hold { .. } => None,
        }
    }
}

/// A key for failures that are not about a record; only a [`Failure::Stop`] is used of them.
fn feed(system: System) -> Key {
    Key::new(TICKET, system, "feed")
}

/// An error and its causes, outermost first.
fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
