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
}

impl Trouble {
    /// Stops Autotask for all processes where that follows from its answer.
    pub(crate) async fn heed(self, db: &Db) {
        let Self::Autotask(error) = self else { return };
        // Only a stop is used of the failure, so it matters not which record it names.
        let key = Key::new(Kind::new("ticket"), System::Autotask, "upkeep");
        let Failure::Stop {
            system,
            reason,
            after,
            ..
        } = error.into_failure(&key)
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
