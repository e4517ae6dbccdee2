//! How records are named: system, kind and key.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

/// One of the two systems that Crossbill keeps equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// Autotask PSA.
    Autotask,
    /// Jim2 Business Engine.
    Jim2,
}

impl System {
    /// Both, in the order in which they are always shown.
    pub const BOTH: [Self; 2] = [Self::Autotask, Self::Jim2];

    /// The system at the other end.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Autotask => Self::Jim2,
            Self::Jim2 => Self::Autotask,
        }
    }

    /// The word used in columns, routing keys and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Autotask => "autotask",
            Self::Jim2 => "jim2",
        }
    }

    /// The system with this word, where there is one.
    pub fn named(word: &str) -> Option<Self> {
        Self::BOTH
            .into_iter()
            .find(|system| system.as_str() == word)
    }
}

impl fmt::Display for System {
    /// The name people know it by.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Autotask => "Autotask",
            Self::Jim2 => "Jim2",
        })
    }
}

/// A pair of record types that stand for the same thing, such as `ticket` (and its job).
///
/// A newtype over its word, not an enum, so that a new kind needs no change here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kind(Cow<'static, str>);

impl Kind {
    /// The kind with this word.
    pub const fn new(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// The word used in columns, queues and logs.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Kind {
    fn from(word: String) -> Self {
        Self(Cow::Owned(word))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A record's identifier in its own system, as text: an Autotask id, a Job#, a CardNo, `cardno-contno`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// The text, for a column, a log line or a URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number it stands for, where it is one.
    pub fn number(&self) -> Option<i64> {
        self.0.parse().ok()
    }
}

impl From<String> for RecordId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for RecordId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<i64> for RecordId {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a claim, an event and a held item are about: record `id` of `kind` in `system`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The family the record belongs to.
    pub kind: Kind,
    /// The system that holds it.
    pub system: System,
    /// Its identifier there.
    pub id: RecordId,
}

impl Key {
    /// A key from its three parts.
    pub fn new(kind: Kind, system: System, id: impl Into<RecordId>) -> Self {
        Self {
            kind,
            system,
            id: id.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {}", self.kind, self.id, self.system)
    }
}
