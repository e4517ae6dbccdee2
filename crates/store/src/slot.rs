//! Two of the three places that Autotask has for simultaneous calls to an endpoint; the third is other people's.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{Db, Error};

/// A place that is ours for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The endpoint, such as `Tickets`.
    pub endpoint: String,
    /// Which of its places.
    pub slot: i16,
    /// Who has it.
    pub owner: String,
    /// Until when, in Postgres's clock. It also tells this holding of the place from the owner's next one.
    pub until: DateTime<Utc>,
}

/// Takes a place for `hold`, if one is free. A place that was left behind is free only `deadline` after its
/// time: the calls of a killed process still run at the other end.
pub async fn slot_take(
    db: &Db,
    endpoint: &str,
    owner: &str,
    hold: Duration,
    deadline: Duration,
) -> Result<Option<Slot>, Error> {
    if let Some(slot) = take(db, endpoint, owner, hold, deadline).await? {
        return Ok(Some(slot));
    }
    let made = sqlx::query!(
        "insert into slot (endpoint, slot) select $1, n::smallint from generate_series(1, 2) as n
         on conflict do nothing",
        endpoint,
    )
    .execute(&db.0)
    .await?;
    if made.rows_affected() == 0 {
        return Ok(None);
    }
    take(db, endpoint, owner, hold, deadline).await
}

async fn take(
    db: &Db,
    endpoint: &str,
    owner: &str,
    hold: Duration,
    deadline: Duration,
) -> Result<Option<Slot>, Error> {
    Ok(sqlx::query_as!(
        Slot,
        r#"with free as (
               select endpoint, slot from slot
               where endpoint = $1
                 and (owner is null or until + make_interval(secs => $4) < now())
                 and (slot = 1 or crowded_until is null or crowded_until < now())
               order by slot
               limit 1
               for update skip locked
           )
           update slot s
           set owner = $2, until = now() + make_interval(secs => $3), calls = 0
           from free where s.endpoint = free.endpoint and s.slot = free.slot
           returning s.endpoint, s.slot, s.owner as "owner!", s.until as "until!""#,
        endpoint,
        owner,
        hold.as_secs_f64(),
        deadline.as_secs_f64(),
    )
    .fetch_optional(&db.0)
    .await?)
}

/// Gives a place back. `false`: it was not ours any more.
pub async fn slot_free(db: &Db, slot: &Slot) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update slot set owner = null, until = null
         where endpoint = $1 and slot = $2 and owner = $3 and until = $4",
        slot.endpoint,
        slot.slot,
        slot.owner,
        slot.until,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Leaves the endpoint its first place only for `after`, to all processes together.
pub async fn slot_crowded(db: &Db, endpoint: &str, after: Duration) -> Result<(), Error> {
    sqlx::query!(
        "update slot set crowded_until = now() + make_interval(secs => $2) where endpoint = $1",
        endpoint,
        after.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// An endpoint at which calls are made now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Busy {
    /// The endpoint.
    pub endpoint: String,
    /// How many of its places are taken, or were left behind a short while ago.
    pub taken: i64,
    /// Whether it has one place only for now.
    pub is_crowded: bool,
}

/// The endpoints at which places are taken, or which are crowded.
pub async fn slot_list(db: &Db) -> Result<Vec<Busy>, Error> {
    Ok(sqlx::query_as!(
        Busy,
        r#"select endpoint, count(owner) as "taken!",
                  coalesce(bool_or(crowded_until > now()), false) as "is_crowded!"
           from slot group by endpoint
           having count(owner) > 0 or bool_or(crowded_until > now())
           order by endpoint"#
    )
    .fetch_all(&db.0)
    .await?)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    const HOLD: Duration = Duration::from_secs(30);
    const DEADLINE: Duration = Duration::from_secs(20);

    async fn take_one(db: &Db, endpoint: &str, owner: &str) -> Option<Slot> {
        slot_take(db, endpoint, owner, HOLD, DEADLINE)
            .await
            .unwrap()
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_endpoint_has_only_two_places(pool: PgPool) {
        let db = Db::from(pool);
        let first = take_one(&db, "Tickets", "a").await.unwrap();
        assert!(take_one(&db, "Tickets", "b").await.is_some());
        assert_eq!(take_one(&db, "Tickets", "c").await, None);
        assert!(take_one(&db, "Companies", "c").await.is_some());
        assert!(slot_free(&db, &first).await.unwrap());
        assert!(take_one(&db, "Tickets", "c").await.is_some());
        assert!(
            !slot_free(&db, &first).await.unwrap(),
            "it is another's now"
        );
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_place_left_behind_is_free_only_after_its_calls_are_over(pool: PgPool) {
        let db = Db::from(pool);
        for owner in ["a", "b"] {
            take_one(&db, "Tickets", owner).await.unwrap();
        }
        for (seconds_past, free) in [(10, false), (25, true)] {
            sqlx::query("update slot set until = now() - make_interval(secs => $1) where slot = 1")
                .bind(f64::from(seconds_past))
                .execute(&db.0)
                .await
                .unwrap();
            assert_eq!(
                take_one(&db, "Tickets", "c").await.is_some(),
                free,
                "{seconds_past} s after its time"
            );
        }
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_crowded_endpoint_has_one_place_for_all_and_two_again_later(pool: PgPool) {
        let db = Db::from(pool);
        let first = take_one(&db, "Tickets", "a").await.unwrap();
        slot_crowded(&db, "Tickets", HOLD).await.unwrap();
        assert_eq!(take_one(&db, "Tickets", "b").await, None);
        assert!(take_one(&db, "Companies", "b").await.is_some());
        let busy = slot_list(&db).await.unwrap();
        let told: Vec<_> = busy
            .iter()
            .map(|it| (it.endpoint.as_str(), it.taken, it.is_crowded))
            .collect();
        assert_eq!(told, [("Companies", 1, false), ("Tickets", 1, true)]);
        assert!(slot_free(&db, &first).await.unwrap());
        assert!(take_one(&db, "Tickets", "b").await.is_some());
        assert_eq!(take_one(&db, "Tickets", "c").await, None);
        sqlx::query("update slot set crowded_until = now() - interval '1 second'")
            .execute(&db.0)
            .await
            .unwrap();
        assert!(take_one(&db, "Tickets", "c").await.is_some());
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_late_return_does_not_free_the_owners_next_holding(pool: PgPool) {
        let db = Db::from(pool);
        let first = take_one(&db, "Tickets", "a").await.unwrap();
        sqlx::query("update slot set until = now() - interval '1 hour' where owner = 'a'")
            .execute(&db.0)
            .await
            .unwrap();
        let next = take_one(&db, "Tickets", "a").await.unwrap();
        assert_eq!(next.slot, first.slot);
        assert!(!slot_free(&db, &first).await.unwrap());
        assert!(slot_free(&db, &next).await.unwrap());
    }
}
