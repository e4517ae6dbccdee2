//! Spans in which events may have been missed: a sweep looks at what was changed in them, and closes them.

use chrono::{DateTime, Utc};
use domain::{Kind, System};
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Db, Error, error, sweep::Swept};

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
    /// How many calls are known not to have come, where something counts them.
    pub missed: Option<i64>,
}

/// A gap.
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
    /// How many calls are known not to have come, by their numbers; `None` where nothing counts them.
    pub missed: Option<i64>,
    /// How many records were looked at again for it; `None` while it is open.
    pub found: Option<i64>,
    /// When all that was changed in it had been looked at again; `None` while it is open.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Opens a gap. One that is open for the same reason is widened instead, and lasts again if this one does. Answers its
/// id.
pub async fn open(db: &Db, gap: &NewGap<'_>) -> Result<Uuid, Error> {
    let mut tx = db.begin().await?;
    let id = open_in(&mut tx, gap).await?;
    tx.commit().await?;
    Ok(id)
}

pub(crate) async fn open_in(tx: &mut PgConnection, gap: &NewGap<'_>) -> Result<Uuid, Error> {
    let kind = gap.kind.map(Kind::as_str);
    let widened = sqlx::query_scalar!(
        "update gap
         set since = least(since, $4),
             until = case when $5::timestamptz is not null then greatest(until, $5) end,
             missed = case when $6::bigint is null then missed else coalesce(missed, 0) + $6 end
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
        gap.missed,
    )
    .fetch_optional(&mut *tx)
    .await?;
    let id = match widened {
        Some(id) => id,
        None => {
            sqlx::query_scalar!(
                "insert into gap (id, system, kind, reason, since, until, missed)
                 values ($1, $2, $3, $4, $5, $6, $7) returning id",
                Uuid::now_v7(),
                gap.system.as_str(),
                kind,
                gap.reason,
                gap.since,
                gap.until,
                gap.missed,
            )
            .fetch_one(&mut *tx)
            .await?
        }
    };
    Ok(id)
}

/// Ends the span of a gap that lasts: from `at` on nothing is missed for this reason. `false` if there is none. It
/// stays open, as what was missed until then was not told since.
pub async fn end(db: &Db, system: System, reason: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let ended = sqlx::query!(
        "update gap set until = greatest(since, $3)
         where system = $1 and reason = $2 and until is null and closed_at is null",
        system.as_str(),
        reason,
        at,
    )
    .execute(&db.0)
    .await?;
    Ok(ended.rows_affected() > 0)
}

/// Closes the gaps that are over and whose whole span was met by the last pass of every sweep of `sweeps` that they
/// concern, each begun after the gap was opened. Answers them.
pub async fn close_swept(db: &Db, sweeps: &[Swept]) -> Result<Vec<Gap>, Error> {
    let kinds: Vec<String> = sweeps.iter().map(|of| of.kind.to_string()).collect();
    let systems: Vec<String> = sweeps
        .iter()
        .map(|of| of.system.as_str().to_owned())
        .collect();
    let trails: Vec<String> = sweeps.iter().map(|of| of.trail.clone()).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"with needed as (
               select g.id, g.since, g.until, g.opened_at, t.kind, t.system, t.trail
               from gap g
               join unnest($1::text[], $2::text[], $3::text[]) as t (kind, system, trail)
                 on t.system = g.system and (g.kind is null or g.kind = t.kind)
               where g.closed_at is null and g.until is not null
           ),
           met as (
               select n.id, sum(s.found)::bigint as found
               from needed n
               left join sweep s on s.kind = n.kind and s.system = n.system and s.trail = n.trail
               group by n.id
               having bool_and(coalesce(s.passed_at >= n.opened_at and s.window_from <= n.since
                                        and s.complete_to >= n.until, false))
           )
           update gap g set closed_at = now(), found = met.found from met where g.id = met.id
           returning g.id, g.system, g.kind, g.reason, g.since, g.until, g.opened_at, g.missed, g.found, g.closed_at"#,
        &kinds,
        &systems,
        &trails,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The open gaps, oldest first.
pub async fn list(db: &Db) -> Result<Vec<Gap>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, system, kind, reason, since, until, opened_at, missed, found, closed_at from gap
         where closed_at is null order by since, id"
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The gaps that were closed since `since`, the latest first.
pub async fn closed_since(db: &Db, since: DateTime<Utc>) -> Result<Vec<Gap>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, system, kind, reason, since, until, opened_at, missed, found, closed_at from gap
         where closed_at >= $1 order by closed_at desc, id desc",
        since,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The gaps there were, open or not, the latest first.
pub async fn ledger(db: &Db, limit: i64) -> Result<Vec<Gap>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select id, system, kind, reason, since, until, opened_at, missed, found, closed_at from gap
         order by since desc, id desc limit $1",
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

struct Row {
    id: Uuid,
    system: String,
    kind: Option<String>,
    reason: String,
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    opened_at: DateTime<Utc>,
    missed: Option<i64>,
    found: Option<i64>,
    closed_at: Option<DateTime<Utc>>,
}

impl Row {
    fn read(self) -> Result<Gap, Error> {
        Ok(Gap {
            id: self.id,
            system: error::system("gap.system", &self.system)?,
            kind: self.kind.map(Into::into),
            reason: self.reason,
            since: self.since,
            until: self.until,
            opened_at: self.opened_at,
            missed: self.missed,
            found: self.found,
            closed_at: self.closed_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_gap_that_grows_stays_one_gap(pool: PgPool) {
        let db = Db::from(pool);
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let new = |minutes| NewGap {
            system: System::Autotask,
            kind: None,
            reason: "both the broker and the database were away",
            since: start,
            until: Some(start + TimeDelta::minutes(minutes)),
            missed: Some(minutes),
        };
        let id = open(&db, &new(5)).await.unwrap();
        for minutes in [9, 7] {
            assert_eq!(open(&db, &new(minutes)).await.unwrap(), id);
        }
        let other = NewGap {
            reason: "a call never came",
            ..new(5)
        };
        assert_ne!(open(&db, &other).await.unwrap(), id);
        let gaps = list(&db).await.unwrap();
        assert_eq!(gaps.len(), 2);
        assert_eq!(gaps[0].until, Some(start + TimeDelta::minutes(9)));
        assert_eq!(gaps[0].missed, Some(5 + 9 + 7), "all that did not come");
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_gap_that_lasts_is_ended_stays_open_and_may_last_again(pool: PgPool) {
        let db = Db::from(pool);
        let at = |minutes| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::minutes(minutes);
        let reason = "Autotask does not call";
        let since = |minutes| NewGap {
            system: System::Autotask,
            kind: None,
            reason,
            since: at(minutes),
            until: None,
            missed: None,
        };
        let until = async || list(&db).await.unwrap()[0].until;
        let id = open(&db, &since(5)).await.unwrap();
        assert_eq!(open(&db, &since(9)).await.unwrap(), id);
        assert_eq!(until().await, None);
        assert!(!end(&db, System::Autotask, "another", at(7)).await.unwrap());
        assert!(end(&db, System::Autotask, reason, at(7)).await.unwrap());
        assert!(!end(&db, System::Autotask, reason, at(8)).await.unwrap());
        assert_eq!(until().await, Some(at(7)));

        assert_eq!(open(&db, &since(20)).await.unwrap(), id);
        assert_eq!(until().await, None, "it lasts again");
        assert!(end(&db, System::Autotask, reason, at(1)).await.unwrap());
        assert_eq!(until().await, Some(at(5)), "no earlier than it began");
        assert_eq!(list(&db).await.unwrap().len(), 1);
    }
}
