//! Finding, making and locking the rows of keys, always in id order, so that no two batches lock crosswise.

use std::collections::{HashMap, HashSet};

use domain::{Key, System};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Error, PairRow,
    pair::{self, Columns},
};

/// The locked rows of a batch of keys.
pub(super) struct Locked {
    /// The row of each key, in the order of the keys.
    pub(super) places: Vec<Uuid>,
    rows: HashMap<Uuid, PairRow>,
    free: HashSet<Uuid>,
}

impl Locked {
    pub(super) fn row(&self, id: Uuid) -> Result<&PairRow, Error> {
        self.rows.get(&id).ok_or(Error::Collision)
    }

    pub(super) fn is_free(&self, id: Uuid) -> bool {
        self.free.contains(&id)
    }
}

/// Locks the rows of all keys; a key without one gets one.
pub(super) async fn all(tx: &mut PgConnection, keys: &[Key]) -> Result<Locked, Error> {
    insert_missing(&mut *tx, keys).await?;
    let found = pair::resolve(&mut *tx, keys).await?;
    let ids: Vec<Uuid> = found.iter().map(|(_, id)| *id).collect();
    let free = lock(&mut *tx, &ids).await?;
    // Again, now that nobody can change them: a row may have been deleted, or have got another id.
    let places: HashMap<usize, Uuid> = pair::resolve(&mut *tx, keys).await?.into_iter().collect();
    let places: Vec<Uuid> = (0..keys.len())
        .map(|place| places.get(&place).copied())
        .collect::<Option<_>>()
        .ok_or(Error::Collision)?;
    if places.iter().any(|id| !ids.contains(id)) {
        return Err(Error::Collision);
    }
    let rows = pair::load(&mut *tx, &ids).await?;
    Ok(Locked {
        places,
        rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        free,
    })
}

async fn insert_missing(tx: &mut PgConnection, keys: &[Key]) -> Result<(), Error> {
    let mut sorted: Vec<&Key> = keys.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let new_ids: Vec<Uuid> = sorted.iter().map(|_| Uuid::now_v7()).collect();
    let columns = Columns::of(sorted);
    sqlx::query!(
        "insert into pair (id, kind, autotask_id, jim2_id)
         select w.id, w.kind,
                case when w.system = $5 then w.record_id end,
                case when w.system <> $5 then w.record_id end
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality
              as w(id, kind, system, record_id, place)
         where not exists (
                   select from pair p
                   where w.system = $5 and p.kind = w.kind and p.autotask_id = w.record_id
                     and p.state <> 'earlier')
           and not exists (
                   select from pair p
                   where w.system <> $5 and p.kind = w.kind and p.jim2_id = w.record_id)
         order by w.place
         on conflict do nothing",
        &new_ids,
        &columns.kinds,
        &columns.systems,
        &columns.ids,
        System::Autotask.as_str(),
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Locks rows in id order. Answers those that nobody has claimed, or not any more.
pub(super) async fn lock(tx: &mut PgConnection, ids: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let rows = sqlx::query!(
        r#"select id, claimed_until is null or claimed_until < now() as "free!"
           from pair where id = any($1) order by id for update"#,
        ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.free)
        .map(|row| row.id)
        .collect())
}
