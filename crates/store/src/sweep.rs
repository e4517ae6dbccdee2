//! How far each trail was swept, and who sweeps it now.
//!
//! A watermark is moved only by the sweep of its trail, from where that sweep found it: whatever a pass did not get to,
//! the next one does. Who holds the lease sweeps; it ends by itself, so that a killed process keeps nobody out.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Kind, System};
use serde::Serialize;

use crate::{Db, Error, error, guard};

/// How long after a pass that came to nothing the next one begins at the earliest, where it is not due before.
const AGAIN: Duration = Duration::from_mins(1);

/// Which sweep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// The kind whose records are found.
    pub kind: Kind,
    /// On which side.
    pub system: System,
    /// The trail's name; `""` is that of the records themselves.
    pub trail: String,
}

/// How far a sweep has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The watermark, in the source's own times where it tells them.
    pub at: DateTime<Utc>,
    /// The highest id seen, for rows that are found by it.
    pub last_id: Option<i64>,
}

/// A sweep that is ours until the lease ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Where it stands.
    pub mark: Mark,
    /// From when on events may have been missed, by the gaps that it has to cover.
    pub gap_since: Option<DateTime<Utc>>,
}

/// When a sweep is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// So long after its last complete pass began; `None`: a person asks for it now.
    pub every: Option<Duration>,
    /// And for gaps that are over by then; `None`: it finds nothing that was missed in one.
    pub gaps_until: Option<DateTime<Utc>>,
}

/// What a complete pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// Where it began to look.
    pub from: DateTime<Utc>,
    /// When it began, in our own clock: it met all that was changed before.
    pub to: DateTime<Utc>,
    /// How many records are looked at again because of it.
    pub found: i64,
    /// After how many pairs it asked; `None` where it looked for changes.
    pub asked: Option<i64>,
    /// Where the watermark is to be.
    pub mark: Mark,
}

/// A row of `sweep`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// Which.
    #[serde(flatten)]
    pub of: Swept,
    /// Its watermark.
    pub watermark: Option<DateTime<Utc>>,
    /// Up to when all changes were met; `None` before the first pass.
    pub complete_to: Option<DateTime<Utc>>,
    /// When the last complete pass began, or else when the sweep was set up, in Postgres's clock.
    pub passed_at: DateTime<Utc>,
    /// When that was in seconds ago.
    pub seconds: i64,
    /// How many records the last complete pass had looked at.
    pub found: i64,
    /// Why the last pass came to nothing.
    pub trouble: Option<String>,
    /// Whether a person has to look before it is believed what it found.
    pub is_stopped: bool,
}

/// Sets a sweep up, where it is not yet: its first pass is due after its interval, and begins at `mark`.
pub async fn plant(db: &Db, of: &Swept, mark: DateTime<Utc>) -> Result<(), Error> {
    sqlx::query!(
        "insert into sweep (kind, system, trail, watermark) values ($1, $2, $3, $4)
         on conflict do nothing",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        mark,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Takes a sweep for `lease`, if it is due and nobody else has it: its interval is over, or a gap was not met by a pass yet,
/// or a person has said that what stopped it is meant.
pub async fn take(
    db: &Db,
    of: &Swept,
    due: Due,
    (holder, lease): (&str, Duration),
) -> Result<Option<Taken>, Error> {
    let every = due.every.map(|every| every.as_secs_f64());
    let row = sqlx::query!(
        r#"with wanting as (
               select g.since, g.until, g.opened_at from gap g
               where g.system = $2 and (g.kind is null or g.kind = $1) and g.closed_at is null
                 and $8::timestamptz is not null and (g.until is null or g.until <= $8)
           )
           update sweep s
           set leased_by = $4, leased_until = now() + make_interval(secs => $5), last_started = now()
           where s.kind = $1 and s.system = $2 and s.trail = $3
             and (s.leased_until is null or s.leased_until < now() or s.leased_by = $4)
             and ($6::float8 is null
                  or coalesce(s.passed_at, s.planted_at) + make_interval(secs => $6) <= now()
                  or (s.stopped_at is not null and exists (
                      select 1 from loss_release r
                      where r.kind = $1 and r.what = $9 and r.until > now()))
                  or exists (
                      select 1 from wanting g
                      where coalesce(s.passed_at, '-infinity') < g.opened_at
                         or (g.until is not null
                             and (s.window_from > g.since or s.complete_to < g.until))))
             and ($6::float8 is null or s.trouble is null
                  or s.last_started + make_interval(secs => least($6, $7)) <= now())
           returning s.watermark, s.last_id,
                     (select min(g.since) from wanting g
                      where g.until is not null or coalesce(s.passed_at, '-infinity') < g.opened_at
                     ) as gap_since"#,
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        lease.as_secs_f64(),
        every,
        AGAIN.as_secs_f64(),
        due.gaps_until,
        guard::absent(of),
    )
    .fetch_optional(&db.0)
    .await?;
    Ok(row.map(|row| Taken {
        mark: Mark {
            at: row.watermark.unwrap_or(DateTime::UNIX_EPOCH),
            last_id: row.last_id,
        },
        gap_since: row.gap_since,
    }))
}

/// Keeps a sweep for `lease` from now on. `false`: it is somebody else's by now, and is not to go on.
pub async fn renew(db: &Db, of: &Swept, (holder, lease): (&str, Duration)) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update sweep set leased_until = now() + make_interval(secs => $5)
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        lease.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves the watermark from where the pass found it, and lets go of the sweep. `false`: somebody else has moved it, or
/// has the sweep now; the pass counts for nothing.
pub async fn finish(
    db: &Db,
    of: &Swept,
    holder: &str,
    from: &Mark,
    passed: &Passed,
) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update sweep
         set watermark = $5, last_id = $6, window_from = $7, complete_to = $8, found = $9,
             passed_at = last_started, last_finished = now(), trouble = null, stopped_at = null,
             began_at = null, asked = null, place = null, leased_by = null, leased_until = null
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4
           and watermark is not distinct from $10 and last_id is not distinct from $11",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        passed.mark.at,
        passed.mark.last_id,
        passed.from,
        passed.to,
        passed.found,
        from.at,
        from.last_id,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Lets go of a sweep whose pass came to nothing, for the plain reason `why`. The watermark stays.
pub async fn give_up(db: &Db, of: &Swept, holder: &str, why: &str) -> Result<(), Error> {
    sqlx::query!(
        "update sweep set trouble = $5, leased_by = null, leased_until = null
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        why,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Lets go of a sweep whose pass is not to be believed before a person has looked, for the plain reason `why`. It is made
/// anew when it is due again, or once a person says that it is meant; up to when it is complete does not change.
pub async fn stop(db: &Db, of: &Swept, holder: &str, why: &str) -> Result<(), Error> {
    sqlx::query!(
        "update sweep
         set trouble = $5, stopped_at = coalesce(stopped_at, now()), passed_at = last_started,
             began_at = null, asked = null, place = null, leased_by = null, leased_until = null
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        why,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Lets go of a sweep with nothing moved, as only a part of what was due was looked at.
pub async fn let_go(db: &Db, of: &Swept, holder: &str) -> Result<(), Error> {
    sqlx::query!(
        "update sweep set leased_by = null, leased_until = null
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// All sweeps.
pub async fn list(db: &Db) -> Result<Vec<Sweep>, Error> {
    let rows = sqlx::query!(
        r#"select kind, system, trail, watermark, complete_to, found, trouble,
                  stopped_at is not null as "is_stopped!",
                  coalesce(passed_at, planted_at) as "passed_at!",
                  extract(epoch from now() - coalesce(passed_at, planted_at))::bigint as "seconds!"
           from sweep order by kind, system, trail"#
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Sweep {
                of: Swept {
                    kind: row.kind.into(),
                    system: error::system("sweep.system", &row.system)?,
                    trail: row.trail,
                },
                watermark: row.watermark,
                complete_to: row.complete_to,
                passed_at: row.passed_at,
                seconds: row.seconds,
                found: row.found,
                trouble: row.trouble,
                is_stopped: row.is_stopped,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
