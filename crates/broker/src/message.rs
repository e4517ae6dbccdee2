//! A message before it is sent, and where it goes.

mod wire;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{Kind, System};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::topology::{DEAD, EVENTS, RETURN, key};

pub(crate) use wire::{death, headers, id, properties};

/// How urgent an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// It has just happened.
    Live,
    /// Sweeps, first loads and big replays.
    Bulk,
}

/// Where a message goes. It survives JSON, so that a message not sent can be kept in Postgres.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "lowercase")]
pub enum Route {
    /// To the queues bound for the system and kind.
    Event {
        /// The system that holds the record.
        system: System,
        /// The record's kind.
        kind: Kind,
        /// How urgent it is.
        lane: Lane,
    },
    /// To a retry tier, and from there to `queue`.
    Tier {
        /// The tier's name.
        tier: String,
        /// The queue it returns to.
        queue: String,
    },
    /// Straight into the queue with this name.
    Queue {
        /// The queue.
        queue: String,
    },
    /// To the dead queue.
    Dead,
}

impl Route {
    /// Exchange and routing key.
    pub(crate) fn address(&self) -> (String, String) {
        match self {
            Self::Event { system, kind, lane } => (EVENTS.to_owned(), key(*lane, *system, kind)),
            Self::Tier { tier, queue } => (tier.clone(), queue.clone()),
            Self::Queue { queue } => (RETURN.to_owned(), queue.clone()),
            Self::Dead => (DEAD.to_owned(), String::new()),
        }
    }

    /// Whether ingress feeds it: the only traffic that a full queue may refuse.
    pub(crate) fn is_live_event(&self) -> bool {
        matches!(
            self,
            Self::Event {
                lane: Lane::Live,
                ..
            }
        )
    }
}

/// A message to be published.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Identifies the message over all its copies.
    pub id: Uuid,
    /// The content.
    pub body: Bytes,
    /// What travels beside the content.
    pub headers: Headers,
}

impl std::fmt::Debug for Outgoing {
    /// Without the body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing")
            .field("id", &self.id)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// What travels beside the content, over all copies of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headers {
    /// Attempts made so far that count.
    #[serde(default)]
    pub attempt: u32,
    /// When the first copy was published.
    pub first_seen: DateTime<Utc>,
    /// The webhook that told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook: Option<String>,
    /// That webhook's sequence number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// That webhook's identifier of the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<String>,
    /// It died by the delivery limit before, and has its second chance alone: see [`crate::Suspects`].
    #[serde(default)]
    pub alone: bool,
    /// Why the last attempt failed, or why it was buried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The work queue it was buried from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buried_from: Option<String>,
}

impl Headers {
    /// The headers of a message that is published for the first time.
    pub fn new(first_seen: DateTime<Utc>) -> Self {
        Self {
            attempt: 0,
            first_seen,
            webhook: None,
            sequence: None,
            guid: None,
            alone: false,
            reason: None,
            buried_from: None,
        }
    }
}
