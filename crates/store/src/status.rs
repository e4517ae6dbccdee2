//! The counts that `crossbill status` shows.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{Db, Error, error};

/// How things stand, from one query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Pairs by kind and state.
    pub pairs: Vec<Pairs>,
    /// Held items that are not archived.
    pub held: i64,
    /// The money they hold up, without GST, as far as it is known.
    pub held_net: Option<Decimal>,
    /// Held items by the code of their problems, most first.
    pub held_by_code: Vec<HeldByCode>,
    /// Messages that wait for the broker.
    pub spilled: i64,
    /// Pairs that are being worked on.
    pub claims: i64,
    /// Claims that ran out and were not given back.
    pub expired_claims: i64,
    /// Pairs with a write that is not finished.
    pub open_intents: i64,
    /// Spans in which events may have been missed.
    pub open_gaps: i64,
    /// How far the sources were read.
    pub cursors: Vec<CursorAge>,
    /// What was journalled since midnight UTC.
    pub today: Vec<Journalled>,
}

/// Pairs of a kind in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pairs {
    /// The kind.
    pub kind: String,
    /// The state.
    pub state: String,
    /// How many.
    pub pairs: i64,
}

/// Held items that wait for problems of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldByCode {
    /// The code.
    pub code: String,
    /// How many different problems.
    pub problems: i64,
    /// How many items.
    pub items: i64,
}

/// When a cursor was last moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CursorAge {
    /// Its name.
    pub name: String,
    /// When.
    pub moved_at: DateTime<Utc>,
    /// How long ago.
    pub seconds: f64,
}

/// What was journalled of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journalled {
    /// The kind.
    pub kind: String,
    /// What.
    pub what: String,
    /// How often.
    pub entries: i64,
    /// How many calls it cost.
    pub calls: i64,
}

/// How things stand.
#[tracing::instrument(name = "db.status", skip_all)]
pub async fn status(db: &Db) -> Result<Status, Error> {
    let status = sqlx::query_scalar!(
        r#"select jsonb_build_object(
            'pairs', (
                select coalesce(jsonb_agg(to_jsonb(c) order by kind, state), '[]') from (
                    select kind, state, count(*) as pairs from pair group by kind, state) c),
            'held', (select count(*) from held where archived_at is null),
            'held_net', (select sum(net)::text from held where archived_at is null),
            'held_by_code', (
                select coalesce(jsonb_agg(to_jsonb(c) order by items desc, code), '[]') from (
                    select p.code, count(distinct p.identity) as problems,
                           count(distinct h.id) as items
                    from held h
                    join held_problem hp on hp.held_id = h.id
                    join problem p on p.identity = hp.identity
                    where h.archived_at is null
                    group by p.code) c),
            'spilled', (select count(*) from spill),
            'claims', (
                select count(*) from pair where claimed_by is not null and claimed_until >= now()),
            'expired_claims', (
                select count(*) from pair where claimed_by is not null and claimed_until < now()),
            'open_intents', (select count(*) from intent),
            'open_gaps', (select count(*) from gap where closed_at is null),
            'cursors', (
                select coalesce(jsonb_agg(to_jsonb(c) order by name), '[]') from (
                    select name, moved_at, extract(epoch from now() - moved_at)::float8 as seconds
                    from cursor) c),
            'today', (
                select coalesce(jsonb_agg(to_jsonb(c) order by kind, what), '[]') from (
                    select kind, what, count(*) as entries, sum(calls) as calls
                    from journal
                    where at >= date_trunc('day', now(), 'UTC')
                    group by kind, what) c)
           ) as "status!""#
    )
    .fetch_one(&db.0)
    .await?;
    error::from_json("status", status)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn an_empty_database_has_a_status(pool: PgPool) {
        let status = status(&Db::from(pool)).await.unwrap();
        assert_eq!((status.held, status.claims, status.open_intents), (0, 0, 0));
        assert!(status.pairs.is_empty() && status.today.is_empty());
    }
}
