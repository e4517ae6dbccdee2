//! Remember: the one transaction that ends the work on a pair, on the condition that the claim is still ours.

use domain::{Event, Key, Problem, RecordId};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Claim, Db, Error, State,
    claim::{Waiting, WaitingColumns},
    error, held,
    journal::{self, Entry},
    pair::{self, Absorbed, ChildRow},
};

/// What becomes of the pair's held item.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Nothing waits any more.
    Clear,
    /// It waits for these problems, and for no others.
    Upsert {
        /// What to publish when they are solved.
        event: Event,
        /// All that is wrong.
        problems: Vec<Problem>,
        /// One plain sentence: what is not happening.
        reason: String,
        /// The money it holds up, without GST, where it is known.
        net: Option<Decimal>,
        /// The company that the record belongs to, where it is known.
        company: Option<Box<Key>>,
    },
}

/// All that is to be remembered of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The claim under which it was worked out.
    pub claim: Claim,
    /// The Autotask half.
    pub autotask_id: Option<RecordId>,
    /// The Jim2 half.
    pub jim2_id: Option<RecordId>,
    /// What became of the pair.
    pub state: State,
    /// Which job of the ticket this is.
    pub generation: i32,
    /// How people know it.
    pub label: String,
    /// The raw values of both sides on which they agree now.
    pub shadow: Option<Value>,
    /// The mapping under which they agree.
    pub mapping_version: i64,
    /// The mapping under which what holds it was judged: a newer one may have solved it.
    pub judged_version: i64,
    /// Whether we wrote to either side.
    pub written: bool,
    /// Whether all that the intent said is done.
    pub close_intent: bool,
    /// What happened.
    pub journal: Vec<Entry>,
    /// What becomes of the held item.
    pub held: Held,
    /// The pairs under it that changed.
    pub children: Vec<ChildRow>,
}

/// Whether an [`Outcome`] was remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remembered {
    /// It was, and the claim is over.
    Done {
        /// The events that met the claim, and that of the next generation: publish them, then call
        /// [`crate::claim::put_back`].
        waiting: Vec<Waiting>,
    },
    /// The claim was not ours any more: drop the result and publish the key again.
    LostClaim,
    /// Nothing was remembered: this other pair, which has a life of its own, holds one of the ids.
    Taken(Uuid),
}

/// Remembers an outcome and ends its claim.
#[tracing::instrument(name = "db.remember", skip_all, fields(pair = %outcome.claim.pair))]
pub async fn remember(db: &Db, outcome: &Outcome) -> Result<Remembered, Error> {
    for _ in 1..error::ATTEMPTS {
        // On the heap, as the engine's futures hold this one.
        match Box::pin(attempt(db, outcome)).await {
            Err(error) if error.is_collision() => {}
            remembered => return remembered,
        }
    }
    Box::pin(attempt(db, outcome)).await
}

async fn attempt(db: &Db, outcome: &Outcome) -> Result<Remembered, Error> {
    let id = outcome.claim.pair;
    let mut tx = db.begin().await?;
    let mut waiting = match let_go(&mut tx, outcome, Ids::Unchanged).await? {
        Some(waiting) => waiting,
        None => match make_room(&mut tx, outcome).await? {
            Room::Yes => let_go(&mut tx, outcome, Ids::Free)
                .await?
                .unwrap_or_default(),
            Room::No(remembered) => return Ok(remembered),
        },
    };
    if outcome.state == State::Earlier {
        waiting.extend(pair::begin_next(&mut tx, id).await?);
    }
    journal::write(&mut tx, id, &outcome.journal).await?;
    pair::write_children(&mut tx, id, &outcome.children).await?;
    match &outcome.held {
        Held::Clear => held::clear(&mut tx, id).await?,
        Held::Upsert {
            event,
            problems,
            reason,
            net,
            company,
        } => {
            let item = held::Item {
                event,
                label: &outcome.label,
                reason,
                net: *net,
                company: company.as_deref(),
                mapping_version: outcome.judged_version,
            };
            held::upsert(&mut tx, id, &item, problems).await?;
        }
    }
    tx.commit().await?;
    Ok(Remembered::Done { waiting })
}

/// Which of its ids a pair is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ids {
    /// None but those it has: most outcomes are of this kind, and nobody can stand in their way.
    Unchanged,
    /// Some that were found to be free.
    Free,
}

/// Whether the ids of an outcome are free for its pair.
enum Room {
    /// They are, and the claim is ours.
    Yes,
    /// Nothing is to be remembered.
    No(Remembered),
}

/// Makes room for the outcome's ids; what waited on the rows that gave way waits on the pair.
async fn make_room(tx: &mut PgConnection, outcome: &Outcome) -> Result<Room, Error> {
    let claim = outcome.claim;
    let (autotask_id, jim2_id) = (outcome.autotask_id.as_ref(), outcome.jim2_id.as_ref());
    match pair::absorb(&mut *tx, claim, autotask_id, jim2_id).await? {
        Absorbed::Yes(events) => pair::wait_on(tx, claim.pair, events)
            .await
            .map(|()| Room::Yes),
        Absorbed::LostClaim => Ok(Room::No(Remembered::LostClaim)),
        Absorbed::Taken(other) => Ok(Room::No(Remembered::Taken(other))),
    }
}

/// Writes the pair's own columns, ends the claim and closes the intent, in one statement. Answers the events that met the
/// claim; nothing is written where it is not ours, or where the ids would change and may not.
async fn let_go(
    tx: &mut PgConnection,
    outcome: &Outcome,
    ids: Ids,
) -> Result<Option<Vec<Waiting>>, Error> {
    let row = sqlx::query_as!(
        WaitingColumns,
        // Where events wait, a claim that has run out stays: whoever dies before publishing them is found by it.
        r#"with own as (
             update pair
             set autotask_id = $2, jim2_id = $3, state = $4, generation = $5, label = $6,
                 shadow = $7, mapping_version = $8,
                 written_at = case when $9 then now() else written_at end, changed_at = now(),
                 claimed_by = case when dirty is not null then claimed_by end,
                 claimed_until = case when dirty is not null then now() end,
                 epoch = epoch + 1
             where id = $1 and epoch = $10 and claimed_by is not null
               and ($11 or autotask_id is not distinct from $2 and jim2_id is not distinct from $3)
             returning id, kind, autotask_id, jim2_id, state, epoch, dirty
         ), closed as (
             delete from intent where $12 and pair_id in (select id from own)
         )
         select id as "id!", kind as "kind!", autotask_id, jim2_id, state as "state!", epoch as "epoch!", dirty from own"#,
        outcome.claim.pair,
        outcome.autotask_id.as_ref().map(RecordId::as_str),
        outcome.jim2_id.as_ref().map(RecordId::as_str),
        outcome.state.as_str(),
        outcome.generation,
        outcome.label,
        outcome.shadow.as_ref(),
        outcome.mapping_version,
        outcome.written,
        outcome.claim.epoch,
        ids == Ids::Free,
        outcome.close_intent,
    )
    .fetch_optional(tx)
    .await?;
    let waits = |row: WaitingColumns| row.dirty.is_some().then(|| Waiting::try_from(row));
    row.map(|row| waits(row).into_iter().collect()).transpose()
}

#[cfg(test)]
mod tests;
