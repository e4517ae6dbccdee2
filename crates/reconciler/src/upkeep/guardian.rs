//! Whether Autotask still calls our webhooks: only Autotask's own answer is believed. And whether all calls came.

mod jumps;

use autotask::WebhookKind;
use chrono::{DateTime, Utc};
use domain::{Kind, System, Told};
use store::{
    gap, system,
    webhook::{self, Webhook},
};

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Opens gaps for calls that never came. Then looks at each webhook that somebody wants looked at, and at each that
/// was not looked at for long.
pub(super) async fn check_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    jumps::settle_overdue(upkeep).await?;
    let [autotask, _] = system::state(&upkeep.db).await?;
    if autotask.stop.is_some() {
        return Ok(Step::Rest);
    }
    let now = upkeep.clock.now();
    for row in webhook::list(&upkeep.db).await? {
        if row.check_wanted || is_old(&row, now, upkeep) {
            check(upkeep, &row, now).await?;
        }
    }
    Ok(Step::Rest)
}

fn is_old(row: &Webhook, now: DateTime<Utc>, upkeep: &Upkeep) -> bool {
    row.checked_at
        .is_none_or(|at| (now - at).to_std().unwrap_or_default() >= upkeep.timing.check)
}

/// Asks Autotask. A webhook that is off opens a gap from when it was last known to be on; one that is on ends it.
async fn check(upkeep: &Upkeep, row: &Webhook, now: DateTime<Utc>) -> Result<(), Trouble> {
    let seen = match watched(&row.entity).zip(row.autotask_id) {
        Some(((hook, _), id)) => upkeep.autotask.webhooks(hook).get(id).await?,
        None => None,
    };
    let is = |flag: fn(&autotask::Webhook) -> &Told<bool>| {
        seen.as_ref()
            .is_some_and(|seen| *flag(seen) == Told::Is(true))
    };
    let guid = seen.as_ref().and_then(|seen| seen.guid.get());
    let found = Webhook {
        is_active: is(|seen| &seen.is_active),
        is_ready: is(|seen| &seen.is_ready),
        guid: guid.or(row.guid.as_ref()).cloned(),
        ..row.clone()
    };
    let calls = found.is_active && found.is_ready;
    metrics::gauge!(names::WEBHOOK_ACTIVE, "webhook" => row.name.clone()).set(if calls {
        1.0
    } else {
        0.0
    });
    if calls {
        end_gap(upkeep, row, now).await?;
    } else {
        open_gap(upkeep, row, now).await?;
    }
    webhook::upsert(&upkeep.db, &found).await?;
    Ok(())
}

async fn open_gap(upkeep: &Upkeep, row: &Webhook, now: DateTime<Utc>) -> Result<(), Trouble> {
    let kind = watched(&row.entity).map(|(_, kind)| kind);
    let reason = reason(row);
    let missed = gap::NewGap {
        system: System::Autotask,
        kind: kind.as_ref(),
        reason: &reason,
        since: row.checked_at.unwrap_or(now),
        until: None,
        missed: None,
    };
    gap::open(&upkeep.db, &missed).await?;
    tracing::error!(
        webhook = row.name,
        "Autotask does not call this webhook any more; run `crossbill connect` to switch it on again"
    );
    Ok(())
}

/// What changes from here on is told again. Where somebody repaired the webhook, that was when it was last seen well.
async fn end_gap(upkeep: &Upkeep, row: &Webhook, now: DateTime<Utc>) -> Result<(), Trouble> {
    let was_well = row.is_active && row.is_ready;
    let since = row.checked_at.filter(|_| was_well).unwrap_or(now);
    if gap::end(&upkeep.db, System::Autotask, &reason(row), since).await? {
        tracing::warn!(
            webhook = row.name,
            until = %since,
            "Autotask calls this webhook again; what was changed in between is looked at again by the next sweep"
        );
    }
    Ok(())
}

fn reason(row: &Webhook) -> String {
    format!("Autotask does not call the webhook {} any more", row.name)
}

/// The webhooks that tell of an entity, and the kind of their events.
fn watched(entity: &str) -> Option<(WebhookKind, Kind)> {
    let hook = WebhookKind::ALL
        .into_iter()
        .find(|hook| hook.as_str().eq_ignore_ascii_case(entity))?;
    let kind = match hook {
        WebhookKind::Company => "company",
        WebhookKind::Contact => "contact",
        WebhookKind::Ticket | WebhookKind::TicketNote => "ticket",
        WebhookKind::ConfigurationItem => "asset",
    };
    Some((hook, Kind::new(kind)))
}

#[cfg(test)]
mod tests;
