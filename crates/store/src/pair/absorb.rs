//! Making room for the other half: rows that hold its id and are nothing but an unwritten half go away.

use domain::{Event, RecordId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{State, key};
use crate::{Claim, Error, dirty};

/// A row that may stand in the way of giving a pair its other half.
#[derive(Debug)]
struct Rival {
    id: Uuid,
    half: bool,
    owes: bool,
    dirty: Vec<Event>,
}

/// What [`absorb`] found out.
#[derive(Debug)]
pub(crate) enum Absorbed {
    /// The ids are free for the pair; these events waited on the rows that are gone now.
    Yes(Vec<Event>),
    /// The claim is not ours any more.
    LostClaim,
    /// Another row holds one of the ids and has a life of its own.
    Taken(Uuid),
}

/// Locks a claimed pair together with the rows that hold the ids it is about to get, in id order,
/// and deletes those that are nothing but an unwritten half. Whoever has such a row claimed loses the claim.
pub(crate) async fn absorb(
    tx: &mut PgConnection,
    claim: Claim,
    autotask_id: Option<&RecordId>,
    jim2_id: Option<&RecordId>,
) -> Result<Absorbed, Error> {
    // Locked by a statement of its own: what others wrote while we waited for the lock must be seen by the next one.
    let locked = sqlx::query_scalar!(
        "select p.id from pair p
         where p.id in (
             select $1::uuid
             union all
             select o.id from pair me join pair o on o.kind = me.kind
             where me.id = $1 and me.state <> 'earlier'
               and o.autotask_id = $2 and o.state <> 'earlier'
             union all
             select o.id from pair me join pair o on o.kind = me.kind
             where me.id = $1 and o.jim2_id = $3)
         order by p.id
         for update of p",
        claim.pair,
        autotask_id.map(RecordId::as_str),
        jim2_id.map(RecordId::as_str),
    )
    .fetch_all(&mut *tx)
    .await?;
    let rows = sqlx::query!(
        r#"select p.id, p.kind, p.autotask_id, p.jim2_id, p.dirty, p.state,
                  p.id = $2 and p.epoch = $3 and p.claimed_by is not null as "ours!",
                  exists (select from intent i where i.pair_id = p.id) as "owes!"
           from pair p where p.id = any($1) order by p.id"#,
        &locked,
        claim.pair,
        claim.epoch,
    )
    .fetch_all(&mut *tx)
    .await?;
    if !rows.iter().any(|row| row.ours) {
        return Ok(Absorbed::LostClaim);
    }
    let mut rivals = Vec::new();
    for row in rows {
        if row.id == claim.pair {
            continue;
        }
        let state = State::read(&row.state)?;
        rivals.push(Rival {
            id: row.id,
            half: state == State::New && (row.autotask_id.is_none() || row.jim2_id.is_none()),
            owes: row.owes,
            dirty: dirty::read(row.dirty, || {
                key(
                    row.kind.into(),
                    row.autotask_id.map(Into::into),
                    row.jim2_id.map(Into::into),
                    state,
                )
            }),
        });
    }
    if let Some(rival) = rivals.iter().find(|rival| !rival.half || rival.owes) {
        return Ok(Absorbed::Taken(rival.id));
    }
    let ids: Vec<Uuid> = rivals.iter().map(|rival| rival.id).collect();
    if !ids.is_empty() {
        sqlx::query!("delete from pair where id = any($1)", &ids)
            .execute(&mut *tx)
            .await?;
    }
    Ok(Absorbed::Yes(
        rivals.into_iter().flat_map(|rival| rival.dirty).collect(),
    ))
}

/// Adds events to those that wait on a locked row.
pub(crate) async fn wait_on(
    tx: &mut PgConnection,
    pair: Uuid,
    events: Vec<Event>,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut waiting = super::load(&mut *tx, &[pair])
        .await?
        .pop()
        .map_or_else(Vec::new, |row| row.dirty);
    for event in events {
        dirty::add(&mut waiting, event);
    }
    sqlx::query!(
        "update pair set dirty = $2 where id = $1",
        pair,
        dirty::write(&waiting)?,
    )
    .execute(tx)
    .await?;
    Ok(())
}
