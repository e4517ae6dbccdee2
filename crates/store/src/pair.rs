//! Pairs: one Autotask record and one Jim2 record that stand for the same thing.

mod absorb;
mod children;
mod generation;
mod link;
mod list;
mod read;
mod restore;
mod row;
mod unlink;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Event, Key, Kind, RecordId, System};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use absorb::{Absorbed, absorb, wait_on};
pub use children::ChildRow;
pub(crate) use children::write as write_children;
pub(crate) use generation::begin_next;
pub use link::{Link, Linked, link};
pub use list::{Count, Filter, Page, counts, known_ids, list, walk};
pub(crate) use read::children_of;
pub use read::{by_id, by_name, children, find, of_owners, others};
pub use restore::{claimed, count_touched, first_made, forget_jim2, lose, lose_children, touched};
pub(crate) use row::{Columns, load, resolve};
pub use unlink::{Turned, Unlinked, ignore, unignore, unlink};

use crate::Error;

/// What became of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Seen, not paired yet.
    New,
    /// Both halves are there.
    Paired,
    /// Paired once; the Autotask half has gone on with another generation.
    Earlier,
    /// Paired once, and a half vanished.
    Gone,
    /// A person said that it is not to be paired.
    Ignored,
}

impl State {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::New,
        Self::Paired,
        Self::Earlier,
        Self::Gone,
        Self::Ignored,
    ];

    /// The word used in the column and on screens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Paired => "paired",
            Self::Earlier => "earlier",
            Self::Gone => "gone",
            Self::Ignored => "ignored",
        }
    }

    /// The state with this word, where there is one.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub(crate) fn read(word: &str) -> Result<Self, Error> {
        Self::named(word).ok_or_else(|| Error::Word {
            column: "pair.state",
            word: word.to_owned(),
        })
    }
}

/// A row of `pair`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairRow {
    /// Its own id.
    pub id: Uuid,
    /// Its kind.
    pub kind: Kind,
    /// The Autotask half.
    pub autotask_id: Option<RecordId>,
    /// The Jim2 half.
    pub jim2_id: Option<RecordId>,
    /// The pair that it belongs to (a note's ticket).
    pub parent: Option<Uuid>,
    /// Which job of the ticket this is, from 1.
    pub generation: i32,
    /// What became of it.
    pub state: State,
    /// How people know it.
    pub label: String,
    /// The raw values of both sides on which they last agreed.
    pub shadow: Option<Value>,
    /// The mapping under which they agreed.
    pub mapping_version: i64,
    /// Counts the claims.
    pub epoch: i64,
    /// Who has it claimed.
    pub claimed_by: Option<String>,
    /// Until when, in Postgres's clock.
    pub claimed_until: Option<DateTime<Utc>>,
    /// Events that met the claim.
    pub dirty: Vec<Event>,
    /// When we last wrote to either side.
    pub written_at: Option<DateTime<Utc>>,
    /// How long ago that was when the row was read, in Postgres's clock.
    pub written_ago: Option<Duration>,
    /// When it was first seen.
    pub created_at: DateTime<Utc>,
    /// When it was last remembered.
    pub changed_at: DateTime<Utc>,
}

impl PairRow {
    /// The half in `system`.
    pub fn id_in(&self, system: System) -> Option<&RecordId> {
        match system {
            System::Autotask => self.autotask_id.as_ref(),
            System::Jim2 => self.jim2_id.as_ref(),
        }
    }

    /// Whether both halves are known.
    pub fn is_complete(&self) -> bool {
        self.autotask_id.is_some() && self.jim2_id.is_some()
    }

    /// A key that finds this row again: the Autotask half, unless that now has a later generation.
    pub fn key(&self) -> Key {
        key(
            self.kind.clone(),
            self.autotask_id.clone(),
            self.jim2_id.clone(),
            self.state,
        )
    }
}

/// See [`PairRow::key`]. A row has at least one half; the schema says so.
pub(crate) fn key(
    kind: Kind,
    autotask_id: Option<RecordId>,
    jim2_id: Option<RecordId>,
    state: State,
) -> Key {
    match (autotask_id, jim2_id) {
        (_, Some(id)) if state == State::Earlier => Key::new(kind, System::Jim2, id),
        (Some(id), _) => Key::new(kind, System::Autotask, id),
        (None, id) => Key::new(
            kind,
            System::Jim2,
            id.expect("a pair has at least one half"),
        ),
    }
}

/// Ends what a pair was about before a person decided anew: a write that was meant and can no longer arrive, and the
/// copies of notes, which were made for halves that another half has never heard of.
async fn end_earlier_life(tx: &mut PgConnection, pair: Uuid) -> Result<(), Error> {
    sqlx::query!("delete from pair where parent = $1", pair)
        .execute(&mut *tx)
        .await?;
    sqlx::query!("delete from intent where pair_id = $1", pair)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
