//! The webhooks that Autotask has of us, as the guardian last saw them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Db, Error};

/// A row of `webhook`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Webhook {
    /// Its name, which is also the last part of its address.
    pub name: String,
    /// The entity it tells of.
    pub entity: String,
    /// Its id in Autotask.
    pub autotask_id: Option<i64>,
    /// The id that its calls carry.
    pub guid: Option<String>,
    /// Which secret it signs with.
    pub secret_version: i32,
    /// Whether Autotask calls it.
    pub is_active: bool,
    /// Whether Autotask finds it complete.
    pub is_ready: bool,
    /// When it was last looked at.
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether somebody wants it looked at soon.
    pub check_wanted: bool,
}

/// Stores what was seen of a webhook just now. Its own `checked_at` and `check_wanted` are not used.
pub async fn upsert(db: &Db, webhook: &Webhook) -> Result<(), Error> {
    sqlx::query!(
        "insert into webhook (name, entity, autotask_id, guid, secret_version, is_active, is_ready,
                              checked_at)
         values ($1, $2, $3, $4, $5, $6, $7, now())
         on conflict (name) do update
         set entity = excluded.entity, autotask_id = excluded.autotask_id, guid = excluded.guid,
             secret_version = excluded.secret_version, is_active = excluded.is_active,
             is_ready = excluded.is_ready, checked_at = now(), check_wanted = false",
        webhook.name,
        webhook.entity,
        webhook.autotask_id,
        webhook.guid,
        webhook.secret_version,
        webhook.is_active,
        webhook.is_ready,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// All webhooks.
pub async fn list(db: &Db) -> Result<Vec<Webhook>, Error> {
    Ok(sqlx::query_as!(
        Webhook,
        "select name, entity, autotask_id, guid, secret_version, is_active, is_ready, checked_at,
                check_wanted
         from webhook order by name"
    )
    .fetch_all(&db.0)
    .await?)
}

/// Asks the guardian to look at a webhook soon. `false` if there is none of this name.
pub async fn want_check(db: &Db, name: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update webhook set check_wanted = true where name = $1",
        name
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}
