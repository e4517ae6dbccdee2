//! Claims: who may write a pair just now. The row is the lock, Postgres's clock its time limit, and the
//! epoch tells a late claimant that it is late.

mod join;
mod lock;
mod waiting;

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::{Event, Key};
use sqlx::PgConnection;
use uuid::Uuid;

pub use join::{Joined, join};
pub(crate) use waiting::Columns as WaitingColumns;
pub use waiting::{Waiting, expired, put_back};

use crate::{
    Db, Error, PairRow, dirty, error, held,
    held::HeldProblem,
    intent::{self, IntentRow},
    mapping, pair,
};

/// A claim on a pair: everything that writes under it names it, and fails once it is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Claim {
    /// The pair.
    pub pair: Uuid,
    /// Which claim on it this is.
    pub epoch: i64,
}

/// A pair that is ours for a while, with all we owe and hold for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The pair, its `epoch` already ours.
    pub pair: PairRow,
    /// What was about to be written when somebody stopped.
    pub intent: Option<IntentRow>,
    /// What it waits for.
    pub held: Vec<HeldProblem>,
    /// Since when it waits.
    pub held_since: Option<DateTime<Utc>>,
    /// The mapping's version; an older cache reloads before it plans.
    pub mapping_version: i64,
    /// The pairs under it.
    pub children: Vec<PairRow>,
}

impl Claimed {
    /// The claim itself.
    pub fn claim(&self) -> Claim {
        Claim {
            pair: self.pair.id,
            epoch: self.pair.epoch,
        }
    }
}

/// What became of one wanted key.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// It is ours.
    Claimed(Box<Claimed>),
    /// Somebody else has it; the event waits on the row and comes back when that one lets go.
    Busy,
    /// It is the same pair as that of the wanted entry with this index, which is ours.
    Same(usize),
}

/// Claims the pairs of these keys for `hold`. A key never seen gets a row with that one id.
#[tracing::instrument(name = "db.claim.take", skip_all, fields(keys = wanted.len()))]
pub async fn take(
    db: &Db,
    wanted: &[(Key, Event)],
    holder: &str,
    hold: Duration,
) -> Result<Vec<Taken>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    for _ in 1..error::ATTEMPTS {
        match attempt(db, wanted, holder, hold).await {
            Err(error) if error.is_collision() => {}
            taken => return taken,
        }
    }
    attempt(db, wanted, holder, hold).await
}

async fn attempt(
    db: &Db,
    wanted: &[(Key, Event)],
    holder: &str,
    hold: Duration,
) -> Result<Vec<Taken>, Error> {
    let keys: Vec<Key> = wanted.iter().map(|(key, _)| key.clone()).collect();
    let mut tx = db.begin().await?;
    let locked = lock::all(&mut tx, &keys).await?;
    let mut busy: HashMap<Uuid, Vec<Event>> = HashMap::new();
    let mut first: HashMap<Uuid, usize> = HashMap::new();
    for (place, id) in locked.places.iter().enumerate() {
        let row = locked.row(*id)?;
        if locked.is_free(*id) {
            first.entry(*id).or_insert(place);
        } else {
            let waiting = busy.entry(*id).or_insert_with(|| row.dirty.clone());
            dirty::add(waiting, wanted[place].1.clone());
        }
    }
    make_dirty(&mut tx, busy).await?;
    let free: Vec<Uuid> = first.keys().copied().collect();
    let mut claimed = claim(&mut tx, &free, holder, hold).await?;
    tx.commit().await?;
    locked
        .places
        .iter()
        .enumerate()
        .map(|(place, id)| match first.get(id) {
            None => Ok(Taken::Busy),
            Some(same) if *same != place => Ok(Taken::Same(*same)),
            Some(_) => claimed
                .remove(id)
                .map(|claimed| Taken::Claimed(Box::new(claimed)))
                .ok_or(Error::Collision),
        })
        .collect()
}

/// Claims locked rows, and reads all that is known of them.
async fn claim(
    tx: &mut PgConnection,
    ids: &[Uuid],
    holder: &str,
    hold: Duration,
) -> Result<HashMap<Uuid, Claimed>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    sqlx::query!(
        "update pair
         set claimed_by = $2, claimed_until = now() + make_interval(secs => $3), epoch = epoch + 1
         where id = any($1)",
        ids,
        holder,
        hold.as_secs_f64(),
    )
    .execute(&mut *tx)
    .await?;
    let mapping_version = mapping::current(&mut *tx).await?;
    let mut intents = intent::of_pairs(&mut *tx, ids).await?;
    let mut waiting = held::of_pairs(&mut *tx, ids).await?;
    let mut children: HashMap<Uuid, Vec<PairRow>> = HashMap::new();
    for child in pair::children_of(&mut *tx, ids).await? {
        if let Some(parent) = child.parent {
            children.entry(parent).or_default().push(child);
        }
    }
    let rows = pair::load(&mut *tx, ids).await?;
    Ok(rows
        .into_iter()
        .map(|pair| {
            let (since, problems) = waiting.remove(&pair.id).unzip();
            let claimed = Claimed {
                intent: intents.remove(&pair.id),
                held: problems.unwrap_or_default(),
                held_since: since,
                mapping_version,
                children: children.remove(&pair.id).unwrap_or_default(),
                pair,
            };
            (claimed.pair.id, claimed)
        })
        .collect())
}

/// Locks the row of one key without claiming it; a key never seen gets a row.
pub(crate) async fn lock_one(tx: &mut PgConnection, key: &Key) -> Result<PairRow, Error> {
    let locked = lock::all(tx, std::slice::from_ref(key)).await?;
    locked
        .places
        .first()
        .ok_or(Error::Collision)
        .and_then(|id| locked.row(*id).cloned())
}

/// Replaces the waiting events of locked rows.
async fn make_dirty(tx: &mut PgConnection, events: HashMap<Uuid, Vec<Event>>) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut ids = Vec::new();
    let mut columns = Vec::new();
    for (id, events) in events {
        ids.push(id);
        columns.push(dirty::write(&events)?);
    }
    sqlx::query!(
        "update pair p set dirty = d.dirty
         from unnest($1::uuid[], $2::jsonb[]) as d(id, dirty) where p.id = d.id",
        &ids,
        &columns as &[Option<serde_json::Value>],
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Makes claims last `hold` from now. Answers the pairs that are still ours.
pub async fn extend(db: &Db, claims: &[Claim], hold: Duration) -> Result<Vec<Uuid>, Error> {
    let (ids, epochs) = columns(claims);
    Ok(sqlx::query_scalar!(
        r#"update pair p set claimed_until = now() + make_interval(secs => $3)
           from unnest($1::uuid[], $2::bigint[]) as m(id, epoch)
           where p.id = m.id and p.epoch = m.epoch and p.claimed_by is not null
           returning p.id"#,
        &ids,
        &epochs,
        hold.as_secs_f64(),
    )
    .fetch_all(&db.0)
    .await?)
}

/// Lets go of claims that came to nothing. A row that was made for the claim alone goes with it.
///
/// Answers the pairs on which events wait: publish those, then call [`put_back`]. A claim that was lost before is
/// passed over.
#[tracing::instrument(name = "db.claim.release", skip_all, fields(claims = claims.len()))]
pub async fn release(db: &Db, claims: &[Claim]) -> Result<Vec<Waiting>, Error> {
    if claims.is_empty() {
        return Ok(Vec::new());
    }
    let (ids, epochs) = columns(claims);
    let mut tx = db.begin().await?;
    // Locked by a statement of its own: what others wrote while we waited for the lock must be seen by the next one.
    lock::lock(&mut tx, &ids).await?;
    let rows = sqlx::query_as!(
        WaitingColumns,
        r#"with mine as (
               select p.id, p.kind, p.autotask_id, p.jim2_id, p.state, p.dirty, p.epoch,
                      p.state = 'new' and p.generation = 1 and p.dirty is null and p.shadow is null
                      and not exists (select from held h where h.pair_id = p.id)
                      and not exists (select from intent i where i.pair_id = p.id)
                      and not exists (select from pair c where c.parent = p.id) as empty
               from pair p
               join unnest($1::uuid[], $2::bigint[]) as m(id, epoch)
                 on p.id = m.id and p.epoch = m.epoch
               where p.claimed_by is not null
           ), kept as (
               -- Where events wait, a claim that has run out stays: whoever dies before publishing them is found by it.
               update pair p
               set claimed_by = case when mine.dirty is not null then p.claimed_by end,
                   claimed_until = case when mine.dirty is not null then now() end,
                   epoch = p.epoch + 1
               from mine where p.id = mine.id and not mine.empty
           ), removed as (
               delete from pair p using mine where p.id = mine.id and mine.empty
           )
           select id as "id!", kind as "kind!", autotask_id, jim2_id, state as "state!",
                  epoch + 1 as "epoch!", dirty
           from mine where dirty is not null"#,
        &ids,
        &epochs,
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter().map(Waiting::try_from).collect()
}

fn columns(claims: &[Claim]) -> (Vec<Uuid>, Vec<i64>) {
    claims.iter().map(|claim| (claim.pair, claim.epoch)).unzip()
}

#[cfg(test)]
mod tests;
