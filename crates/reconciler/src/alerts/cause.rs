//! Something that needs a person, or that people should know.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use store::alert::Seen;

/// One cause, however many records wait for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What it is the same by: its class, and what it is about.
    pub identity: String,
    /// `held`, `departed`, `stopped`, `paused`, `gap`, `sweep-stopped`, `sweeps-late`, `spilled`, `unheard` or `unread`.
    pub class: String,
    /// A stable word within its class: a problem's code, a stop's reason.
    #[serde(default)]
    pub code: String,
    /// What is wrong, as a line to read first, without its number and money.
    pub says: String,
    /// How many items it is about; 0 where nothing is counted.
    #[serde(default)]
    pub items: i64,
    /// What they are called: `record`.
    #[serde(default)]
    pub unit: String,
    /// The money that it holds up, without GST, as far as it is known.
    #[serde(default)]
    pub net: Option<Decimal>,
    /// The companies that are affected, by name; ten at most.
    #[serde(default)]
    pub companies: Vec<String>,
    /// How many there are in all.
    #[serde(default)]
    pub companies_in_all: i64,
    /// Since when, where that is known better than by when it was first seen.
    #[serde(default)]
    pub since: Option<DateTime<Utc>>,
    /// More that helps to understand it.
    #[serde(default)]
    pub detail: Option<String>,
    /// Who can solve it: a [`domain::Fixer`]'s word.
    pub who: String,
    /// The one next step.
    pub step: String,
    /// Whether it goes on by itself, once the step is done.
    pub continues: bool,
    /// How many seconds it lasts before it is told of.
    #[serde(default)]
    pub patience_seconds: i64,
    /// How many seconds it is away before it is over.
    #[serde(default)]
    pub calm_seconds: i32,
}

impl Cause {
    /// As it is stored. What cannot be written as JSON is nothing that we make.
    pub fn seen(&self) -> Seen {
        Seen {
            cause: self.identity.clone(),
            body: serde_json::to_value(self).unwrap_or_default(),
            calm_seconds: self.calm_seconds,
        }
    }

    /// As it was stored; `None` where another build did in a way that this one does not know.
    pub fn stored(body: &serde_json::Value) -> Option<Self> {
        Self::deserialize(body).ok()
    }
}
