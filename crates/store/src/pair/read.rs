//! Single pairs, and those that records or other pairs lead to.

use std::collections::HashMap;

use domain::{Key, Kind, RecordId, System};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    PairRow,
    row::{Columns, index, load, resolve},
};
use crate::{Db, Error};

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

/// The records in `system` of the pairs that were made for these owners, each with the owner, as the shadow names it.
/// Every pair of the kind is read for it: for what happens seldom.
pub async fn of_owners(
    db: &Db,
    kind: &Kind,
    system: System,
    owners: &[String],
) -> Result<Vec<(String, RecordId)>, Error> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"select owner as "owner!", record_id as "record_id!"
           from (
               select shadow ->> 'company' as owner,
                      case $2::text when 'autotask' then autotask_id else jim2_id end as record_id
               from pair where kind = $1 and state = 'paired') p
           where owner = any($3) and record_id is not null
           order by record_id"#,
        kind.as_str(),
        system.as_str(),
        owners,
    )
    .fetch_all(&db.0)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.owner, row.record_id.into()))
        .collect())
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
