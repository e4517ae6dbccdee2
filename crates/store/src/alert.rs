//! What is alarming, and what was told of it by which outlet.
//!
//! One process looks at a time, and one sends a message: both are claims that end by themselves, in Postgres's clock, so
//! that a killed process keeps nobody out. All other times are those of whoever looks.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use crate::{Db, Error};

/// What is over is kept so long, for whoever is still to be told.
const KEPT: Duration = Duration::from_hours(7 * 24);

/// A cause as somebody sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its identity.
    pub cause: String,
    /// All that there is to say of it.
    pub body: Value,
    /// How many seconds it has to be over before it is: what comes back within them was never over.
    pub calm_seconds: i32,
}

/// A cause as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alert {
    /// Its identity.
    pub cause: String,
    /// All that there was to say of it when it was last seen.
    pub body: Value,
    /// When it was first seen of this time.
    pub since: DateTime<Utc>,
    /// When it was first not seen any more; `None` while it is there.
    pub over_at: Option<DateTime<Utc>>,
}

/// What an outlet has told of a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The cause.
    pub cause: String,
    /// The outlet.
    pub outlet: String,
    /// When it last told that the cause is there; `None` where it tried in vain.
    pub told_at: Option<DateTime<Utc>>,
    /// Whether it has still to tell that it is over.
    pub is_open: bool,
    /// How many items it told of.
    pub items: i64,
    /// The money it told of.
    pub net: Option<Decimal>,
    /// Why the last attempt came to nothing.
    pub trouble: Option<String>,
}

/// What a message has told, once it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// That the cause is there, with so many items and so much money.
    There {
        /// Items.
        items: i64,
        /// Money.
        net: Option<Decimal>,
    },
    /// That it is over.
    Over,
}

/// Takes the look for `lease`, if nobody has it. `false`: somebody else looks.
pub async fn take_look(db: &Db, holder: &str, lease: Duration) -> Result<bool, Error> {
    let taken = sqlx::query!(
        "update alert_look set claimed_by = $1, claimed_until = now() + make_interval(secs => $2)
         where claimed_until is null or claimed_until < now()",
        holder,
        lease.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Writes down all that is alarming at `now`, which ends what is not seen any more, and gives the look back. `false`:
/// it ran out meanwhile, and nothing is written.
pub async fn see(
    db: &Db,
    holder: &str,
    causes: &[Seen],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let identities: Vec<String> = causes.iter().map(|seen| seen.cause.clone()).collect();
    let bodies: Vec<Value> = causes.iter().map(|seen| seen.body.clone()).collect();
    let calm: Vec<i32> = causes.iter().map(|seen| seen.calm_seconds).collect();
    let mut tx = db.begin().await?;
    let is_ours = sqlx::query!(
        "update alert_look set at = $2, claimed_by = null, claimed_until = null
         where claimed_by = $1 and claimed_until >= now()",
        holder,
        now,
    )
    .execute(&mut *tx)
    .await?;
    if is_ours.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "insert into alert (cause, body, since, calm_seconds)
         select cause, body, $3, calm from unnest($1::text[], $2::jsonb[], $4::int[]) as s(cause, body, calm)
         on conflict (cause) do update
         set body = excluded.body, over_at = null, calm_seconds = excluded.calm_seconds,
             since = case when coalesce(alert.over_at + make_interval(secs => alert.calm_seconds), excluded.since)
                               >= excluded.since
                          then alert.since else excluded.since end",
        &identities,
        &bodies,
        now,
        &calm,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update alert set over_at = $2 where over_at is null and cause <> all($1)",
        &identities,
        now,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from alert where over_at < $1::timestamptz - make_interval(secs => $2)",
        now,
        KEPT.as_secs_f64(),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// All causes, those that are there first, the oldest first.
pub async fn list(db: &Db) -> Result<Vec<Alert>, Error> {
    Ok(sqlx::query_as!(
        Alert,
        "select cause, body, since, over_at from alert
         order by over_at is not null, since, cause"
    )
    .fetch_all(&db.0)
    .await?)
}

/// What any outlet has told.
pub async fn told(db: &Db) -> Result<Vec<Told>, Error> {
    Ok(sqlx::query_as!(
        Told,
        "select cause, outlet, told_at, is_open, items, net, trouble from alert_told
         order by cause, outlet"
    )
    .fetch_all(&db.0)
    .await?)
}

/// When somebody last looked.
pub async fn looked_at(db: &Db) -> Result<Option<DateTime<Utc>>, Error> {
    let at = sqlx::query_scalar!("select at from alert_look")
        .fetch_optional(&db.0)
        .await?;
    Ok(at.flatten())
}

/// Claims the next message of `outlet` about `cause` for `lease`, if nobody has it and nothing was told since `before`
/// was read. `false`: another process tells it, or has told it.
pub async fn claim(
    db: &Db,
    (cause, outlet): (&str, &str),
    before: Option<&Told>,
    (holder, lease): (&str, Duration),
) -> Result<bool, Error> {
    let claimed = sqlx::query!(
        "insert into alert_told as t (cause, outlet, claimed_by, claimed_until)
         select $1, $2, $3, now() + make_interval(secs => $4)
         where exists (select from alert where cause = $1)
         on conflict (cause, outlet) do update
         set claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
         where (t.claimed_until is null or t.claimed_until < now())
           and t.told_at is not distinct from $5 and t.is_open = $6",
        cause,
        outlet,
        holder,
        lease.as_secs_f64(),
        before.and_then(|told| told.told_at),
        before.is_some_and(|told| told.is_open),
    )
    .execute(&db.0)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Remembers what a claimed message has told at `now`. `false`: the claim was not ours any more.
pub async fn tell(
    db: &Db,
    (cause, outlet): (&str, &str),
    holder: &str,
    sent: Sent,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let (there, items, net) = match sent {
        Sent::There { items, net } => (true, items, net),
        Sent::Over => (false, 0, None),
    };
    let told = sqlx::query!(
        "update alert_told
         set told_at = case when $4 then $5 else told_at end, is_open = $4, items = $6, net = $7,
             trouble = null, claimed_by = null, claimed_until = null
         where cause = $1 and outlet = $2 and claimed_by = $3",
        cause,
        outlet,
        holder,
        there,
        now,
        items,
        net,
    )
    .execute(&db.0)
    .await?;
    Ok(told.rows_affected() == 1)
}

/// Gives a claimed message back, which could not be sent for the plain reason `why`: it is tried again.
pub async fn give_back(
    db: &Db,
    (cause, outlet): (&str, &str),
    holder: &str,
    why: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "update alert_told set trouble = $4, claimed_by = null, claimed_until = null
         where cause = $1 and outlet = $2 and claimed_by = $3",
        cause,
        outlet,
        holder,
        why,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
