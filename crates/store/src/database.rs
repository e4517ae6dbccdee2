//! Which database Jim2 is: what is known of it, and what was seen that does not go with it.
//!
//! What was seen stops all writing to it, in every process, until the database that we know answers again, or, where that
//! was put back to an earlier state, until a person takes it as it is.

use chrono::{DateTime, Utc};
use domain::{StopReason, System};
use serde::Serialize;

use crate::{
    Db, Error,
    cursor::Position,
    gap::{self, NewGap},
    system::Identity,
};

/// What is known of a database. The numbers only grow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Which it is.
    pub identity: Option<Identity>,
    /// The highest safe mark of its change table that was ever told.
    pub mark: Option<i64>,
    /// The highest job that was ever told.
    pub job: Option<TopJob>,
    /// Whether it is a training copy, as a person has said.
    pub is_training: bool,
    /// When it was last seen to be this one.
    pub agreed_at: Option<DateTime<Utc>>,
    /// What was seen that does not go with it.
    pub departed: Option<Departed>,
}

/// A job, and when it was made: its number may be given again, that moment is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopJob {
    /// Its number.
    pub no: i64,
    /// When it was made, where that was told.
    pub made_at: Option<DateTime<Utc>>,
}

/// What was seen that does not go with what is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Departed {
    /// A stable word; see [`StopReason::as_str`].
    pub code: String,
    /// What was seen.
    pub reason: String,
    /// When it was first seen.
    pub since: DateTime<Utc>,
    /// When the database was last seen to be the one we know.
    pub agreed_at: Option<DateTime<Utc>>,
}

impl Departed {
    /// The stop that it is.
    pub fn stop(&self) -> StopReason {
        match self.code.as_str() {
            "restored" => StopReason::Restored(self.reason.clone()),
            _ => StopReason::Identity(self.reason.clone()),
        }
    }
}

/// The database as a person takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted<'a> {
    /// Which it is; `None` where nothing tells it.
    pub identity: Option<&'a Identity>,
    /// The safe mark of its change table now.
    pub mark: Option<i64>,
    /// Its highest job now.
    pub job: Option<TopJob>,
    /// The cursor that goes on from here, with its place.
    pub cursor: (&'a str, Position),
    /// From when on it may differ from what was read, and when that was found out.
    pub gap: (DateTime<Utc>, DateTime<Utc>),
}

/// Why a gap is opened when a database is taken as it is.
pub const ADOPTED: &str = "Jim2's database was restored from a backup or replaced";

/// What is known of the database of `system`.
pub async fn known(db: &Db, system: System) -> Result<Known, Error> {
    let row = sqlx::query!(
        "select database_id, db_epoch, mark, job_no, job_in, is_training, agreed_at,
                departed_code, departed_reason, departed_at
         from system_state where system = $1",
        system.as_str(),
    )
    .fetch_one(&db.0)
    .await?;
    let departed = row.departed_code.zip(row.departed_reason);
    let departed = departed.zip(row.departed_at);
    Ok(Known {
        identity: row.database_id.map(|database_id| Identity {
            database_id,
            db_epoch: row.db_epoch.unwrap_or_default(),
        }),
        mark: row.mark,
        job: row.job_no.map(|no| TopJob {
            no,
            made_at: row.job_in,
        }),
        is_training: row.is_training,
        agreed_at: row.agreed_at,
        departed: departed.map(|((code, reason), since)| Departed {
            code,
            reason,
            since,
            agreed_at: row.agreed_at,
        }),
    })
}

/// The database was seen to be the one we know: takes in how far its numbers have come, and lets it be written to again
/// where another one had answered meanwhile. One that was put back to an earlier state stays so. `true` if writing goes on.
pub async fn agreed(
    db: &Db,
    system: System,
    mark: Option<i64>,
    job: Option<TopJob>,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        r#"with before as (
               select departed_code from system_state where system = $1 for update
           )
           update system_state s
           set mark = greatest(s.mark, $2),
               job_in = case when $3 > coalesce(s.job_no, 0) then $4 else s.job_in end,
               job_no = greatest(s.job_no, $3),
               agreed_at = now(),
               departed_code = null, departed_reason = null, departed_at = null
           from before
           where s.system = $1 and before.departed_code is distinct from 'restored'
             and (before.departed_code is not null or s.agreed_at is null or $2 > coalesce(s.mark, -1)
                  or $3 > coalesce(s.job_no, 0) or s.agreed_at < now() - interval '20 seconds')
           returning before.departed_code is not null as "goes_on!""#,
        system.as_str(),
        mark,
        job.map(|job| job.no),
        job.and_then(|job| job.made_at),
    )
    .fetch_optional(&db.0)
    .await?;
    Ok(done.is_some_and(|row| row.goes_on))
}

/// Something was seen that does not go with what is known: from now on nobody writes to it. `false` if that is known
/// already; that it was put back to an earlier state is kept before all else, as the database that answers may look right
/// again later.
#[tracing::instrument(name = "db.database.depart", skip_all, fields(system = system.as_str(), reason = reason.as_str()))]
pub async fn depart(db: &Db, system: System, reason: &StopReason) -> Result<bool, Error> {
    let (StopReason::Identity(says) | StopReason::Restored(says)) = reason else {
        return Ok(false);
    };
    let done = sqlx::query!(
        "update system_state
         set departed_code = $2, departed_reason = $3,
             departed_at = coalesce(departed_at, now())
         where system = $1 and (departed_code is null or (departed_code = 'identity' and $2 = 'restored'))",
        system.as_str(),
        reason.as_str(),
        says,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether nobody may write to it just now, and why.
pub async fn departed(db: &Db, system: System) -> Result<Option<Departed>, Error> {
    Ok(known(db, system).await?.departed)
}

/// Says whether it is a training copy.
pub async fn set_training(db: &Db, system: System, is_training: bool) -> Result<(), Error> {
    sqlx::query!(
        "update system_state set is_training = $2 where system = $1",
        system.as_str(),
        is_training,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Takes a database as it is now: its identity and numbers, the cursor, the gap that has it compared, and the end of the
/// stop, in one transaction.
#[tracing::instrument(name = "db.database.adopt", skip_all, fields(system = system.as_str()))]
pub async fn adopt(db: &Db, system: System, adopted: &Adopted<'_>) -> Result<(), Error> {
    let (name, place) = &adopted.cursor;
    let (since, until) = adopted.gap;
    let mut tx = db.begin().await?;
    sqlx::query!(
        "insert into cursor (name, position, at, database_id, db_epoch) values ($1, $2, $3, $4, $5)
         on conflict (name) do update
         set position = excluded.position, at = excluded.at, database_id = excluded.database_id,
             db_epoch = excluded.db_epoch, moved_at = now()",
        name,
        place.position,
        place.at,
        place.database_id,
        place.db_epoch,
    )
    .execute(&mut *tx)
    .await?;
    let gap = NewGap {
        system,
        kind: None,
        reason: ADOPTED,
        since,
        until: Some(until),
        missed: None,
    };
    gap::open_in(&mut tx, &gap).await?;
    sqlx::query!(
        "update system_state
         set database_id = coalesce($2, database_id), db_epoch = coalesce($3, db_epoch), mark = $4,
             job_no = $5, job_in = $6, agreed_at = now(),
             departed_code = null, departed_reason = null, departed_at = null
         where system = $1",
        system.as_str(),
        adopted
            .identity
            .map(|identity| identity.database_id.as_str()),
        adopted.identity.map(|identity| identity.db_epoch),
        adopted.mark,
        adopted.job.map(|job| job.no),
        adopted.job.and_then(|job| job.made_at),
    )
    .execute(&mut *tx)
    .await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests;
