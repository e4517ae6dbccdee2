//! The time in which a webhook did not call.

use chrono::{DateTime, Utc};
use domain::System;
use store::{
    gap::{self, NewGap},
    webhook::Webhook as Row,
};

use super::{Hook, Place};

/// Opens the gap of a webhook that did not call: from when it was last looked at, until now where it is `on` again.
pub(super) async fn open(
    at: Place<'_>,
    hook: &Hook,
    row: &Row,
    on: bool,
) -> Result<(), store::Error> {
    since_checked(at, hook, row, (&reason(row), on.then_some(at.now))).await
}

/// Opens the gap of one that calls from another zone than when it was last looked at: what it had to tell during the move
/// may be lost.
pub(super) async fn moved(at: Place<'_>, hook: &Hook, row: &Row) -> Result<(), store::Error> {
    let reason = format!(
        "the tenant was moved to another zone of Autotask, and with it the webhook {}",
        row.name
    );
    since_checked(at, hook, row, (&reason, Some(at.now))).await
}

async fn since_checked(
    at: Place<'_>,
    hook: &Hook,
    row: &Row,
    (reason, until): (&str, Option<DateTime<Utc>>),
) -> Result<(), store::Error> {
    let missed = NewGap {
        system: System::Autotask,
        kind: Some(&hook.kind),
        reason,
        since: row.checked_at.unwrap_or(at.now),
        until,
        missed: None,
    };
    gap::open(at.db, &missed).await?;
    Ok(())
}

/// Ends the gap of one that calls again, where there is one that lasts. Somebody else repaired it: that was when it was
/// last seen well.
pub(super) async fn end(at: Place<'_>, row: &Row) -> Result<(), store::Error> {
    let was_well = row.is_active && row.is_ready;
    let until: DateTime<Utc> = row.checked_at.filter(|_| was_well).unwrap_or(at.now);
    if gap::end(at.db, System::Autotask, &reason(row), until).await? {
        tracing::warn!(
            webhook = row.name,
            until = %until,
            "Autotask calls this webhook again; what was changed in between is looked at again by the next sweep"
        );
    }
    Ok(())
}

fn reason(row: &Row) -> String {
    format!("Autotask did not call the webhook {}", row.name)
}
