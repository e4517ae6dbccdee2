//! The sequence numbers of webhook calls. A number that was jumped over is a suspicion, until it comes
//! late or stays away for ten minutes.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{Db, Error};

/// At most this many jumped numbers are remembered one by one; a longer jump is told by its newest ones.
const REMEMBERED: i64 = 1000;

/// The numbers that a webhook counts with; beyond them no number comes after.
const COUNTED: RangeInclusive<i64> = 0..=i64::MAX / 2;

/// Numbers of one webhook that were jumped over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// The webhook.
    pub guid: String,
    /// The first missing number.
    pub from: i64,
    /// The last missing number.
    pub to: i64,
    /// How many are missing from the first to the last.
    pub missing: i64,
    /// When the webhook was last heard of before.
    pub heard_at: DateTime<Utc>,
    /// When the jump was seen, the latest one of several.
    pub since: DateTime<Utc>,
}

/// Records the numbers of a batch of calls as (guid, number), in any order. Answers the jumps seen just now.
#[tracing::instrument(name = "db.sequence.record", skip_all, fields(calls = calls.len()))]
pub async fn record(db: &Db, calls: &[(String, i64)]) -> Result<Vec<Jump>, Error> {
    let mut by_guid: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for (guid, number) in calls.iter().filter(|(_, number)| COUNTED.contains(number)) {
        by_guid.entry(guid).or_default().push(*number);
    }
    if by_guid.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    let mut jumps = Vec::new();
    for (guid, numbers) in by_guid {
        jumps.extend(record_one(&mut tx, guid, &numbers).await?);
    }
    tx.commit().await?;
    Ok(jumps)
}

async fn record_one(
    tx: &mut PgConnection,
    guid: &str,
    numbers: &[i64],
) -> Result<Option<Jump>, Error> {
    let first = numbers.iter().copied().min().unwrap_or_default();
    let newest = numbers.iter().copied().max().unwrap_or_default();
    // A webhook never seen starts with its first call: what was before is not missing.
    sqlx::query!(
        "insert into webhook_sequence (guid, last) values ($1, $2) on conflict do nothing",
        guid,
        first - 1,
    )
    .execute(&mut *tx)
    .await?;
    let before = sqlx::query!(
        "select last, last_at from webhook_sequence where guid = $1 for update",
        guid
    )
    .fetch_one(&mut *tx)
    .await?;
    sqlx::query!(
        "update webhook_sequence set last = greatest(last, $2), last_at = now() where guid = $1",
        guid,
        newest,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from webhook_missing where guid = $1 and number = any($2)",
        guid,
        numbers,
    )
    .execute(&mut *tx)
    .await?;
    let jump = sqlx::query!(
        r#"with jumped as (
               insert into webhook_missing (guid, number, heard_at)
               select $1, n, $6 from generate_series(greatest($2::bigint + 1, $3::bigint - $5::bigint), $3) as n
               where n <> all($4)
               on conflict do nothing
               returning number, since
           )
           select min(number) as "from", max(number) as "to", count(*) as "missing!",
                  max(since) as "since"
           from jumped"#,
        guid,
        before.last,
        newest,
        numbers,
        REMEMBERED,
        before.last_at,
    )
    .fetch_one(tx)
    .await?;
    Ok(match (jump.from, jump.to, jump.since) {
        (Some(from), Some(to), Some(since)) => Some(Jump {
            guid: guid.to_owned(),
            from,
            to,
            missing: jump.missing,
            heard_at: before.last_at,
            since,
        }),
        _ => None,
    })
}

/// Jumps that nothing has filled within ten minutes: open a gap, then [`settle`] them.
pub async fn overdue(db: &Db) -> Result<Vec<Jump>, Error> {
    Ok(sqlx::query_as!(
        Jump,
        r#"select guid, min(number) as "from!", max(number) as "to!", count(*) as "missing!",
                  min(heard_at) as "heard_at!", max(since) as "since!"
           from webhook_missing
           where since < now() - interval '10 minutes'
           group by guid order by guid"#
    )
    .fetch_all(&db.0)
    .await?)
}

/// Forgets the missing numbers of a jump: a gap covers them now.
pub async fn settle(db: &Db, jump: &Jump) -> Result<u64, Error> {
    let done = sqlx::query!(
        "delete from webhook_missing where guid = $1 and number between $2 and $3",
        jump.guid,
        jump.from,
        jump.to,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    fn calls(numbers: &[i64]) -> Vec<(String, i64)> {
        numbers
            .iter()
            .map(|number| ("tickets".to_owned(), *number))
            .collect()
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_jump_is_a_suspicion_until_it_is_filled(pool: PgPool) {
        let db = Db::from(pool);
        assert_eq!(record(&db, &calls(&[41, 40])).await.unwrap(), []);
        let jumps = record(&db, &calls(&[45, 43])).await.unwrap();
        assert_eq!(jumps.len(), 1);
        assert_eq!((jumps[0].from, jumps[0].to), (42, 44));
        assert_eq!(jumps[0].missing, 2, "43 came");
        assert_eq!(overdue(&db).await.unwrap(), [], "not yet");

        record(&db, &calls(&[42])).await.unwrap();
        sqlx::query("update webhook_missing set since = since - interval '11 minutes'")
            .execute(&db.0)
            .await
            .unwrap();
        let overdue_now = overdue(&db).await.unwrap();
        assert_eq!((overdue_now[0].from, overdue_now[0].to), (44, 44));
        assert_eq!(overdue_now[0].heard_at, jumps[0].heard_at);
        assert_eq!(settle(&db, &overdue_now[0]).await.unwrap(), 1);
        assert_eq!(overdue(&db).await.unwrap(), []);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_call_told_twice_is_no_jump(pool: PgPool) {
        let db = Db::from(pool);
        for _ in 0..2 {
            assert_eq!(record(&db, &calls(&[1, 2])).await.unwrap(), []);
        }
        assert_eq!(record(&db, &calls(&[3])).await.unwrap(), []);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_number_that_nobody_counts_with_spoils_no_other(pool: PgPool) {
        let db = Db::from(pool);
        let told = calls(&[i64::MIN, -1, 7, i64::MAX]);
        assert_eq!(record(&db, &told).await.unwrap(), []);
        let jumps = record(&db, &calls(&[9])).await.unwrap();
        assert_eq!((jumps[0].from, jumps[0].to), (8, 8));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_huge_jump_does_not_fill_the_table(pool: PgPool) {
        let db = Db::from(pool);
        record(&db, &calls(&[1])).await.unwrap();
        let jumps = record(&db, &calls(&[9_000_000])).await.unwrap();
        assert_eq!(jumps[0].to, 8_999_999);
        assert_eq!(jumps[0].to - jumps[0].from, REMEMBERED - 1);
    }
}
