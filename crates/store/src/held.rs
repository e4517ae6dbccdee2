//! Held items: pairs that wait for a problem to be solved, and dead letters; grouped by problem.

mod archive;
mod bury;
mod read;
mod replay;
mod write;

use chrono::{DateTime, Utc};
use domain::{Kind, RecordId, System};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

pub use archive::archive;
pub use bury::{DeadLetter, bury};
pub(crate) use read::of_pairs;
pub use read::{groups, list, open_problems, show};
pub use replay::{Replay, Resend, published, resent, solved, take_for_replay};
pub(crate) use write::{Item, clear, upsert};

use crate::journal;

/// What a held item waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldProblem {
    /// The problem, as [`domain::Problem::identity`].
    pub identity: String,
    /// The field it holds back; `None` where it holds back the whole record.
    pub field: Option<String>,
    /// What is wrong.
    pub says: String,
}

impl HeldProblem {
    /// Whether it is about this subject, as its text.
    pub fn is_about(&self, subject: &str) -> bool {
        let told = self.identity.split_once('|');
        told.is_some_and(|(_, told)| told == subject)
    }
}

/// A row of `held`, without its body.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeldRow {
    /// Its own id.
    pub id: Uuid,
    /// The pair, unless it is a dead letter that names no record.
    pub pair: Option<Uuid>,
    /// The record's kind.
    pub kind: Option<Kind>,
    /// The record's system.
    pub system: Option<System>,
    /// The record.
    pub record_id: Option<RecordId>,
    /// How people know it.
    pub label: String,
    /// The queue of a dead letter.
    pub queue: Option<String>,
    /// What is not happening.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was last tried.
    pub last_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i32,
    /// The money it holds up, without GST, where it is known.
    pub net: Option<Decimal>,
    /// When a person put it away.
    pub archived_at: Option<DateTime<Utc>>,
}

/// A held item with all that explains it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shown {
    /// The item.
    pub item: HeldRow,
    /// What it waits for.
    pub problems: Vec<OpenProblem>,
    /// What happened to the pair, latest first.
    pub journal: Vec<journal::Record>,
    /// What will be published: an event, or a dead letter's body as text.
    pub message: Value,
}

/// A row of `problem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenProblem {
    /// Code and subject.
    pub identity: String,
    /// A stable word for grouping.
    pub code: String,
    /// The fact that is missing or wrong, as a [`domain::Subject`].
    pub subject: Value,
    /// What is wrong.
    pub says: String,
    /// Who can solve it: a [`domain::Fixer`]'s word.
    pub who: String,
    /// How.
    pub step: String,
    /// Whether it goes on by itself once the step is done.
    pub continues: bool,
    /// Since when.
    pub opened_at: DateTime<Utc>,
}

/// A problem with the items it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The problem.
    pub problem: OpenProblem,
    /// How many items it holds.
    pub items: i64,
    /// The oldest of them.
    pub since: DateTime<Utc>,
    /// The money they hold up, without GST, as far as it is known.
    pub net: Option<Decimal>,
    /// A few of them, as people know them.
    pub labels: Vec<String>,
    /// The companies that they belong to, as far as they are known, by name; the first ten.
    pub companies: Vec<String>,
    /// How many companies there are in all.
    pub companies_in_all: i64,
}

/// Which held items an act is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// These.
    Ids(Vec<Uuid>),
    /// Those that wait for the problem with this identity.
    Problem(String),
    /// All that are not archived.
    All,
}

impl Which {
    fn ids(&self) -> Option<&[Uuid]> {
        match self {
            Self::Ids(ids) => Some(ids),
            Self::Problem(_) | Self::All => None,
        }
    }

    fn problem(&self) -> Option<&str> {
        match self {
            Self::Problem(identity) => Some(identity),
            Self::Ids(_) | Self::All => None,
        }
    }
}

#[cfg(test)]
mod tests;
