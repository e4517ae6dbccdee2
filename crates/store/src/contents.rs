//! Full sweeps: pairs a page at a time, and what their comparison came to.
//!
//! Who holds the sweep's lease compares, and each page moves the place of the pass by compare-and-set together with what
//! it found, so that a killed pass goes on where it stood and counts nothing twice.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{Key, Kind, RecordId, System};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Db, Error, PairRow, error,
    pair::{load, resolve},
    sweep::Swept,
};

/// Why a pair is not as agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// It was changed since, and nobody told of it.
    Missed,
    /// It was changed while events may have been missed.
    Outage,
    /// Both sides are as they were, and the mapping says otherwise now.
    Mapping,
    /// No time of a change tells of it: a field that moves none, or a fault of Crossbill.
    Unexplained,
}

impl Cause {
    /// All of them, as they are told.
    pub const ALL: [Self; 4] = [Self::Missed, Self::Outage, Self::Mapping, Self::Unexplained];

    /// The word in columns and metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Outage => "outage",
            Self::Mapping => "mapping",
            Self::Unexplained => "unexplained",
        }
    }

    fn read(word: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|cause| cause.as_str() == word);
        known.ok_or_else(|| Error::Word {
            column: "drift.cause",
            word: word.to_owned(),
        })
    }
}

/// Pairs that are not as agreed, for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// The cause.
    pub cause: Cause,
    /// How many.
    pub pairs: i64,
    /// One of them, with its fields, as people know it.
    pub example: String,
}

/// A pass that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparing {
    /// When it began, in our own clock.
    pub began_at: DateTime<Utc>,
    /// The last record that was compared; `None` at the beginning.
    pub place: Option<String>,
}

/// What a page came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<'a> {
    /// Where the pass stood, and where it stands now.
    pub moved: (Option<&'a str>, Option<&'a str>),
    /// Pairs that were compared.
    pub compared: i64,
    /// Calls to Autotask that it took.
    pub calls: i64,
    /// What was found.
    pub drift: &'a [Drift],
}

/// A full sweep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FullSweep {
    /// Of which kind.
    pub kind: Kind,
    /// Of which side.
    pub system: System,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was over; `None` where it goes on.
    pub ended_at: Option<DateTime<Utc>>,
    /// Pairs that were compared.
    pub compared: i64,
    /// Calls to Autotask that it took.
    pub calls: i64,
    /// What it found.
    pub drift: Vec<Drift>,
}

/// Begins a pass at `now`, or goes on with one that was not ended. `None`: `holder` does not have the sweep any more.
pub async fn begin(
    db: &Db,
    of: &Swept,
    holder: &str,
    now: DateTime<Utc>,
) -> Result<Option<Comparing>, Error> {
    let mut tx = db.begin().await?;
    let row = sqlx::query!(
        r#"update sweep set began_at = coalesce(began_at, $5)
           where kind = $1 and system = $2 and trail = $3 and leased_by = $4
           returning began_at as "began_at!", place"#,
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        now,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    sqlx::query!(
        "insert into full_sweep (kind, system, began_at) values ($1, $2, $3) on conflict do nothing",
        of.kind.as_str(),
        of.system.as_str(),
        row.began_at,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(Comparing {
        began_at: row.began_at,
        place: row.place,
    }))
}

/// The next records with a pair that has been compared, behind the one at `place`.
pub async fn next(
    db: &Db,
    of: &Swept,
    place: Option<&str>,
    limit: i64,
) -> Result<Vec<RecordId>, Error> {
    let ids = match of.system {
        System::Autotask => {
            sqlx::query_scalar!(
                r#"select autotask_id as "id!" from pair
                   where kind = $1 and state = 'paired' and state <> 'earlier' and parent is null
                     and shadow is not null and autotask_id > coalesce($2, '')
                   order by autotask_id
                   limit $3"#,
                of.kind.as_str(),
                place,
                limit,
            )
            .fetch_all(&db.0)
            .await?
        }
        System::Jim2 => {
            sqlx::query_scalar!(
                r#"select jim2_id as "id!" from pair
                   where kind = $1 and state = 'paired' and parent is null
                     and shadow is not null and jim2_id > coalesce($2, '')
                   order by jim2_id
                   limit $3"#,
                of.kind.as_str(),
                place,
                limit,
            )
            .fetch_all(&db.0)
            .await?
        }
    };
    Ok(ids.into_iter().map(RecordId::from).collect())
}

/// The pairs of these records that can be compared: nobody has them claimed, is about to, writes them, or waits for a person.
pub async fn at_rest(db: &Db, of: &Swept, ids: &[RecordId]) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let found = met(&mut connection, of, ids).await?;
    let ids: Vec<Uuid> = found.into_iter().map(|(_, id)| id).collect();
    let busy: Vec<Uuid> = sqlx::query_scalar!(
        "select p.id from pair p
         where p.id = any($1)
           and (p.state <> 'paired' or p.shadow is null or p.dirty is not null or p.claimed_until > now()
                or exists (select from intent i where i.pair_id = p.id)
                or exists (select from held h where h.pair_id = p.id))",
        &ids,
    )
    .fetch_all(&mut *connection)
    .await?;
    let busy: BTreeSet<Uuid> = busy.into_iter().collect();
    let ids: Vec<Uuid> = ids.into_iter().filter(|id| !busy.contains(id)).collect();
    load(&mut connection, &ids).await
}

/// Those of these records that no pair is of: nobody has ever met them.
pub async fn unmet(db: &Db, of: &Swept, ids: &[RecordId]) -> Result<Vec<RecordId>, Error> {
    let mut connection = db.0.acquire().await?;
    let met = met(&mut connection, of, ids).await?;
    let met: BTreeSet<usize> = met.into_iter().map(|(place, _)| place).collect();
    let unmet = ids
        .iter()
        .enumerate()
        .filter(|(place, _)| !met.contains(place));
    Ok(unmet.map(|(_, id)| id.clone()).collect())
}

/// The places of those records that a pair is of, and which.
async fn met(
    connection: &mut PgConnection,
    of: &Swept,
    ids: &[RecordId],
) -> Result<Vec<(usize, Uuid)>, Error> {
    let key = |id: &RecordId| Key::new(of.kind.clone(), of.system, id.clone());
    let keys: Vec<Key> = ids.iter().map(key).collect();
    resolve(connection, &keys).await
}

/// Moves the pass on and adds what a page came to. `false`: somebody else has gone on with it, and nothing is added.
pub async fn compared(
    db: &Db,
    of: &Swept,
    (holder, began_at): (&str, DateTime<Utc>),
    page: &Page<'_>,
) -> Result<bool, Error> {
    let (kind, system) = (of.kind.as_str(), of.system.as_str());
    let mut tx = db.begin().await?;
    let moved = sqlx::query!(
        "update sweep set place = $6
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4
           and place is not distinct from $5",
        kind,
        system,
        of.trail,
        holder,
        page.moved.0,
        page.moved.1,
    )
    .execute(&mut *tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "update full_sweep set compared = compared + $4, calls = calls + $5
         where kind = $1 and system = $2 and began_at = $3",
        kind,
        system,
        began_at,
        page.compared,
        page.calls,
    )
    .execute(&mut *tx)
    .await?;
    for drift in page.drift {
        sqlx::query!(
            "insert into drift (kind, system, began_at, cause, pairs, example)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (kind, system, began_at, cause) do update set pairs = drift.pairs + excluded.pairs",
            kind,
            system,
            began_at,
            drift.cause.as_str(),
            drift.pairs,
            drift.example,
        )
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Notes that a pass is over: it has come to the end.
pub async fn end(db: &Db, of: &Swept, began_at: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "update full_sweep set ended_at = now() where kind = $1 and system = $2 and began_at = $3",
        of.kind.as_str(),
        of.system.as_str(),
        began_at,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// The last full sweep of each kind and side, complete or not.
pub async fn last(db: &Db) -> Result<Vec<FullSweep>, Error> {
    let sweeps = sqlx::query!(
        "select distinct on (kind, system) kind, system, began_at, ended_at, compared, calls
         from full_sweep order by kind, system, began_at desc"
    )
    .fetch_all(&db.0)
    .await?;
    let mut all = Vec::with_capacity(sweeps.len());
    for sweep in sweeps {
        let drift = sqlx::query!(
            "select cause, pairs, example from drift
             where kind = $1 and system = $2 and began_at = $3",
            sweep.kind,
            sweep.system,
            sweep.began_at,
        )
        .fetch_all(&db.0)
        .await?;
        let mut drift = drift
            .into_iter()
            .map(|row| {
                Ok(Drift {
                    cause: Cause::read(&row.cause)?,
                    pairs: row.pairs,
                    example: row.example,
                })
            })
            .collect::<Result<Vec<Drift>, Error>>()?;
        drift.sort_by_key(|drift| drift.cause);
        all.push(FullSweep {
            system: error::system("full_sweep.system", &sweep.system)?,
            kind: sweep.kind.into(),
            began_at: sweep.began_at,
            ended_at: sweep.ended_at,
            compared: sweep.compared,
            calls: sweep.calls,
            drift,
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests;
