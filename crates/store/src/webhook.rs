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
    /// When it got that secret in place of another; `None` for its first.
    pub rotated_at: Option<DateTime<Utc>>,
    /// Whether Autotask calls it.
    pub is_active: bool,
    /// Whether Autotask finds it complete.
    pub is_ready: bool,
    /// When it was last looked at.
    pub checked_at: Option<DateTime<Utc>>,
    /// Whether somebody wants it looked at soon.
    pub check_wanted: bool,
    /// The base of the zone in which it was last looked at; `None` where no zone was discovered.
    pub zone: Option<String>,
}

impl Webhook {
    /// Whether the tenant lives in another zone than when it was last looked at.
    pub fn has_moved(&self, zone: Option<&str>) -> bool {
        let before = self.zone.as_deref();
        before
            .zip(zone)
            .is_some_and(|(before, zone)| before != zone)
    }
}

/// Stores what was seen of a webhook just now. Its own `rotated_at`, `checked_at` and `check_wanted` are not used.
pub async fn upsert(db: &Db, webhook: &Webhook) -> Result<(), Error> {
    sqlx::query!(
        "insert into webhook (name, entity, autotask_id, guid, secret_version, is_active, is_ready,
                              zone, checked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, now())
         on conflict (name) do update
         set entity = excluded.entity, autotask_id = excluded.autotask_id, guid = excluded.guid,
             secret_version = greatest(webhook.secret_version, excluded.secret_version), is_active = excluded.is_active,
             is_ready = excluded.is_ready, zone = excluded.zone, checked_at = now(), check_wanted = false",
        webhook.name,
        webhook.entity,
        webhook.autotask_id,
        webhook.guid,
        webhook.secret_version,
        webhook.is_active,
        webhook.is_ready,
        webhook.zone,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// All webhooks.
pub async fn list(db: &Db) -> Result<Vec<Webhook>, Error> {
    Ok(sqlx::query_as!(
        Webhook,
        "select name, entity, autotask_id, guid, secret_version, rotated_at, is_active, is_ready,
                checked_at, check_wanted, zone
         from webhook order by name"
    )
    .fetch_all(&db.0)
    .await?)
}

/// Takes the next secret, before Autotask is told to sign with it. Until then the guardian is asked to see to that.
/// `false` if there is no webhook of this name.
pub async fn rotate(db: &Db, name: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update webhook
         set secret_version = secret_version + 1, rotated_at = now(), check_wanted = true
         where name = $1",
        name
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Asks the guardian to look at a webhook that others may call as well as Autotask: not more often than every ten
/// minutes, so that strangers cannot make us call Autotask.
pub async fn suspect(db: &Db, name: &str) -> Result<(), Error> {
    sqlx::query!(
        "update webhook set check_wanted = true
         where name = $1 and not check_wanted and checked_at < now() - interval '10 minutes'",
        name
    )
    .execute(&db.0)
    .await?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn hook() -> Webhook {
        Webhook {
            name: "crossbill-ticket".to_owned(),
            entity: "Ticket".to_owned(),
            autotask_id: Some(7),
            guid: None,
            secret_version: 1,
            rotated_at: None,
            is_active: true,
            is_ready: true,
            checked_at: None,
            check_wanted: false,
            zone: Some("https://zone.example/".to_owned()),
        }
    }

    #[test]
    fn a_tenant_has_moved_where_two_zones_are_known_and_are_not_the_same() {
        let (one, other) = (Some("https://one.example/"), Some("https://other.example/"));
        for (before, zone, expected) in [
            (one, other, true),
            (one, one, false),
            (None, one, false),
            // After a restart nothing was called yet.
            (one, None, false),
            (None, None, false),
        ] {
            let row = Webhook {
                zone: before.map(str::to_owned),
                ..hook()
            };
            assert_eq!(row.has_moved(zone), expected, "{before:?} {zone:?}");
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_secret_is_only_ever_followed_by_the_next(pool: PgPool) {
        let db = Db::from(pool);
        assert!(!rotate(&db, "crossbill-ticket").await.unwrap());
        upsert(&db, &hook()).await.unwrap();
        assert!(rotate(&db, "crossbill-ticket").await.unwrap());
        let row = list(&db).await.unwrap().remove(0);
        assert_eq!((row.secret_version, row.check_wanted), (2, true));
        assert!(row.rotated_at.is_some());
        // Whoever looked before does not take it back.
        upsert(&db, &hook()).await.unwrap();
        let row = list(&db).await.unwrap().remove(0);
        assert_eq!((row.secret_version, row.check_wanted), (2, false));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn strangers_have_a_webhook_looked_at_every_ten_minutes_at_most(pool: PgPool) {
        let db = Db::from(pool.clone());
        upsert(&db, &hook()).await.unwrap();
        for (minutes, wanted) in [(0, false), (9, false), (11, true)] {
            sqlx::query("update webhook set checked_at = now() - make_interval(mins => $1)")
                .bind(minutes)
                .execute(&pool)
                .await
                .unwrap();
            suspect(&db, "crossbill-ticket").await.unwrap();
            let row = list(&db).await.unwrap().remove(0);
            assert_eq!(
                row.check_wanted, wanted,
                "{minutes} minutes after the last look"
            );
        }
    }
}
