//! Held items go back to their queues: when a person says so, or when a problem is solved.
//!
//! Both mark the items as replayed and leave them held; only remembering the pair lets go of one. So a
//! crash before publishing loses nothing: [`solved`] tells them again after a while, and so does the person.

use domain::{Cause, Event, Key};
use serde_json::Value;
use uuid::Uuid;

use super::Which;
use crate::{Db, Error, error};

/// A held item to be published.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// The item.
    pub held: Uuid,
    /// What to publish.
    pub resend: Resend,
}

/// What to publish for a held item.
#[derive(Debug, Clone, PartialEq)]
pub enum Resend {
    /// An event, with cause [`Cause::Replay`], or the stronger one that it was held with.
    Event(Box<Event>),
    /// A dead letter's body to its own queue; then call [`resent`].
    Body {
        /// The queue.
        queue: String,
        /// The body as it was.
        body: Vec<u8>,
    },
}

/// Marks at most `limit` held items as replayed, oldest first, and answers what to publish. Archived
/// items are taken only by their ids, and are held again from then on.
#[tracing::instrument(name = "db.held.take_for_replay", skip_all, fields(limit = limit))]
pub async fn take_for_replay(db: &Db, which: &Which, limit: i64) -> Result<Vec<Replay>, Error> {
    let rows = sqlx::query_as!(
        Raw,
        "with chosen as (
             select h.id from held h
             where (h.archived_at is null or $1::uuid[] is not null)
               and ($1::uuid[] is null or h.id = any($1))
               and ($2::text is null or exists (
                   select from held_problem hp where hp.held_id = h.id and hp.identity = $2))
             order by h.since, h.id
             limit $3
             for update of h
         )
         update held h
         set attempts = attempts + 1, replayed_at = now(), archived_at = null
         from chosen where h.id = chosen.id
         returning h.id, h.since, h.kind, h.system, h.record_id, h.event, h.body, h.queue",
        which.ids(),
        which.problem(),
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    in_order(rows)
}

/// Finds held items of which a problem that goes on by itself is solved, oldest first: the lookup is mapped to what is there, the pair
/// complete, the configuration newer than the plan that was held. Takes at most `limit` and answers what to publish, after
/// which [`published`] is to be told; each is told again after half a minute where it was not (whoever took it died), and
/// after ten minutes if nothing came of it, not even another hold.
#[tracing::instrument(name = "db.held.solved", skip_all, fields(limit = limit))]
pub async fn solved(db: &Db, limit: i64) -> Result<Vec<Replay>, Error> {
    let rows = sqlx::query_as!(
        Raw,
        "with chosen as (
             select h.id from held h
             where h.archived_at is null and h.pair_id is not null
               and (h.replayed_at is null or h.replayed_at < now() - interval '10 minutes')
               and exists (
                   select from held_problem hp
                   join problem p on p.identity = hp.identity
                   cross join mapping_version now_is
                   where hp.held_id = h.id and p.continues
                     and case p.subject ->> 'is'
                         when 'setting' then now_is.version > hp.mapping_version
                         when 'lookup' then now_is.version > hp.mapping_version and exists (
                             select from lookup_map m
                             where m.list = p.subject ->> 'list'
                               and m.system = p.subject ->> 'system'
                               and m.value = p.subject ->> 'value'
                               and not exists (
                                   select from lookup l
                                   where l.list = m.list and l.system <> m.system
                                     and l.value = m.to_value and l.gone_at is not null))
                         when 'job' then
                           greatest(h.last_at, h.replayed_at) < now() - interval '1 hour'
                           or exists (
                             select from pair o
                             where o.state in ('paired', 'earlier')
                               and o.jim2_id = p.subject ->> 'number'
                               and o.kind in ('ticket', 'order') and o.changed_at > h.last_at)
                         when 'time' then (p.subject ->> 'until')::timestamptz <= now()
                         -- Five minutes: the pair may have been completed while the plan was made.
                         when 'pair' then exists (
                             select from pair o
                             where p.subject ->> 'system' = 'autotask' and o.state = 'paired'
                               and o.kind = p.subject ->> 'kind'
                               and o.autotask_id = p.subject ->> 'id'
                               and o.changed_at > h.last_at - interval '5 minutes')
                           or exists (
                             select from pair o
                             where p.subject ->> 'system' = 'jim2' and o.state = 'paired'
                               and o.kind = p.subject ->> 'kind'
                               and o.jim2_id = p.subject ->> 'id'
                               and o.changed_at > h.last_at - interval '5 minutes')
                         else false end)
             order by h.since, h.id
             limit $1
             for update of h skip locked
         )
         update held h
         set attempts = attempts + 1, replayed_at = now() - interval '9 minutes 30 seconds'
         from chosen where h.id = chosen.id
         returning h.id, h.since, h.kind, h.system, h.record_id, h.event, h.body, h.queue",
        limit,
    )
    .fetch_all(&db.0)
    .await?;
    in_order(rows)
}

/// Remembers that what [`solved`] told of is on its way. What is held anew meanwhile, or no more, is left alone.
pub async fn published(db: &Db, ids: &[Uuid]) -> Result<(), Error> {
    sqlx::query!(
        "update held set replayed_at = now() where id = any($1) and replayed_at is not null",
        ids
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Forgets dead letters without an event that are back in their queue. The others wait for their pair.
pub async fn resent(db: &Db, ids: &[Uuid]) -> Result<u64, Error> {
    let done = sqlx::query!(
        "delete from held where id = any($1) and pair_id is null",
        ids
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected())
}

struct Raw {
    id: Uuid,
    since: chrono::DateTime<chrono::Utc>,
    kind: Option<String>,
    system: Option<String>,
    record_id: Option<String>,
    event: Option<Value>,
    body: Option<Vec<u8>>,
    queue: Option<String>,
}

fn in_order(mut rows: Vec<Raw>) -> Result<Vec<Replay>, Error> {
    rows.sort_by_key(|row| (row.since, row.id));
    rows.into_iter().map(Replay::try_from).collect()
}

impl TryFrom<Raw> for Replay {
    type Error = Error;

    fn try_from(raw: Raw) -> Result<Self, Error> {
        let held = raw.id;
        let key = match (raw.kind, raw.system, raw.record_id) {
            (Some(kind), Some(system), Some(id)) => Some(Key::new(
                kind.into(),
                error::system("held.system", &system)?,
                id,
            )),
            _ => None,
        };
        let resend = match (key, raw.event) {
            // What a newer build wrote and this one cannot read is still a record to look at.
            (Some(key), Some(event)) => {
                let event: Event = serde_json::from_value(event)
                    .unwrap_or_else(|_| Event::new(key, Cause::Replay));
                Resend::Event(Box::new(Event {
                    cause: event.cause.max(Cause::Replay),
                    ..event
                }))
            }
            _ => Resend::Body {
                queue: raw.queue.unwrap_or_default(),
                body: raw.body.unwrap_or_default(),
            },
        };
        Ok(Self { held, resend })
    }
}
