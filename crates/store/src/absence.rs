//! Pairs that are asked after, and which of them a system does not tell any more.
//!
//! A pass begins with all pairs of a kind, takes away those that are told, a page at a time, and what is left is absent.
//! Who holds the sweep's lease does so, and each page moves the place of the pass by compare-and-set: another process
//! goes on where a killed one stopped, and nobody holds more than a page in memory.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::RecordId;
use sqlx::PgConnection;

use crate::{Db, Error, guard, sweep::Swept};

/// A record that was made or written so shortly ago may not be told yet, as replicas lag.
const FRESH: Duration = Duration::from_mins(10);

/// A pass that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// When it began, in our own clock.
    pub began_at: DateTime<Utc>,
    /// After how many pairs it asks.
    pub asked: i64,
    /// The last record that was asked after; `None` at the beginning.
    pub place: Option<String>,
}

/// What a pass has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How many records were not told, and were before.
    pub absent: i64,
    /// After how many pairs was asked.
    pub asked: i64,
    /// Whether that is too many to be believed, and nobody has said that it is meant.
    pub is_too_many: bool,
}

/// Begins a pass at `now` over the pairs of a sweep that are older than it, of those made `within` so long where that is
/// given; or goes on with one that was not ended. `None`: `holder` does not have the sweep any more.
#[tracing::instrument(name = "db.absence.begin", skip_all, fields(kind = of.kind.as_str()))]
pub async fn begin(
    db: &Db,
    of: &Swept,
    holder: &str,
    (now, within): (DateTime<Utc>, Option<Duration>),
) -> Result<Option<Asking>, Error> {
    let mut tx = db.begin().await?;
    let row = sqlx::query!(
        "select began_at, asked, place from sweep
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4
         for update",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if let (Some(began_at), Some(asked)) = (row.began_at, row.asked) {
        return Ok(Some(Asking {
            began_at,
            asked,
            place: row.place,
        }));
    }
    let within = within.map(|within| within.as_secs_f64());
    drop_what_is_over(&mut tx, of, within).await?;
    // What is absent since an earlier pass is asked after again.
    sqlx::query!(
        "insert into untold (kind, system, trail, record_id)
         select $1, $2, $3, case $2::text when 'autotask' then autotask_id else jim2_id end
         from pair
         where kind = $1 and state = 'paired' and parent is null
           and greatest(created_at, written_at) < now() - make_interval(secs => $4)
           and ($5::float8 is null or created_at >= now() - make_interval(secs => $5))
         on conflict do nothing",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        FRESH.as_secs_f64(),
        within,
    )
    .execute(&mut *tx)
    .await?;
    let asked = sqlx::query_scalar!(
        r#"update sweep
           set began_at = $4, place = null,
               asked = (select count(*) from untold where kind = $1 and system = $2 and trail = $3)
           where kind = $1 and system = $2 and trail = $3
           returning asked as "asked!""#,
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        now,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Some(Asking {
        began_at: now,
        asked,
        place: None,
    }))
}

/// The next records to be asked after, behind the one at `place`.
pub async fn next(
    db: &Db,
    of: &Swept,
    place: Option<&str>,
    limit: i64,
) -> Result<Vec<String>, Error> {
    Ok(sqlx::query_scalar!(
        "select record_id from untold
         where kind = $1 and system = $2 and trail = $3 and ($4::text is null or record_id > $4)
         order by record_id
         limit $5",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        place,
        limit,
    )
    .fetch_all(&db.0)
    .await?)
}

/// What these records are made of, as both sides last agreed on it: each record with each name in a field of its shadow.
pub async fn parts(
    db: &Db,
    of: &Swept,
    field: &str,
    ids: &[String],
) -> Result<Vec<(String, String)>, Error> {
    let rows = sqlx::query!(
        r#"select m.record_id as "record_id!", jsonb_object_keys(m.made_of) as "part!"
           from (
               select case $2::text when 'autotask' then autotask_id else jim2_id end as record_id,
                      shadow #> array[$2::text, $3::text] as made_of
               from pair where kind = $1 and state = 'paired') m
           where m.record_id = any($4) and jsonb_typeof(m.made_of) = 'object'"#,
        of.kind.as_str(),
        of.system.as_str(),
        field,
        ids,
    )
    .fetch_all(&db.0)
    .await?;
    let pairs = rows.into_iter().map(|row| (row.record_id, row.part));
    Ok(pairs.collect())
}

/// Takes away records that were told, and moves the pass on from one place to the next. `false`: somebody else has gone on
/// with it, and nothing is taken away.
pub async fn told(
    db: &Db,
    of: &Swept,
    holder: &str,
    ids: &[String],
    (from, to): (Option<&str>, Option<&str>),
) -> Result<bool, Error> {
    let mut tx = db.begin().await?;
    let moved = sqlx::query!(
        "update sweep set place = $6
         where kind = $1 and system = $2 and trail = $3 and leased_by = $4
           and place is not distinct from $5",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        holder,
        from,
        to,
    )
    .execute(&mut *tx)
    .await?;
    if moved.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "delete from untold where kind = $1 and system = $2 and trail = $3 and record_id = any($4)",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        ids,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// What is left of a pass that has asked after all. What is no pair any more since it began is not meant.
pub async fn left(db: &Db, of: &Swept) -> Result<Left, Error> {
    drop_what_is_over(&mut *db.0.acquire().await?, of, None).await?;
    let row = sqlx::query!(
        r#"select coalesce(s.asked, 0) as "asked!",
                  (select count(*) from untold u
                   where u.kind = $1 and u.system = $2 and u.trail = $3 and u.published_at is null
                  ) as "absent!",
                  exists (
                      select from loss_release r
                      where r.kind = $1 and r.what = $4 and r.until > now()) as "released!"
           from sweep s where s.kind = $1 and s.system = $2 and s.trail = $3"#,
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        guard::absent(of),
    )
    .fetch_one(&db.0)
    .await?;
    Ok(Left {
        absent: row.absent,
        asked: row.asked,
        is_too_many: !row.released && guard::are_many(row.absent, row.asked),
    })
}

/// Absent records that were not published yet, at most `limit`.
pub async fn unpublished(db: &Db, of: &Swept, limit: i64) -> Result<Vec<RecordId>, Error> {
    let ids = sqlx::query_scalar!(
        "select record_id from untold
         where kind = $1 and system = $2 and trail = $3 and published_at is null
         order by record_id
         limit $4",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    Ok(ids.into_iter().map(RecordId::from).collect())
}

/// Notes what was published: it is not published again before it was told.
pub async fn published(db: &Db, of: &Swept, ids: &[RecordId]) -> Result<(), Error> {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "update untold set published_at = now()
         where kind = $1 and system = $2 and trail = $3 and record_id = any($4)",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        &ids,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Drops what is no pair any more, or was paired longer than `within` seconds ago. Each pair is found by the index of its side.
async fn drop_what_is_over(
    connection: &mut PgConnection,
    of: &Swept,
    within: Option<f64>,
) -> Result<(), Error> {
    sqlx::query!(
        "delete from untold u
         where u.kind = $1 and u.system = $2 and u.trail = $3
           and not exists (
               select from pair p
               where $2 = 'autotask' and p.kind = $1 and p.autotask_id = u.record_id and p.state = 'paired'
                 and ($4::float8 is null or p.created_at >= now() - make_interval(secs => $4)))
           and not exists (
               select from pair p
               where $2 = 'jim2' and p.kind = $1 and p.jim2_id = u.record_id and p.state = 'paired'
                 and ($4::float8 is null or p.created_at >= now() - make_interval(secs => $4)))",
        of.kind.as_str(),
        of.system.as_str(),
        of.trail,
        within,
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
