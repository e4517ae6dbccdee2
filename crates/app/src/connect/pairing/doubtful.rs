//! Tickets that several jobs may belong to: they are kept out of the work, or the next event would make one job more.
//!
//! Which tickets these are is stored beside their rows, as a person's own "ignore" is to stay.

use std::collections::BTreeSet;

use super::{Doubt, Settled, TICKET, in_autotask, rows};
use crate::connect::Kit;

/// The setting with the ids of these tickets.
const DOUBTFUL: &str = "connect.doubtful_tickets";

/// Tickets and jobs that are settled; those kept out by us are looked at again.
pub(super) async fn settled(kit: &Kit) -> anyhow::Result<Settled> {
    let ours = stored(kit).await?;
    let mut settled = rows::settled(kit, &TICKET).await?;
    let paired = rows::partners(kit, &TICKET).await?;
    settled
        .autotask
        .retain(|id| !ours.contains(id) || paired.contains_key(id));
    Ok(settled)
}

/// Keeps the tickets out that are in doubt now, and takes up those that no longer are.
pub(super) async fn keep_apart(
    kit: &Kit,
    doubts: impl Iterator<Item = &Doubt>,
) -> anyhow::Result<()> {
    let now: BTreeSet<i64> = doubts
        .filter(|doubt| !doubt.candidates.is_empty())
        .filter_map(|doubt| doubt.autotask)
        .collect();
    let before = stored(kit).await?;
    for id in &now {
        rows::ignore(kit, &in_autotask(&TICKET, *id)).await?;
    }
    for id in before.difference(&now) {
        rows::take_up(kit, &in_autotask(&TICKET, *id)).await?;
    }
    if now != before {
        store::setting::set(&kit.db, DOUBTFUL, &now).await?;
    }
    Ok(())
}

async fn stored(kit: &Kit) -> Result<BTreeSet<i64>, store::Error> {
    Ok(store::setting::get(&kit.db, DOUBTFUL)
        .await?
        .unwrap_or_default())
}
