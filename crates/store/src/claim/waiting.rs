//! Pairs that nobody has in hand and on which events wait: published by whoever finds them, and only then forgotten.
//!
//! A claim that ended with events waiting, and one that was left behind, look alike: an epoch nobody holds, a time that
//! has run out. So a crash between the end of a claim and the publishing of what met it loses nothing (rule 3).

use domain::{Cause, Event};
use serde_json::Value;
use uuid::Uuid;

use super::Claim;
use crate::{Db, Error, dirty, pair};

/// A pair on which events wait, or which owes a write: publish its events, then call [`put_back`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The claim that ended or ran out.
    pub claim: Claim,
    /// What to publish: at most one event a system.
    pub events: Vec<Event>,
    /// The column as read: what came since stays.
    dirty: Option<Value>,
}

/// A row with waiting events, as read.
pub(crate) struct Columns {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) autotask_id: Option<String>,
    pub(crate) jim2_id: Option<String>,
    pub(crate) state: String,
    pub(crate) epoch: i64,
    pub(crate) dirty: Option<Value>,
}

impl TryFrom<Columns> for Waiting {
    type Error = Error;

    fn try_from(row: Columns) -> Result<Self, Error> {
        let key = pair::key(
            row.kind.into(),
            row.autotask_id.map(Into::into),
            row.jim2_id.map(Into::into),
            pair::State::read(&row.state)?,
        );
        let mut events = dirty::read(row.dirty.clone(), || key.clone());
        if events.is_empty() {
            events.push(Event::new(key, Cause::Rescue));
        }
        Ok(Self {
            claim: Claim {
                pair: row.id,
                epoch: row.epoch,
            },
            events,
            dirty: row.dirty,
        })
    }
}

/// Claims that ran out and on which events wait or a write is owed, longest ago first. Their events come with
/// cause [`Cause::Rescue`].
pub async fn expired(db: &Db, limit: i64) -> Result<Vec<Waiting>, Error> {
    let rows = sqlx::query_as!(
        Columns,
        "select id, kind, autotask_id, jim2_id, state, epoch, dirty
         from pair
         where claimed_by is not null and claimed_until < now()
           and (dirty is not null or exists (select from intent where pair_id = pair.id))
         order by claimed_until
         limit $1",
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    rows.into_iter()
        .map(|row| {
            let mut waiting = Waiting::try_from(row)?;
            for event in &mut waiting.events {
                event.cause = event.cause.max(Cause::Rescue);
            }
            Ok(waiting)
        })
        .collect()
}

/// Forgets the events of these pairs, now that they are published. A pair that was claimed, or met by another event,
/// in the meantime stays as it is. Answers how many were let go.
pub async fn put_back(db: &Db, published: &[Waiting]) -> Result<u64, Error> {
    let ids: Vec<Uuid> = published.iter().map(|waiting| waiting.claim.pair).collect();
    let epochs: Vec<i64> = published
        .iter()
        .map(|waiting| waiting.claim.epoch)
        .collect();
    let columns: Vec<Option<Value>> = published
        .iter()
        .map(|waiting| waiting.dirty.clone())
        .collect();
    let done = sqlx::query!(
        "update pair p
         set claimed_by = null, claimed_until = null, dirty = null, epoch = p.epoch + 1
         from unnest($1::uuid[], $2::bigint[], $3::jsonb[]) as e(id, epoch, dirty)
         where p.id = e.id and p.epoch = e.epoch and p.claimed_until < now()
           and p.dirty is not distinct from e.dirty",
        &ids,
        &epochs,
        &columns as &[Option<Value>],
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected())
}
