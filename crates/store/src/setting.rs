//! Facts of the site that `connect` found out or asked for. They are part of the mapping: a change bumps
//! its version, so this is no place for counters.

use std::collections::HashMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Db, Error, error};

/// A fact, where it is known.
pub async fn get<T: DeserializeOwned>(db: &Db, name: &str) -> Result<Option<T>, Error> {
    sqlx::query_scalar!("select value from setting where name = $1", name)
        .fetch_optional(&db.0)
        .await?
        .map(|value| error::from_json("setting.value", value))
        .transpose()
}

/// Stores a fact. Answers whether it is new or different.
pub async fn set<T: Serialize + Sync>(db: &Db, name: &str, value: &T) -> Result<bool, Error> {
    let value = error::to_json("setting.value", value)?;
    let done = sqlx::query!(
        "insert into setting (name, value) values ($1, $2)
         on conflict (name) do update set value = excluded.value
         where setting.value <> excluded.value",
        name,
        value,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets a fact. `false` if it was not known.
pub async fn unset(db: &Db, name: &str) -> Result<bool, Error> {
    let done = sqlx::query!("delete from setting where name = $1", name)
        .execute(&db.0)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// All facts.
pub async fn all(db: &Db) -> Result<HashMap<String, Value>, Error> {
    let rows = sqlx::query!("select name, value from setting")
        .fetch_all(&db.0)
        .await?;
    Ok(rows.into_iter().map(|row| (row.name, row.value)).collect())
}
