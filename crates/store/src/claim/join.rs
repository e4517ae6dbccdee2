//! Claims that move: from an empty row to the pair it turns out to belong to.

use std::time::Duration;

use domain::Event;
use uuid::Uuid;

use super::{Claim, Claimed, claim, lock, make_dirty};
use crate::{Db, Error, dirty, pair};

/// What became of joining.
#[derive(Debug, Clone, PartialEq)]
pub enum Joined {
    /// The other row is ours.
    Claimed(Box<Claimed>),
    /// The other row is somebody else's; the event waits on it.
    Busy,
    /// The row we came from is not ours any more: publish the key again.
    LostClaim,
    /// The row we came from has a life of its own (a write under way, both halves, children).
    NotEmpty,
}

/// Gives up the row of a record that turned out to be the other half of the pair `into`, and claims that.
#[tracing::instrument(name = "db.claim.join", skip_all, fields(from = %from.pair, into = %into))]
pub async fn join(
    db: &Db,
    from: Claim,
    into: Uuid,
    event: &Event,
    holder: &str,
    hold: Duration,
) -> Result<Joined, Error> {
    let mut tx = db.begin().await?;
    let free = lock::lock(&mut tx, &[from.pair, into]).await?;
    let rows = pair::load(&mut tx, &[from.pair, into]).await?;
    let ours = rows
        .iter()
        .find(|row| row.id == from.pair && row.epoch == from.epoch && row.claimed_by.is_some());
    let Some(ours) = ours else {
        return Ok(Joined::LostClaim);
    };
    let Some(other) = rows.iter().find(|row| row.id == into && into != from.pair) else {
        return Err(Error::Collision);
    };
    let owes = sqlx::query_scalar!(
        r#"select exists (select from intent where pair_id = $1)
               or exists (select from pair where parent = $1) as "owes!""#,
        from.pair
    )
    .fetch_one(&mut *tx)
    .await?;
    if owes || ours.is_complete() || ours.state != pair::State::New {
        return Ok(Joined::NotEmpty);
    }
    let mut waiting = other.dirty.clone();
    for event in &ours.dirty {
        dirty::add(&mut waiting, event.clone());
    }
    let is_free = free.contains(&into);
    if !is_free {
        dirty::add(&mut waiting, event.clone());
    }
    sqlx::query!("delete from pair where id = $1", from.pair)
        .execute(&mut *tx)
        .await?;
    make_dirty(&mut tx, [(into, waiting)].into()).await?;
    let claimed = if is_free {
        claim(&mut tx, &[into], holder, hold).await?.remove(&into)
    } else {
        None
    };
    tx.commit().await?;
    Ok(claimed.map_or(Joined::Busy, |claimed| Joined::Claimed(Box::new(claimed))))
}
