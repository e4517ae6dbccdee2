//! Intents: what is about to be written, stored before the first remote write of a pair and closed by
//! [`crate::remember`]. It outlives a lost claim, because the write may have been done.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::{RecordId, System};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    Claim, Db, Error, error,
    pair::{self, Absorbed, ChildRow},
};

/// The format of the bodies that this build writes. A newer one is deferred, not guessed at.
pub const INTENT_VERSION: i32 = 1;

/// A row of `intent`.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentRow {
    /// The pair.
    pub pair_id: Uuid,
    /// The claim under which it was opened.
    pub epoch: i64,
    /// The format of `body`; see [`INTENT_VERSION`].
    pub v: i32,
    /// The acts, in order.
    pub body: Value,
    /// How many of them are done.
    pub done: i32,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When the last act was sent, if one was.
    pub sent_at: Option<DateTime<Utc>>,
    /// How long ago, in Postgres's clock: since `sent_at`, or since `opened_at` if nothing was sent.
    pub age: Duration,
}

/// Whether an intent was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// It was; the first write may be sent.
    Yes,
    /// The claim is not ours any more: send nothing.
    LostClaim,
}

/// Whether an act was marked as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It was.
    Yes,
    /// The claim is not ours any more; what was written stays in the intent for whoever has it.
    LostClaim,
    /// The new half is already in this other pair, which has a life of its own: two were made or found.
    Taken(Uuid),
}

/// What an act brought about, to be remembered at once.
#[derive(Debug, Clone, PartialEq)]
pub enum Made {
    /// Nothing with an id.
    Nothing,
    /// The missing half of the pair.
    Half(System, RecordId),
    /// A child's copy.
    Child(ChildRow),
}

/// Stores what is about to be written, in place of what an earlier claimant left, marks its first act as being sent, and
/// makes the claim last `hold`, which must be longer than the request's hard deadline. One commit for both, as each
/// change that is carried over pays for it.
pub async fn open(db: &Db, claim: Claim, body: &Value, hold: Duration) -> Result<Open, Error> {
    let done = sqlx::query!(
        "with mine as (
             update pair set claimed_until = now() + make_interval(secs => $5)
             where id = $1 and epoch = $2 and claimed_by is not null
             returning id
         )
         insert into intent (pair_id, epoch, v, body, sent_at)
         select id, $2, $3, $4, now() from mine
         on conflict (pair_id) do update
         set epoch = excluded.epoch, v = excluded.v, body = excluded.body, done = 0,
             opened_at = now(), sent_at = now()",
        claim.pair,
        claim.epoch,
        INTENT_VERSION,
        body,
        hold.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(if done.rows_affected() == 1 {
        Open::Yes
    } else {
        Open::LostClaim
    })
}

/// Marks a later act, that with index `act`, as being sent and makes the claim last `hold`. `false`: the claim is not
/// ours any more, send nothing.
pub async fn sending(db: &Db, claim: Claim, act: i32, hold: Duration) -> Result<bool, Error> {
    let done = sqlx::query!(
        "with mine as (
             update pair set claimed_until = greatest(claimed_until, now() + make_interval(secs => $4))
             where id = $1 and epoch = $2 and claimed_by is not null
             returning id
         )
         update intent i set sent_at = now(), done = greatest(i.done, $3), epoch = $2
         from mine where i.pair_id = mine.id",
        claim.pair,
        claim.epoch,
        act,
        hold.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes the mark of a sent act back: it was surely not done, so nobody has to wait for it.
pub async fn unsent(db: &Db, claim: Claim) -> Result<(), Error> {
    sqlx::query!(
        "update intent set sent_at = null where pair_id = $1 and epoch = $2",
        claim.pair,
        claim.epoch,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// The open intent of a pair.
pub async fn find(db: &Db, pair: Uuid) -> Result<Option<IntentRow>, Error> {
    let mut connection = db.0.acquire().await?;
    Ok(of_pairs(&mut connection, &[pair]).await?.remove(&pair))
}

/// Marks the first `done` acts as done and remembers what the last one made, in one transaction.
#[tracing::instrument(name = "db.intent.done", skip_all, fields(pair = %claim.pair, done = done))]
pub async fn done(db: &Db, claim: Claim, done: i32, made: &Made) -> Result<Done, Error> {
    if *made == Made::Nothing {
        return only_done(db, claim, done).await;
    }
    for _ in 1..error::ATTEMPTS {
        match attempt(db, claim, done, made).await {
            Err(error) if error.is_collision() => {}
            answer => return answer,
        }
    }
    attempt(db, claim, done, made).await
}

/// The same where there is no id to make room for, in one statement: most writes are of this kind.
async fn only_done(db: &Db, claim: Claim, done: i32) -> Result<Done, Error> {
    let marked = sqlx::query!(
        "with mine as (
             update pair set written_at = now(), changed_at = now()
             where id = $1 and epoch = $2 and claimed_by is not null
             returning id
         )
         update intent i set done = greatest(i.done, $3), sent_at = null
         from mine where i.pair_id = mine.id",
        claim.pair,
        claim.epoch,
        done,
    )
    .execute(&db.0)
    .await?;
    Ok(if marked.rows_affected() == 1 {
        Done::Yes
    } else {
        Done::LostClaim
    })
}

async fn attempt(db: &Db, claim: Claim, done: i32, made: &Made) -> Result<Done, Error> {
    let (autotask_id, jim2_id) = match made {
        Made::Half(System::Autotask, id) => (Some(id), None),
        Made::Half(System::Jim2, id) => (None, Some(id)),
        Made::Nothing | Made::Child(_) => (None, None),
    };
    let mut tx = db.begin().await?;
    let waiting = match pair::absorb(&mut tx, claim, autotask_id, jim2_id).await? {
        Absorbed::Yes(waiting) => waiting,
        Absorbed::LostClaim => return Ok(Done::LostClaim),
        Absorbed::Taken(other) => return Ok(Done::Taken(other)),
    };
    sqlx::query!(
        "update pair
         set autotask_id = coalesce($2, autotask_id), jim2_id = coalesce($3, jim2_id),
             state = case when state = 'new' and coalesce($2, autotask_id) is not null
                               and coalesce($3, jim2_id) is not null
                          then 'paired' else state end,
             written_at = now(), changed_at = now()
         where id = $1",
        claim.pair,
        autotask_id.map(RecordId::as_str),
        jim2_id.map(RecordId::as_str),
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "update intent set done = greatest(done, $2), sent_at = null where pair_id = $1",
        claim.pair,
        done,
    )
    .execute(&mut *tx)
    .await?;
    if let Made::Child(child) = made {
        pair::write_children(&mut tx, claim.pair, std::slice::from_ref(child)).await?;
    }
    pair::wait_on(&mut tx, claim.pair, waiting).await?;
    tx.commit().await?;
    Ok(Done::Yes)
}

/// The open intents of these pairs.
pub(crate) async fn of_pairs(
    connection: &mut PgConnection,
    pairs: &[Uuid],
) -> Result<HashMap<Uuid, IntentRow>, Error> {
    let rows = sqlx::query!(
        r#"select pair_id, epoch, v, body, done, opened_at, sent_at,
                  extract(epoch from now() - coalesce(sent_at, opened_at))::float8 as "age!"
           from intent where pair_id = any($1)"#,
        pairs,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let intent = IntentRow {
                pair_id: row.pair_id,
                epoch: row.epoch,
                v: row.v,
                body: row.body,
                done: row.done,
                opened_at: row.opened_at,
                sent_at: row.sent_at,
                age: Duration::from_secs_f64(row.age.max(0.0)),
            };
            (intent.pair_id, intent)
        })
        .collect())
}
