//! Reading pairs.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Key, Kind, RecordId, System};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PairRow, State, key};
use crate::{Db, Error, dirty};

/// Which pairs to list. `None` is "any".
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this state.
    pub state: Option<State>,
    /// With this text in the label, or exactly this id on either side.
    pub text: Option<String>,
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

/// The pair that a record belongs to.
pub async fn find(db: &Db, key: &Key) -> Result<Option<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let found = resolve(&mut connection, std::slice::from_ref(key)).await?;
    let ids: Vec<Uuid> = found.into_iter().map(|(_, id)| id).collect();
    Ok(load(&mut connection, &ids).await?.pop())
}

/// The pair with this id.
pub async fn by_id(db: &Db, id: Uuid) -> Result<Option<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    Ok(load(&mut connection, &[id]).await?.pop())
}

/// The pairs of a kind whose label begins with this word, such as a ticket's number.
pub async fn by_name(db: &Db, kind: &Kind, name: &str) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let ids = sqlx::query_scalar!(
        "select id from pair
         where kind = $1 and split_part(label, ' ', 1) = $2 and state <> 'earlier'",
        kind.as_str(),
        name,
    )
    .fetch_all(&mut *connection)
    .await?;
    load(&mut connection, &ids).await
}

/// The pairs under these pairs, such as the notes of tickets.
pub async fn children(db: &Db, parents: &[Uuid]) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    children_of(&mut connection, parents).await
}

pub(crate) async fn children_of(
    connection: &mut PgConnection,
    parents: &[Uuid],
) -> Result<Vec<PairRow>, Error> {
    let ids = sqlx::query_scalar!("select id from pair where parent = any($1)", parents)
        .fetch_all(&mut *connection)
        .await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    load(connection, &ids).await
}

/// The other half's id of each of these records that is in a complete pair.
pub async fn others(db: &Db, keys: &[Key]) -> Result<HashMap<Key, RecordId>, Error> {
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let columns = Columns::of(keys);
    let rows = sqlx::query!(
        r#"with wanted as (
               select place, kind, system, record_id
               from unnest($1::text[], $2::text[], $3::text[]) with ordinality
                    as w(kind, system, record_id, place))
           select w.place as "place!", p.jim2_id as "other!"
           from wanted w join pair p on p.kind = w.kind and p.autotask_id = w.record_id
           where w.system = 'autotask' and p.state = 'paired'
           union all
           select w.place, p.autotask_id
           from wanted w join pair p on p.kind = w.kind and p.jim2_id = w.record_id
           where w.system = 'jim2' and p.state = 'paired'"#,
        &columns.kinds,
        &columns.systems,
        &columns.ids,
    )
    .fetch_all(&db.0)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((keys.get(index(row.place)?)?.clone(), row.other.into())))
        .collect())
}

/// A page of pairs, those changed last first.
pub async fn list(db: &Db, filter: &Filter, page: Page) -> Result<Vec<PairRow>, Error> {
    let mut connection = db.0.acquire().await?;
    let ids = sqlx::query_scalar!(
        r#"select id from pair
           where parent is null
             and ($1::text is null or kind = $1)
             and ($2::text is null or state = $2)
             and ($3::text is null or autotask_id = $3 or jim2_id = $3
                  or position(lower($3) in lower(label)) > 0)
           order by changed_at desc, id
           limit $4 offset $5"#,
        filter.kind.as_ref().map(Kind::as_str),
        filter.state.map(State::as_str),
        filter.text.as_deref(),
        page.limit,
        page.offset,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut rows = load(&mut connection, &ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
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

/// Keys as three columns, for `unnest`.
pub(crate) struct Columns {
    pub(crate) kinds: Vec<String>,
    pub(crate) systems: Vec<String>,
    pub(crate) ids: Vec<String>,
}

impl Columns {
    pub(crate) fn of<'a>(keys: impl IntoIterator<Item = &'a Key>) -> Self {
        let mut columns = Self {
            kinds: Vec::new(),
            systems: Vec::new(),
            ids: Vec::new(),
        };
        for key in keys {
            columns.kinds.push(key.kind.as_str().to_owned());
            columns.systems.push(key.system.as_str().to_owned());
            columns.ids.push(key.id.as_str().to_owned());
        }
        columns
    }
}

/// An ordinality of Postgres (from 1) as an index.
fn index(place: i64) -> Option<usize> {
    usize::try_from(place - 1).ok()
}

/// The rows that keys stand for, as (index into `keys`, id).
pub(crate) async fn resolve(
    connection: &mut PgConnection,
    keys: &[Key],
) -> Result<Vec<(usize, Uuid)>, Error> {
    let columns = Columns::of(keys);
    let rows = sqlx::query!(
        r#"with wanted as (
               select place, kind, system, record_id
               from unnest($1::text[], $2::text[], $3::text[]) with ordinality
                    as w(kind, system, record_id, place))
           select w.place as "place!", p.id as "id!"
           from wanted w join pair p on p.kind = w.kind and p.autotask_id = w.record_id
           where w.system = 'autotask' and p.state <> 'earlier'
           union all
           select w.place, p.id
           from wanted w join pair p on p.kind = w.kind and p.jim2_id = w.record_id
           where w.system = 'jim2'"#,
        &columns.kinds,
        &columns.systems,
        &columns.ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((index(row.place)?, row.id)))
        .collect())
}

/// The rows with these ids.
pub(crate) async fn load(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<PairRow>, Error> {
    let rows = sqlx::query_as!(
        Raw,
        "select id, kind, autotask_id, jim2_id, parent, generation, state, label, shadow,
                mapping_version, epoch, claimed_by, claimed_until, dirty, written_at,
                created_at, changed_at
         from pair where id = any($1) order by id",
        ids,
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(PairRow::try_from).collect()
}

/// A row of `pair` as Postgres has it.
struct Raw {
    id: Uuid,
    kind: String,
    autotask_id: Option<String>,
    jim2_id: Option<String>,
    parent: Option<Uuid>,
    generation: i32,
    state: String,
    label: String,
    shadow: Option<Value>,
    mapping_version: i64,
    epoch: i64,
    claimed_by: Option<String>,
    claimed_until: Option<DateTime<Utc>>,
    dirty: Option<Value>,
    written_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

impl TryFrom<Raw> for PairRow {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self, Error> {
        let state = State::read(&raw.state)?;
        let kind = Kind::from(raw.kind);
        let autotask_id = raw.autotask_id.map(RecordId::from);
        let jim2_id = raw.jim2_id.map(RecordId::from);
        Ok(Self {
            id: raw.id,
            dirty: dirty::read(raw.dirty, || {
                key(kind.clone(), autotask_id.clone(), jim2_id.clone(), state)
            }),
            kind,
            autotask_id,
            jim2_id,
            parent: raw.parent,
            generation: raw.generation,
            state,
            label: raw.label,
            shadow: raw.shadow,
            mapping_version: raw.mapping_version,
            epoch: raw.epoch,
            claimed_by: raw.claimed_by,
            claimed_until: raw.claimed_until,
            written_at: raw.written_at,
            created_at: raw.created_at,
            changed_at: raw.changed_at,
        })
    }
}
