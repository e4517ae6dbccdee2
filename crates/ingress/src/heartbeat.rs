//! How long nobody took webhooks is found out afterwards: whoever takes them says so every few seconds.

use std::{collections::BTreeSet, error::Error as StdError, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Kind, System};
use store::{Db, gap, heartbeat, webhook};
use sync::clocks::{Clocks, OUR_CLOCK};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::payload::Entity;

/// How often.
const EVERY: Duration = Duration::from_secs(10);
/// Autotask calls again for two minutes (autotask.md §5.6): a shorter silence loses nothing.
const SILENCE: TimeDelta = TimeDelta::seconds(60);
/// Why events may be missing.
const REASON: &str = "nobody took webhooks: ingress was away";

/// The heart of a process that takes webhooks.
#[derive(Debug)]
pub struct Heartbeat {
    db: Db,
    clock: Arc<dyn Clock>,
    /// When it last beat, or tried to; a process that was asleep meanwhile took nothing.
    tried_at: Option<DateTime<Utc>>,
    /// Our clock beside Postgres's.
    clocks: Clocks,
}

impl Heartbeat {
    /// Of a process that has just begun.
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            clock,
            tried_at: None,
            clocks: Clocks::default(),
        }
    }

    /// Beats until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            if let Err(error) = self.beat().await {
                let error = &error as &dyn StdError;
                tracing::debug!(error, "Postgres does not know that webhooks are taken");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
            }
        }
    }

    /// Opens a gap for the time since the last beat of anybody, where this process took nothing meanwhile either; then
    /// says that webhooks are taken.
    pub(crate) async fn beat(&mut self) -> Result<(), store::Error> {
        let now = self.clock.now();
        let theirs = heartbeat::now(&self.db).await?;
        let of = (System::BOTH.as_slice(), OUR_CLOCK);
        self.clocks.compare(&self.db, (now, theirs), of).await?;
        let was_here = self.tried_at.is_some_and(|at| now - at <= SILENCE);
        if !was_here
            && let Some((since, until)) = heartbeat::last(&self.db, heartbeat::INGRESS).await?
            && until - since > SILENCE
        {
            self.open_gaps(since, until).await?;
        }
        self.tried_at = Some(now);
        heartbeat::beat(&self.db, heartbeat::INGRESS).await
    }

    /// Only the kinds whose webhooks we have can miss any.
    async fn open_gaps(
        &self,
        since: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(), store::Error> {
        let webhooks = webhook::list(&self.db).await?;
        let kinds: BTreeSet<Kind> = webhooks
            .iter()
            .filter_map(|row| Some(Entity::named(&row.entity)?.kind()))
            .collect();
        for kind in &kinds {
            let missed = gap::NewGap {
                system: System::Autotask,
                kind: Some(kind),
                reason: REASON,
                since,
                until: Some(until),
                missed: None,
            };
            gap::open(&self.db, &missed).await?;
        }
        if !kinds.is_empty() {
            tracing::warn!(%since, %until, "webhooks were not taken meanwhile, a gap is open");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
