//! Webhook calls that never came: a jump in their numbers that nothing fills becomes a gap.

use chrono::TimeDelta;
use domain::System;
use store::{
    gap,
    sequence::{self, Jump},
    webhook::{self, Webhook},
};

use super::{Upkeep, kind_of};
use crate::trouble::Trouble;

/// Numbers are recorded when a call is worked on, which may be this long after the change that it tells of.
const LATE: TimeDelta = TimeDelta::hours(1);

/// Opens a gap for each jump that is overdue, or widens the one that its webhook has, then forgets its numbers.
pub(super) async fn settle_overdue(upkeep: &Upkeep) -> Result<(), Trouble> {
    let overdue = sequence::overdue(&upkeep.db).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    let webhooks = webhook::list(&upkeep.db).await?;
    for jump in overdue {
        let of = |row: &&Webhook| row.guid.as_ref() == Some(&jump.guid);
        open_gap(upkeep, &jump, webhooks.iter().find(of)).await?;
        sequence::settle(&upkeep.db, &jump).await?;
    }
    Ok(())
}

/// Opens the gap of a jump; `row` is its webhook, where that is still one of ours.
async fn open_gap(upkeep: &Upkeep, jump: &Jump, row: Option<&Webhook>) -> Result<(), Trouble> {
    let kind = row.and_then(|row| kind_of(upkeep, &row.name));
    let name = row.map_or(&jump.guid, |row| &row.name);
    let reason = format!("calls of the webhook {name} never came");
    let missed = gap::NewGap {
        system: System::Autotask,
        kind: kind.as_ref(),
        reason: &reason,
        since: jump.heard_at - LATE,
        until: Some(jump.since),
        missed: Some(jump.missing),
    };
    gap::open(&upkeep.db, &missed).await?;
    tracing::error!(
        webhook = name,
        from = jump.from,
        to = jump.to,
        missing = jump.missing,
        "calls of this webhook never came, a gap is open"
    );
    Ok(())
}
