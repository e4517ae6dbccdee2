//! Messages that the broker could not take, until a drainer has published them. At least once: a row is
//! removed only after its message was confirmed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{Db, Error};

/// A message to be published later.
#[derive(Debug, Clone, PartialEq)]
pub struct Spilled {
    /// Its own id.
    pub id: Uuid,
    /// Where it goes, in the broker's words.
    pub route: Value,
    /// Its headers.
    pub headers: Value,
    /// Its body.
    pub body: Vec<u8>,
    /// Not before.
    pub due_at: DateTime<Utc>,
}

/// Keeps messages. One that is kept already stays as it is.
#[tracing::instrument(name = "db.spill.put", skip_all, fields(messages = messages.len()))]
pub async fn put(db: &Db, messages: &[Spilled]) -> Result<(), Error> {
    let ids: Vec<Uuid> = messages.iter().map(|message| message.id).collect();
    let routes: Vec<Value> = messages
        .iter()
        .map(|message| message.route.clone())
        .collect();
    let headers: Vec<Value> = messages
        .iter()
        .map(|message| message.headers.clone())
        .collect();
    let bodies: Vec<Vec<u8>> = messages
        .iter()
        .map(|message| message.body.clone())
        .collect();
    let due: Vec<DateTime<Utc>> = messages.iter().map(|message| message.due_at).collect();
    sqlx::query!(
        "insert into spill (id, route, headers, body, due_at)
         select * from unnest($1::uuid[], $2::jsonb[], $3::jsonb[], $4::bytea[], $5::timestamptz[])
         on conflict do nothing",
        &ids,
        &routes,
        &headers,
        &bodies,
        &due,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Leases at most `limit` due messages for `lease`: no other drainer gets them meanwhile, and each comes
/// again if it was not removed by then.
pub async fn due(db: &Db, limit: i64, lease: Duration) -> Result<Vec<Spilled>, Error> {
    take(db, limit, lease, None).await
}

/// As [`due`], but those whose route has all that `but` says are left where they are.
pub async fn due_but(
    db: &Db,
    limit: i64,
    lease: Duration,
    but: &Value,
) -> Result<Vec<Spilled>, Error> {
    take(db, limit, lease, Some(but)).await
}

async fn take(
    db: &Db,
    limit: i64,
    lease: Duration,
    but: Option<&Value>,
) -> Result<Vec<Spilled>, Error> {
    let mut messages = sqlx::query_as!(
        Spilled,
        "with chosen as (
             select id from spill
             where due_at <= now() and (leased_until is null or leased_until < now())
               and ($3::jsonb is null or not route @> $3)
             order by due_at, id
             limit $1
             for update skip locked
         )
         update spill s set leased_until = now() + make_interval(secs => $2)
         from chosen where s.id = chosen.id
         returning s.id, s.route, s.headers, s.body, s.due_at",
        limit,
        lease.as_secs_f64(),
        but,
    )
    .fetch_all(&db.0)
    .await?;
    messages.sort_by_key(|message| (message.due_at, message.id));
    Ok(messages)
}

/// Removes messages that were published and confirmed.
pub async fn remove(db: &Db, ids: &[Uuid]) -> Result<(), Error> {
    sqlx::query!("delete from spill where id = any($1)", ids)
        .execute(&db.0)
        .await?;
    Ok(())
}

/// How many messages there are, due or not.
pub async fn count(db: &Db) -> Result<i64, Error> {
    Ok(
        sqlx::query_scalar!(r#"select count(*) as "count!" from spill"#)
            .fetch_one(&db.0)
            .await?,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;

    const LEASE: Duration = Duration::from_mins(1);

    fn message(due_at: DateTime<Utc>) -> Spilled {
        Spilled {
            id: Uuid::now_v7(),
            route: json!({"queue": "tickets"}),
            headers: json!({"attempt": 1}),
            body: b"{}".to_vec(),
            due_at,
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_one_drainer_has_no_other_gets_and_what_it_drops_comes_again(pool: PgPool) {
        let db = Db::from(pool);
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let messages = [message(now), message(now)];
        let later = message(DateTime::from_timestamp(4_102_444_800, 0).unwrap());
        put(&db, &[messages[0].clone(), messages[1].clone(), later])
            .await
            .unwrap();
        put(&db, &messages[..1]).await.unwrap();
        assert_eq!(count(&db).await.unwrap(), 3);

        let first = due(&db, 1, LEASE).await.unwrap();
        let second = due(&db, 10, LEASE).await.unwrap();
        assert_eq!(first, messages[..1]);
        assert_eq!(
            second,
            messages[1..2],
            "neither the leased one nor the one due later"
        );

        remove(&db, &[first[0].id]).await.unwrap();
        sqlx::query("update spill set leased_until = now() - interval '1 second' where leased_until is not null")
            .execute(&db.0)
            .await
            .unwrap();
        assert_eq!(
            due(&db, 10, LEASE).await.unwrap(),
            second,
            "its drainer died"
        );
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_is_not_wanted_now_is_left_for_later(pool: PgPool) {
        let db = Db::from(pool);
        let messages = [
            json!({"to": "event", "lane": "live"}),
            json!({"to": "event", "lane": "bulk"}),
        ];
        let messages = messages.map(|route| Spilled {
            route,
            ..message(DateTime::UNIX_EPOCH)
        });
        put(&db, &messages).await.unwrap();
        let but = json!({"lane": "live"});
        let taken = due_but(&db, 10, LEASE, &but).await.unwrap();
        assert_eq!(taken, messages[1..]);
        assert_eq!(due(&db, 10, LEASE).await.unwrap(), messages[..1]);
    }
}
