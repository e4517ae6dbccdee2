//! Which day's digest was told by which outlet, and what one is made of that nothing else asks for.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::Kind;
use serde::Serialize;

use crate::{Db, Error};

/// Held items of a kind that went on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Released {
    /// The kind.
    pub kind: Kind,
    /// How many.
    pub items: i64,
}

/// Claims the digest of `day` for `lease`, if it was not told and nobody is at it. `false`: another process is, or was.
pub async fn claim(
    db: &Db,
    (day, outlet): (NaiveDate, &str),
    (holder, lease): (&str, Duration),
) -> Result<bool, Error> {
    let claimed = sqlx::query!(
        "insert into digest as d (day, outlet, claimed_by, claimed_until)
         values ($1, $2, $3, now() + make_interval(secs => $4))
         on conflict (day, outlet) do update
         set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
         where d.told_at is null and (d.claimed_until is null or d.claimed_until < now())",
        day,
        outlet,
        holder,
        lease.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Remembers that the digest of `day` was sent at `now`. `false`: the claim was not ours any more.
pub async fn tell(
    db: &Db,
    (day, outlet): (NaiveDate, &str),
    holder: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let told = sqlx::query!(
        "update digest set told_at = $4, trouble = null, claimed_by = null, claimed_until = null
         where day = $1 and outlet = $2 and claimed_by = $3",
        day,
        outlet,
        holder,
        now,
    )
    .execute(&db.0)
    .await?;
    Ok(told.rows_affected() == 1)
}

/// Gives the digest of `day` back, which could not be sent for the plain reason `why`: it is tried again.
pub async fn give_back(
    db: &Db,
    (day, outlet): (NaiveDate, &str),
    holder: &str,
    why: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "update digest set trouble = $4, claimed_by = null, claimed_until = null
         where day = $1 and outlet = $2 and claimed_by = $3",
        day,
        outlet,
        holder,
        why,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// When an outlet (any, where none is named) last told a digest.
pub async fn last(db: &Db, outlet: Option<&str>) -> Result<Option<DateTime<Utc>>, Error> {
    Ok(sqlx::query_scalar!(
        "select max(told_at) from digest where $1::text is null or outlet = $1",
        outlet
    )
    .fetch_one(&db.0)
    .await?)
}

/// The held items that went on since `since`, by kind.
pub async fn released(db: &Db, since: DateTime<Utc>) -> Result<Vec<Released>, Error> {
    Ok(sqlx::query_as!(
        Released,
        r#"select kind, count(*) as "items!" from journal
           where what = 'released' and at >= $1 group by kind order by count(*) desc, kind"#,
        since
    )
    .fetch_all(&db.0)
    .await?)
}

#[cfg(test)]
mod tests;
