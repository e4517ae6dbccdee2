//! "System S says that record K of kind N may have changed": a key, never a snapshot.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Key, Lane, Value};

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
    /// Whether something has just happened to the record, although the cause does not say so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
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
            urgent: false,
        }
    }

    /// Whether it gives way to events of what has just happened.
    pub fn can_wait(&self) -> bool {
        self.cause.can_wait() && !self.urgent
    }

    /// What its calls are worth. Of some kinds what has just happened is `essential`; what was begun always is.
    pub fn lane(&self, essential: bool) -> Lane {
        match self.cause {
            Cause::Rescue => Lane::Essential,
            _ if self.has_just_happened() && essential => Lane::Essential,
            _ if self.has_just_happened() => Lane::Live,
            Cause::Live | Cause::Work | Cause::Replay | Cause::Apply => Lane::Replay,
            Cause::Sweep => Lane::Sweep,
            Cause::FirstLoad => Lane::Bulk,
        }
    }

    fn has_just_happened(&self) -> bool {
        self.cause.has_just_happened() || self.urgent
    }

    /// Takes in another event of the same key: highest floor, strongest cause, all evidence. It waits only if both can.
    pub fn coalesce(&mut self, other: Self) {
        let has_just_happened = self.has_just_happened() || other.has_just_happened();
        self.cause = self.cause.max(other.cause);
        self.urgent = has_just_happened && !self.cause.has_just_happened();
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
    /// Other work waits for what this record's pair is to become (a job to write labour on).
    Work,
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
            Self::Work => "work",
            Self::Apply => "apply",
        }
    }

    /// Whether it says by itself that something has just happened, or was begun.
    const fn has_just_happened(self) -> bool {
        match self {
            Self::Live | Self::Rescue | Self::Work => true,
            Self::Sweep | Self::FirstLoad | Self::Replay | Self::Apply => false,
        }
    }

    /// Whether it is about what was there before, so that nobody waits for it.
    const fn can_wait(self) -> bool {
        match self {
            Self::Sweep | Self::FirstLoad => true,
            Self::Live | Self::Rescue | Self::Replay | Self::Work | Self::Apply => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, System};

    fn event(cause: Cause) -> Event {
        Event::new(Key::new(Kind::new("ticket"), System::Autotask, 1), cause)
    }

    #[test]
    fn what_has_just_happened_waits_for_nothing_whatever_it_is_taken_in_with() {
        for (first, second, cause, can_wait) in [
            (Cause::Live, Cause::Sweep, Cause::Sweep, false),
            (Cause::FirstLoad, Cause::Live, Cause::FirstLoad, false),
            (Cause::Sweep, Cause::FirstLoad, Cause::FirstLoad, true),
            (Cause::Sweep, Cause::Sweep, Cause::Sweep, true),
            (Cause::Sweep, Cause::Replay, Cause::Replay, false),
            (Cause::Work, Cause::Sweep, Cause::Work, false),
            (Cause::Replay, Cause::Work, Cause::Work, false),
        ] {
            let mut together = event(first);
            together.coalesce(event(second));
            assert_eq!(together.cause, cause, "{first:?} and {second:?}");
            assert_eq!(together.can_wait(), can_wait, "{first:?} and {second:?}");
            together.coalesce(event(Cause::Sweep));
            assert_eq!(together.can_wait(), can_wait, "and one more sweep");
        }
    }

    #[test]
    fn calls_are_worth_what_the_cause_says_and_more_where_something_has_just_happened() {
        let lanes = |event: &Event| [true, false].map(|essential| event.lane(essential).as_str());
        for (cause, alone, with_live) in [
            (Cause::Live, ["essential", "live"], ["essential", "live"]),
            (Cause::Sweep, ["sweep", "sweep"], ["essential", "live"]),
            (Cause::FirstLoad, ["bulk", "bulk"], ["essential", "live"]),
            (
                Cause::Rescue,
                ["essential", "essential"],
                ["essential", "essential"],
            ),
            (Cause::Replay, ["replay", "replay"], ["essential", "live"]),
            (Cause::Work, ["essential", "live"], ["essential", "live"]),
            (Cause::Apply, ["replay", "replay"], ["essential", "live"]),
        ] {
            let mut it = event(cause);
            assert_eq!(lanes(&it), alone, "{cause:?}");
            it.coalesce(event(Cause::Sweep));
            it.coalesce(event(Cause::Live));
            assert_eq!(lanes(&it), with_live, "{cause:?}, live and a sweep");
        }
    }

    #[test]
    fn urgency_survives_the_queue_and_an_older_event_has_none() {
        let mut urgent = event(Cause::Live);
        urgent.coalesce(event(Cause::Sweep));
        let text = serde_json::to_string(&urgent).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), urgent);
        let older = serde_json::to_string(&event(Cause::Sweep)).unwrap();
        assert!(!older.contains("urgent"), "{older}");
        assert!(serde_json::from_str::<Event>(&older).unwrap().can_wait());
    }
}
