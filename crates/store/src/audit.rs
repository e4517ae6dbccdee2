//! What people did, append-only.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Db, Error};

/// One act of a person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Act {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What, as the command's words.
    pub act: String,
    /// With what.
    pub detail: Value,
}

/// Writes down what `who` did. Somebody who was not known before is from then on.
pub async fn write(db: &Db, who: &str, act: &str, detail: &Value) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    write_in(&mut tx, who, act, detail).await?;
    Ok(tx.commit().await?)
}

pub(crate) async fn write_in(
    tx: &mut PgConnection,
    who: &str,
    act: &str,
    detail: &Value,
) -> Result<(), Error> {
    sqlx::query!(
        "insert into operator (name) values ($1) on conflict do nothing",
        who
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into audit (who, act, detail) values ($1, $2, $3)",
        who,
        act,
        detail,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// What `who` did since `since`, oldest first.
pub async fn of_since(db: &Db, who: &str, since: DateTime<Utc>) -> Result<Vec<Act>, Error> {
    Ok(sqlx::query_as!(
        Act,
        "select at, who, act, detail from audit where at >= $2 and who = $1 order by id",
        who,
        since,
    )
    .fetch_all(&db.0)
    .await?)
}

/// What people did lately, latest first.
pub async fn latest(db: &Db, limit: i64) -> Result<Vec<Act>, Error> {
    Ok(sqlx::query_as!(
        Act,
        "select at, who, act, detail from audit order by id desc limit $1",
        limit,
    )
    .fetch_all(&db.0)
    .await?)
}
