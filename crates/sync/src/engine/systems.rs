//! Whether the two systems may be worked with: a state in Postgres that all processes share.

use std::time::Duration;

use domain::{Failure, StopReason, System};
use store::Db;

/// Looks at the shared state of both systems.
#[derive(Debug, Clone)]
pub struct Systems {
    db: Db,
}

impl Systems {
    /// The state in `db`.
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Whether neither system is paused or stopped.
    pub async fn are_open(&self) -> Result<bool, store::Error> {
        Ok(store::system::state(&self.db)
            .await?
            .iter()
            .all(store::system::SystemState::is_running))
    }

    /// Stops a system for all processes: for a while, or, where its database is not the one we know, until that is over.
    pub async fn stop(
        &self,
        system: System,
        reason: &StopReason,
        after: Duration,
    ) -> Result<(), store::Error> {
        if let StopReason::Identity(_) | StopReason::Restored(_) = reason {
            if store::database::depart(&self.db, system, reason).await? {
                tracing::error!(
                    system = system.as_str(),
                    reason = %reason,
                    "nothing is written to this system any more: it is not the database we know"
                );
            }
            return Ok(());
        }
        tracing::warn!(
            system = system.as_str(),
            reason = reason.as_str(),
            "system stopped for now"
        );
        store::system::stop(&self.db, system, reason, after).await
    }

    /// Stops the system that a failure speaks of.
    pub(crate) async fn heed(&self, failure: &Failure) -> Result<(), store::Error> {
        match failure {
            Failure::Stop {
                system,
                reason,
                after,
                ..
            } => self.stop(*system, reason, *after).await,
            Failure::Retry { .. }
            | Failure::Await { .. }
            | Failure::Defer { .. }
            | Failure::Wait { .. }
            | Failure::Unsure { .. }
            | Failure::Hold { .. } => Ok(()),
        }
    }
}
