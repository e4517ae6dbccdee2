//! Whether a publish is worth trying, decided before anything is queued.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use lapin::ConnectionStatus;

use super::PublishError;
use crate::metrics as names;

/// What callers know of the connection.
#[derive(Debug, Default)]
pub(super) struct Gate {
    connection: Mutex<Option<ConnectionStatus>>,
    full: AtomicBool,
}

impl Gate {
    pub(super) fn open(&self, connection: ConnectionStatus) {
        *self.lock() = Some(connection);
        metrics::gauge!(names::PUBLISHER_UP).set(1);
    }

    pub(super) fn shut(&self) {
        *self.lock() = None;
        self.full.store(false, Ordering::Relaxed);
        metrics::gauge!(names::PUBLISHER_UP).set(0);
    }

    pub(super) fn set_full(&self, full: bool) {
        if self.full.swap(full, Ordering::Relaxed) != full {
            tracing::warn!(full, "queue limit of ingress passed or left");
        }
    }

    /// While the broker blocks us, lapin would pile up what we write without limit.
    pub(super) fn admit(&self, live_event: bool) -> Result<(), PublishError> {
        let link = match &*self.lock() {
            Some(status) if status.connected() && status.blocked() => Link::Blocked,
            Some(status) if status.connected() => Link::Up,
            Some(_) | None => Link::Down,
        };
        admit(link, live_event && self.full.load(Ordering::Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, Option<ConnectionStatus>> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Clone, Copy)]
enum Link {
    Down,
    Blocked,
    Up,
}

fn admit(link: Link, full: bool) -> Result<(), PublishError> {
    match link {
        Link::Down => Err(PublishError::Down),
        Link::Blocked => Err(PublishError::Blocked),
        Link::Up if full => Err(PublishError::Full),
        Link::Up => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_that_is_away_or_blocks_us_is_not_even_tried() {
        for (link, full, expected) in [
            (Link::Down, false, Err(PublishError::Down)),
            (Link::Down, true, Err(PublishError::Down)),
            (Link::Blocked, false, Err(PublishError::Blocked)),
            (Link::Blocked, true, Err(PublishError::Blocked)),
            (Link::Up, true, Err(PublishError::Full)),
            (Link::Up, false, Ok(())),
        ] {
            assert_eq!(admit(link, full), expected, "{link:?}, full: {full}");
        }
    }

    #[test]
    fn full_queues_refuse_live_events_only() {
        let gate = Gate::default();
        gate.open(ConnectionStatus::default());
        gate.set_full(true);
        gate.shut();
        assert_eq!(gate.admit(true), Err(PublishError::Down));
        assert!(
            !gate.full.load(Ordering::Relaxed),
            "a new connection looks again"
        );
    }
}
