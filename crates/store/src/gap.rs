//! Spans in which events may have been missed. A sweep that covers one closes it.

use chrono::{DateTime, Utc};
use domain::{Kind, System};
use serde::Serialize;
use uuid::Uuid;

use crate::{Db, Error, error};

/// A span to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGap<'a> {
    /// Whose events may be missing.
    pub system: System,
    /// Of which kind; `None` is all.
    pub kind: Option<&'a Kind>,
    /// Why, in one plain sentence.
    pub reason: &'a str,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when; `None` while it lasts.
    pub until: Option<DateTime<Utc>>,
}

/// An open gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Its id.
    pub id: Uuid,
    /// Whose events may be missing.
    pub system: System,
    /// Of which kind; `None` is all.
    pub kind: Option<Kind>,
    /// Why.
    pub reason: String,
    /// From when.
    pub since: DateTime<Utc>,
    /// Until when; `None` while it lasts.
    pub until: Option<DateTime<Utc>>,
    /// When it was found out.
    pub opened_at: DateTime<Utc>,
}

/// Opens a gap. One that is open for the same reason is widened instead. Answers its id.
pub async fn open(db: &Db, gap: &NewGap<'_>) -> Result<Uuid, Error> {
    let kind = gap.kind.map(Kind::as_str);
    let mut tx = db.begin().await?;
    let widened = sqlx::query_scalar!(
        "update gap
         set since = least(since, $4), until = greatest(until, $5)
         where id = (
             select id from gap
             where system = $1 and kind is not distinct from $2 and reason = $3
               and closed_at is null
             order by id limit 1)
         returning id",
        gap.system.as_str(),
        kind,
        gap.reason,
        gap.since,
        gap.until,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let id = match widened {
        Some(id) => id,
        None => {
            sqlx::query_scalar!(
                "insert into gap (id, system, kind, reason, since, until)
                 values ($1, $2, $3, $4, $5, $6) returning id",
                Uuid::now_v7(),
                gap.system.as_str(),
                kind,
                gap.reason,
                gap.since,
                gap.until,
            )
            .fetch_one(&mut *tx)
            .await?
        }
    };
    tx.commit().await?;
    Ok(id)
}

/// Closes a gap as it was listed, now that a sweep has covered it. `false`: it was widened since.
pub async fn close(db: &Db, gap: &Gap) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update gap set closed_at = now()
         where id = $1 and closed_at is null and since = $2 and until is not distinct from $3",
        gap.id,
        gap.since,
        gap.until,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The open gaps, oldest first.
pub async fn list(db: &Db) -> Result<Vec<Gap>, Error> {
    let rows = sqlx::query!(
        "select id, system, kind, reason, since, until, opened_at from gap
         where closed_at is null order by since, id"
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Gap {
                id: row.id,
                system: error::system("gap.system", &row.system)?,
                kind: row.kind.map(Into::into),
                reason: row.reason,
                since: row.since,
                until: row.until,
                opened_at: row.opened_at,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_gap_that_grew_is_not_closed_by_the_sweep_that_saw_it_smaller(pool: PgPool) {
        let db = Db::from(pool);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let new = |minutes| NewGap {
            system: System::Autotask,
            kind: None,
            reason: "both the broker and the database were away",
            since: start,
            until: Some(start + TimeDelta::minutes(minutes)),
        };
        let id = open(&db, &new(5)).await.unwrap();
        let seen = list(&db).await.unwrap().remove(0);
        assert_eq!(open(&db, &new(9)).await.unwrap(), id, "the same gap");
        assert!(!close(&db, &seen).await.unwrap());
        let seen = list(&db).await.unwrap().remove(0);
        assert!(close(&db, &seen).await.unwrap());
        assert_eq!(list(&db).await.unwrap(), []);
    }
}
