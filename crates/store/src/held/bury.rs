//! Dead letters become held items: those that name a record as the pair's own, the others with their body.

use domain::{Event, Problem};
use uuid::Uuid;

use super::write;
use crate::{Db, Error, claim, mapping};

/// A message that could not be handled at all.
#[derive(Debug, Clone, PartialEq)]
pub struct DeadLetter {
    /// The queue it came from, and goes back to.
    pub queue: String,
    /// Its event, where it could be read.
    pub event: Option<Event>,
    /// Its body as it was.
    pub body: Vec<u8>,
    /// What happened, in one plain sentence.
    pub reason: String,
    /// The problem it is grouped under.
    pub problem: Problem,
}

/// Keeps a dead letter, in one row however often it is told. Answers the held item.
#[tracing::instrument(name = "db.held.bury", skip_all, fields(queue = letter.queue))]
pub async fn bury(db: &Db, letter: &DeadLetter) -> Result<Uuid, Error> {
    match &letter.event {
        Some(event) => bury_event(db, letter, event).await,
        None => bury_body(db, letter).await,
    }
}

async fn bury_event(db: &Db, letter: &DeadLetter, event: &Event) -> Result<Uuid, Error> {
    let problems = std::slice::from_ref(&letter.problem);
    let mut tx = db.begin().await?;
    let pair = claim::lock_one(&mut tx, &event.key).await?;
    let version = mapping::current(&mut tx).await?;
    let label = if pair.label.is_empty() {
        event.key.to_string()
    } else {
        pair.label
    };
    let item = write::Item {
        event,
        label: &label,
        reason: &letter.reason,
        net: None,
        company: None,
        mapping_version: version,
    };
    let held = write::upsert_beside(&mut tx, pair.id, &item, problems).await?;
    sqlx::query!(
        "update held set queue = $2 where id = $1",
        held,
        letter.queue
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(held)
}

async fn bury_body(db: &Db, letter: &DeadLetter) -> Result<Uuid, Error> {
    let problems = std::slice::from_ref(&letter.problem);
    let mut tx = db.begin().await?;
    let version = mapping::current(&mut tx).await?;
    write::open_problems(&mut tx, problems).await?;
    let held = sqlx::query_scalar!(
        "insert into held (id, label, body, queue, reason)
         values ($1, $2, $3, $2, $4)
         on conflict (queue, md5(body)) where pair_id is null do update
         set reason = excluded.reason, last_at = now(), attempts = held.attempts + 1
         returning id",
        Uuid::now_v7(),
        letter.queue,
        letter.body,
        letter.reason,
    )
    .fetch_one(&mut *tx)
    .await?;
    write::link(&mut tx, held, problems, version).await?;
    tx.commit().await?;
    Ok(held)
}
