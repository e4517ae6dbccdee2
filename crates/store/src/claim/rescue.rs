//! Claims that were left behind: published again by whoever finds them.

use domain::{Cause, Event};
use serde_json::Value;
use uuid::Uuid;

use super::Claim;
use crate::{Db, Error, dirty, pair};

/// A claim that ran out with something owed: publish its events, then call [`rescued`].
#[derive(Debug, Clone, PartialEq)]
pub struct Expired {
    /// The claim that ran out.
    pub claim: Claim,
    /// What to publish, with cause [`Cause::Rescue`].
    pub events: Vec<Event>,
    /// The column as read: what came since stays.
    dirty: Option<Value>,
}

/// Claims that ran out and on which events wait or a write is owed, longest ago first.
pub async fn expired(db: &Db, limit: i64) -> Result<Vec<Expired>, Error> {
    let rows = sqlx::query!(
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
            for event in &mut events {
                event.cause = event.cause.max(Cause::Rescue);
            }
            Ok(Expired {
                claim: Claim {
                    pair: row.id,
                    epoch: row.epoch,
                },
                events,
                dirty: row.dirty,
            })
        })
        .collect()
}

/// Ends these claims, now that their events are published. One that was taken, or met by another
/// event, in the meantime stays as it is. Answers how many were ended.
pub async fn rescued(db: &Db, published: &[Expired]) -> Result<u64, Error> {
    let ids: Vec<Uuid> = published.iter().map(|expired| expired.claim.pair).collect();
    let epochs: Vec<i64> = published
        .iter()
        .map(|expired| expired.claim.epoch)
        .collect();
    let columns: Vec<Option<Value>> = published
        .iter()
        .map(|expired| expired.dirty.clone())
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
