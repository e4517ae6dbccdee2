//! Many pairs at once: lists, counts, and all that is known of a kind.

use domain::{Kind, RecordId, System};
use serde::Serialize;
use uuid::Uuid;

use super::{PairRow, State, row::load};
use crate::{Db, Error};

/// Which pairs to list. `None` is "any".
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this state.
    pub state: Option<State>,
    /// With this text in the label, or exactly this id on either side.
    pub text: Option<String>,
    /// Of which this field of the Autotask half was this when both sides last agreed on it.
    pub agreed: Option<(&'static str, &'static str)>,
}

/// Which part of a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many rows come before it.
    pub offset: i64,
    /// How many rows it has at most.
    pub limit: i64,
}

/// How many pairs of a kind are in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// The state.
    pub state: State,
    /// How many.
    pub pairs: i64,
}

/// The pairs that were changed last, at most `limit`.
pub async fn list(db: &Db, filter: &Filter, limit: i64) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let ids = sqlx::query_scalar!(
        r#"select id from pair
           where parent is null
             and ($1::text is null or kind = $1)
             and ($2::text is null or state = $2)
             and ($3::text is null or autotask_id = $3 or jim2_id = $3
                  or position(lower($3) in lower(label)) > 0)
             and ($5::text is null or shadow #>> array['autotask', $5] = $6)
           order by changed_at desc, id
           limit $4"#,
        filter.kind.as_ref().map(Kind::as_str),
        filter.state.map(State::as_str),
        filter.text.as_deref(),
        limit,
        filter.agreed.map(|(field, _)| field),
        filter.agreed.map(|(_, value)| value),
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rows = load(&mut connection, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// A page of all pairs of a kind, which begins behind the pair `after`. Pages follow the ids, which never change: no
/// pair is passed over because a worker changes it, or another one, meanwhile.
pub async fn walk(
    db: &Db,
    kind: &Kind,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let ids = sqlx::query_scalar!(
        r#"select id from pair
           where parent is null and kind = $1 and ($2::uuid is null or id > $2)
           order by id
           limit $3"#,
        kind.as_str(),
        after,
        limit,
    )
    .fetch_all(&mut *connection)
    .await?;
    load(&mut connection, &ids).await
}

/// How many pairs there are, by kind and state.
pub async fn counts(db: &Db) -> Result<Vec<Count>, Error> {
    let rows = sqlx::query!(
        r#"select kind, state, count(*) as "pairs!" from pair group by kind, state order by kind, state"#
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Count {
                kind: row.kind.into(),
                state: State::read(&row.state)?,
                pairs: row.pairs,
            })
        })
        .collect()
}

/// The ids of all records of a kind in a system that any pair knows of.
pub async fn known_ids(db: &Db, kind: &Kind, system: System) -> Result<Vec<RecordId>, Error> {
    let ids = sqlx::query_scalar!(
        r#"select case $2::text when 'autotask' then autotask_id else jim2_id end as "id!"
           from pair
           where kind = $1
             and case $2::text when 'autotask' then autotask_id else jim2_id end is not null"#,
        kind.as_str(),
        system.as_str(),
    )
    .fetch_all(&db.0)
    .await?;
    Ok(ids.into_iter().map(Into::into).collect())
}
