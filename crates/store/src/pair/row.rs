//! Rows of `pair`: found by the keys of their halves, and read.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{Key, Kind, RecordId};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PairRow, State, key};
use crate::{Error, dirty};

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
pub(super) fn index(place: i64) -> Option<usize> {
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
                extract(epoch from now() - written_at)::float8 as written_ago,
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
    written_ago: Option<f64>,
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
            written_ago: raw
                .written_ago
                .map(|seconds| Duration::from_secs_f64(seconds.max(0.0))),
            created_at: raw.created_at,
            changed_at: raw.changed_at,
        })
    }
}
