//! What happened, append-only.

mod date_out;

use chrono::{DateTime, Utc};
use domain::{Cause, Kind, System};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::date_out::{DATE_OUT, Moved, date_out_moved};
use crate::{Db, Error, error};

/// What happened to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A half was made.
    Created,
    /// Fields were written.
    Updated,
    /// Two records became a pair.
    Linked,
    /// Both sides had changed; the owner decided.
    Conflict,
    /// A person's change may have been written over.
    PossiblyOverwritten,
    /// Something waits for a problem to be solved.
    Held,
    /// What was held went on.
    Released,
    /// A person or a filter took it out of the work.
    Ignored,
    /// A half vanished.
    Gone,
    /// The sides differ though neither changed.
    Drift,
    /// A person took the pair apart.
    Unlinked,
    /// Something was given up.
    Dropped,
}

impl What {
    /// All, in the order of the migration.
    pub const ALL: [Self; 12] = [
        Self::Created,
        Self::Updated,
        Self::Linked,
        Self::Conflict,
        Self::PossiblyOverwritten,
        Self::Held,
        Self::Released,
        Self::Ignored,
        Self::Gone,
        Self::Drift,
        Self::Unlinked,
        Self::Dropped,
    ];

    /// The word used in the column and on screens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Linked => "linked",
            Self::Conflict => "conflict",
            Self::PossiblyOverwritten => "possibly-overwritten",
            Self::Held => "held",
            Self::Released => "released",
            Self::Ignored => "ignored",
            Self::Gone => "gone",
            Self::Drift => "drift",
            Self::Unlinked => "unlinked",
            Self::Dropped => "dropped",
        }
    }

    fn read(word: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|what| what.as_str() == word)
            .ok_or_else(|| Error::Word {
                column: "journal.what",
                word: word.to_owned(),
            })
    }
}

/// One thing that happened, to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What.
    pub what: What,
    /// To which side.
    pub system: Option<System>,
    /// Why we looked at it.
    pub cause: Cause,
    /// Field, before, after, what was lost.
    pub body: Value,
    /// How many calls it cost.
    pub calls: i32,
}

/// One thing that happened, as read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// When.
    pub at: DateTime<Utc>,
    /// The pair, which may be gone.
    pub pair: Option<Uuid>,
    /// The kind.
    pub kind: Kind,
    /// What.
    pub what: What,
    /// To which side.
    pub system: Option<System>,
    /// Why we looked at it: a [`Cause`]'s word, or `operator`.
    pub cause: String,
    /// Field, before, after, what was lost.
    pub body: Value,
    /// How many calls it cost.
    pub calls: i32,
}

/// What happened to a pair, latest first.
pub async fn of_pair(db: &Db, pair: Uuid, limit: i64) -> Result<Vec<Record>, Error> {
    sqlx::query_as!(
        Raw,
        "select at, pair_id, kind, what, system, cause, body, calls
         from journal where pair_id = $1 order by id desc limit $2",
        pair,
        limit,
    )
    .fetch_all(&db.0)
    .await?
    .into_iter()
    .map(Record::try_from)
    .collect()
}

/// What happened lately, latest first.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Record>, Error> {
    sqlx::query_as!(
        Raw,
        "select at, pair_id, kind, what, system, cause, body, calls
         from journal order by id desc limit $1",
        limit,
    )
    .fetch_all(&db.0)
    .await?
    .into_iter()
    .map(Record::try_from)
    .collect()
}

/// Writes what happened to a pair, in the order given.
pub(crate) async fn write(
    tx: &mut PgConnection,
    pair: Uuid,
    entries: &[Entry],
) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let whats: Vec<String> = words(entries, |entry| entry.what.as_str());
    let causes: Vec<String> = words(entries, |entry| entry.cause.as_str());
    let systems: Vec<Option<String>> = entries
        .iter()
        .map(|entry| entry.system.map(|system| system.as_str().to_owned()))
        .collect();
    let bodies: Vec<Value> = entries.iter().map(|entry| entry.body.clone()).collect();
    let calls: Vec<i32> = entries.iter().map(|entry| entry.calls).collect();
    sqlx::query!(
        "insert into journal (pair_id, kind, what, system, cause, body, calls)
         select p.id, p.kind, e.what, e.system, e.cause, e.body, e.calls
         from pair p,
              unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::int[]) with ordinality
                  as e(what, system, cause, body, calls, place)
         where p.id = $1
         order by e.place",
        pair,
        &whats,
        &systems as &[Option<String>],
        &causes,
        &bodies,
        &calls,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Writes what a person did to a pair.
pub(crate) async fn note(
    tx: &mut PgConnection,
    pair: Uuid,
    what: What,
    body: &Value,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into journal (pair_id, kind, what, cause, body)
         select id, kind, $2, 'operator', $3 from pair where id = $1",
        pair,
        what.as_str(),
        body,
    )
    .execute(tx)
    .await?;
    Ok(())
}

fn words(entries: &[Entry], word: impl Fn(&Entry) -> &'static str) -> Vec<String> {
    entries.iter().map(|entry| word(entry).to_owned()).collect()
}

struct Raw {
    at: DateTime<Utc>,
    pair_id: Option<Uuid>,
    kind: String,
    what: String,
    system: Option<String>,
    cause: String,
    body: Value,
    calls: i32,
}

impl TryFrom<Raw> for Record {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self, Error> {
        Ok(Self {
            at: raw.at,
            pair: raw.pair_id,
            kind: raw.kind.into(),
            what: What::read(&raw.what)?,
            system: raw
                .system
                .map(|word| error::system("journal.system", &word))
                .transpose()?,
            cause: raw.cause,
            body: raw.body,
            calls: raw.calls,
        })
    }
}
