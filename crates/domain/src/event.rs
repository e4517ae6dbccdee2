//! "System S says that record K of kind N may have changed": a key, never a snapshot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Key, Value};

/// The format of [`Event`] that this build writes. A newer one is deferred, not guessed at.
pub const EVENT_VERSION: u32 = 1;

/// A notice that a record may have changed. It carries nothing that a worker would apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The format; see [`EVENT_VERSION`].
    pub v: u32,
    /// The record.
    #[serde(flatten)]
    pub key: Key,
    /// Why we look at it.
    pub cause: Cause,
    /// How fresh a read must be to answer this event.
    #[serde(default, skip_serializing_if = "Floor::is_none")]
    pub floor: Floor,
    /// What the source told about the change. Never applied, only compared and journalled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}

impl Event {
    /// An event of the current version with neither floor nor evidence.
    pub fn new(key: Key, cause: Cause) -> Self {
        Self {
            v: EVENT_VERSION,
            key,
            cause,
            floor: Floor::default(),
            evidence: Vec::new(),
        }
    }

    /// Takes in another event of the same key: highest floor, strongest cause, all evidence.
    pub fn coalesce(&mut self, other: Self) {
        self.cause = self.cause.max(other.cause);
        self.floor = self.floor.highest(other.floor);
        self.evidence.extend(other.evidence);
    }
}

/// Why a record is looked at, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The source said so just now.
    Live,
    /// A comparison over a window or in full.
    Sweep,
    /// The first load of what was there before Crossbill.
    FirstLoad,
    /// A claim was left behind, or something changed while the record was claimed.
    Rescue,
    /// A problem was solved, or a person asked.
    Replay,
    /// A person asked that differences from before Crossbill be settled by the fields' owners.
    Apply,
}

impl Cause {
    /// The word used in the journal and in logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Sweep => "sweep",
            Self::FirstLoad => "first-load",
            Self::Rescue => "rescue",
            Self::Replay => "replay",
            Self::Apply => "apply",
        }
    }
}

/// The time or position in the source's own clock before which a read is too old.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The source's time of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The source's position of the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

impl Floor {
    /// Whether any read will do.
    pub fn is_none(&self) -> bool {
        self.at.is_none() && self.position.is_none()
    }

    /// The stricter of the two, part by part.
    #[must_use]
    pub fn highest(self, other: Self) -> Self {
        Self {
            at: self.at.max(other.at),
            position: self.position.max(other.position),
        }
    }
}

/// What a source told about one change: who, when, and the values it named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// When, in the source's clock.
    pub at: DateTime<Utc>,
    /// Who, as the source names people (resource id, initials).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The values named, by the source's own field names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Value>,
}
