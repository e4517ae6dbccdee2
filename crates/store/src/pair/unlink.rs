//! What a person undoes: a pair is taken apart, a record is ignored, or taken up again.

use serde_json::{Value, json};
use uuid::Uuid;

use super::State;
use crate::{Db, Error, held, journal};

/// What became of an unlinking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unlinked {
    /// The halves are apart, and ignored until somebody links them or says otherwise.
    Done,
    /// A worker has the pair in hand; try again.
    Busy,
    /// There is no such complete pair.
    NotFound,
}

/// What became of a change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// It is done.
    Done,
    /// A worker has the pair in hand; try again.
    Busy,
    /// There is no such pair in a state that this can be done in.
    NotFound,
}

/// Takes a pair apart. Both halves are ignored from then on, or the next event would pair them anew; what the
/// pair waited for is waited for no more.
#[tracing::instrument(name = "db.pair.unlink", skip_all, fields(pair = %id))]
pub async fn unlink(db: &Db, id: Uuid, who: &str) -> Result<Unlinked, Error> {
    let mut tx = db.begin().await?;
    let row = sqlx::query!(
        r#"select jim2_id as "jim2_id!", autotask_id as "autotask_id!",
                  coalesce(claimed_until > now(), false) as "claimed!",
                  exists (select from intent where pair_id = pair.id
                          and sent_at > now() - interval '15 minutes') as "owes!"
           from pair
           where id = $1 and autotask_id is not null and jim2_id is not null
           for update"#,
        id
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else {
        return Ok(Unlinked::NotFound);
    };
    if row.claimed || row.owes {
        return Ok(Unlinked::Busy);
    }
    sqlx::query!(
        "update pair
         set jim2_id = null, state = 'ignored', shadow = null, epoch = epoch + 1,
             claimed_by = null, claimed_until = null, dirty = null, changed_at = now()
         where id = $1",
        id
    )
    .execute(&mut *tx)
    .await?;
    super::end_earlier_life(&mut tx, id).await?;
    sqlx::query!(
        "insert into pair (id, kind, jim2_id, label, state)
         select $2, kind, $3, label, 'ignored' from pair where id = $1",
        id,
        Uuid::now_v7(),
        row.jim2_id,
    )
    .execute(&mut *tx)
    .await?;
    held::clear(&mut tx, id).await?;
    let body = json!({"autotask": row.autotask_id, "jim2": row.jim2_id, "who": who});
    journal::note(&mut tx, id, journal::What::Unlinked, &body).await?;
    tx.commit().await?;
    Ok(Unlinked::Done)
}

/// Takes a record that is not paired out of the work, with what it waited for.
pub async fn ignore(db: &Db, id: Uuid, who: &str) -> Result<Turned, Error> {
    turn(
        db,
        id,
        State::New,
        State::Ignored,
        &json!({"who": who, "ignored": true}),
    )
    .await
}

/// Brings an ignored record back; its next event pairs it.
pub async fn unignore(db: &Db, id: Uuid, who: &str) -> Result<Turned, Error> {
    turn(
        db,
        id,
        State::Ignored,
        State::New,
        &json!({"who": who, "ignored": false}),
    )
    .await
}

async fn turn(db: &Db, id: Uuid, from: State, to: State, body: &Value) -> Result<Turned, Error> {
    let mut tx = db.begin().await?;
    let claimed = sqlx::query_scalar!(
        r#"select coalesce(claimed_until > now(), false) as "claimed!"
           from pair where id = $1 and state = $2 for update"#,
        id,
        from.as_str(),
    )
    .fetch_optional(&mut *tx)
    .await?;
    match claimed {
        None => return Ok(Turned::NotFound),
        Some(true) => return Ok(Turned::Busy),
        Some(false) => {}
    }
    sqlx::query!(
        "update pair set state = $2, epoch = epoch + 1, claimed_by = null, claimed_until = null,
                changed_at = now()
         where id = $1",
        id,
        to.as_str(),
    )
    .execute(&mut *tx)
    .await?;
    if to == State::Ignored {
        held::clear(&mut tx, id).await?;
    }
    journal::note(&mut tx, id, journal::What::Ignored, body).await?;
    tx.commit().await?;
    Ok(Turned::Done)
}
