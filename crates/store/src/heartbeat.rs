//! When a role last said that it runs.

use chrono::{DateTime, Utc};

use crate::{Db, Error};

/// The role that takes webhooks.
pub const INGRESS: &str = "ingress";

/// When the role last said so, and what time it is now, both in Postgres's clock; `None` where it never did.
pub async fn last(db: &Db, role: &str) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>, Error> {
    let row = sqlx::query!(
        r#"select beat_at, now() as "now!" from heartbeat where role = $1"#,
        role
    )
    .fetch_optional(&db.0)
    .await?;
    Ok(row.map(|row| (row.beat_at, row.now)))
}

/// What time it is in Postgres's clock.
pub async fn now(db: &Db) -> Result<DateTime<Utc>, Error> {
    let now = sqlx::query_scalar!(r#"select now() as "now!""#);
    Ok(now.fetch_one(&db.0).await?)
}

/// The role runs.
pub async fn beat(db: &Db, role: &str) -> Result<(), Error> {
    sqlx::query!(
        "insert into heartbeat (role, beat_at) values ($1, now())
         on conflict (role) do update set beat_at = now()",
        role
    )
    .execute(&db.0)
    .await?;
    Ok(())
}
