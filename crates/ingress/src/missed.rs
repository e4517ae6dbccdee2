//! Calls that had to be turned away while RabbitMQ and Postgres were both away: remembered in memory until a
//! gap says so in Postgres, which `crossbill status` shows.

use std::{
    error::Error as StdError,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::System;
use store::{Db, gap};
use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

/// How often Postgres is tried while something waits to be written down.
const TRY_EVERY: Duration = Duration::from_secs(2);
/// Autotask calls about a change for some minutes only; what claims to be older is taken as this old.
const OLDEST: TimeDelta = TimeDelta::hours(1);

/// Remembers the span in which calls were turned away. Clones share it.
#[derive(Debug, Clone)]
pub struct Missed {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    db: Db,
    span: Mutex<Option<Span>>,
    noted: Notify,
}

/// From the first missed change to the last call turned away.
#[derive(Debug, Clone, Copy)]
struct Span {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Span {
    fn with(self, other: Self) -> Self {
        Self {
            since: self.since.min(other.since),
            until: self.until.max(other.until),
        }
    }
}

impl Missed {
    /// Remembers for `db`.
    pub fn new(db: Db) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                span: Mutex::default(),
                noted: Notify::new(),
            }),
        }
    }

    /// Writes gaps down as soon as Postgres takes them, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.inner.noted.notified() => {}
            }
            while !self.write_down().await {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = sleep(TRY_EVERY) => {}
                }
            }
        }
        if !self.write_down().await {
            self.give_up();
        }
    }

    /// Takes note of a call turned away at `now`, about a change at `at` where that is known.
    pub(crate) fn note(&self, now: DateTime<Utc>, at: Option<DateTime<Utc>>) {
        let since = at.unwrap_or(now).clamp(now - OLDEST, now);
        self.put(Span { since, until: now });
        self.inner.noted.notify_one();
    }

    /// Opens the gap. `false` if Postgres is still away.
    async fn write_down(&self) -> bool {
        let Some(span) = self.lock().take() else {
            return true;
        };
        let gap = gap::NewGap {
            system: System::Autotask,
            kind: None,
            reason: "webhook calls were turned away while RabbitMQ and Postgres were both away",
            since: span.since,
            until: Some(span.until),
            missed: None,
        };
        match gap::open(&self.inner.db, &gap).await {
            Ok(_) => {
                tracing::warn!(
                    since = %span.since,
                    until = %span.until,
                    "webhook calls were turned away, a gap is open"
                );
                true
            }
            Err(error) => {
                tracing::debug!(error = &error as &dyn StdError, "the gap is not open yet");
                self.put(span);
                false
            }
        }
    }

    /// Tells in the log what no gap tells.
    fn give_up(&self) {
        let Some(span) = *self.lock() else { return };
        tracing::error!(
            since = %span.since,
            until = %span.until,
            "webhook calls were turned away and no gap says so: records changed in Autotask between these times are \
             carried at their next change, and `crossbill connect` finds new tickets that have no job yet"
        );
    }

    fn put(&self, span: Span) {
        let mut kept = self.lock();
        *kept = Some(kept.map_or(span, |kept| kept.with(span)));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Span>> {
        self.inner
            .span
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
