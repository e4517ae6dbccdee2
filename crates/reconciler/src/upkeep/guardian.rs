//! Whether Autotask calls our webhooks as it should, and whether all calls came. Only Autotask's own answer is believed;
//! what is not as it is to be is mended and told.

mod jumps;

use chrono::{DateTime, Utc};
use domain::Kind;
use serde_json::{Value, json};
use store::{
    audit, sequence, setting, system,
    webhook::{self, Webhook},
};
use sync::POLL_ONLY;
use url::Url;

use super::{Step, Upkeep};
use crate::{
    metrics as names,
    trouble::Trouble,
    webhooks::{self, Mended, Secret, Wanted},
};

/// Who mends webhooks, in the audit log.
pub(crate) const WHO: &str = "guardian";

/// Opens gaps for calls that never came. Then looks at each webhook that somebody wants looked at, at each that was not
/// looked at for long, and at all where the tenant was moved to another zone.
pub(super) async fn check_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let [autotask, _] = system::state(&upkeep.db).await?;
    let may_ask = autotask.stop.is_none();
    let now = upkeep.clock.now();
    let zone = upkeep.autotask.known_zone().await;
    let moved = |row: &Webhook| row.has_moved(zone.as_ref().map(Url::as_str));
    let due: Vec<Webhook> = webhook::list(&upkeep.db)
        .await?
        .into_iter()
        .filter(|row| row.check_wanted || is_old(row, now, upkeep) || moved(row))
        .collect();
    let jumped = !sequence::overdue(&upkeep.db).await?.is_empty();
    // Before jumps are settled: what the log tells of is no jump.
    if may_ask && (jumped || !due.is_empty()) {
        webhooks::take_given_up(upkeep.place(), &upkeep.hooks).await?;
    }
    if jumped {
        jumps::settle_overdue(upkeep).await?;
    }
    if let Some(wanted) = upkeep
        .wanted
        .as_ref()
        .filter(|_| may_ask && !due.is_empty())
        && !is_polled(upkeep).await?
    {
        for row in &due {
            check(upkeep, wanted, row).await?;
        }
    }
    Ok(Step::Rest)
}

fn is_old(row: &Webhook, now: DateTime<Utc>, upkeep: &Upkeep) -> bool {
    row.checked_at
        .is_none_or(|at| (now - at).to_std().unwrap_or_default() >= upkeep.timing.check)
}

/// Whether the site asks Autotask for changes instead: webhooks that an earlier `connect` left there are nobody's.
async fn is_polled(upkeep: &Upkeep) -> Result<bool, store::Error> {
    let polled: Option<Value> = setting::get(&upkeep.db, POLL_ONLY).await?;
    Ok(polled == Some(Value::Bool(true)))
}

/// Mends a webhook, and says so. One of an earlier build is nobody's.
async fn check(upkeep: &Upkeep, wanted: &Wanted, row: &Webhook) -> Result<(), Trouble> {
    let hook = upkeep.hooks.iter().find(|it| it.watch.name == row.name);
    let Some(hook) = hook else {
        return Ok(());
    };
    // A suspicion may be about the secret, which cannot be read.
    let secret = if row.check_wanted {
        Secret::Renewed
    } else {
        Secret::Trusted
    };
    let mended = Box::pin(wanted.mend(upkeep.place(), hook, secret)).await?;
    let calls = mended.row.is_active && mended.row.is_ready;
    metrics::gauge!(names::WEBHOOK_ACTIVE, "webhook" => row.name.clone()).set(if calls {
        1.0
    } else {
        0.0
    });
    if !calls {
        tracing::error!(
            webhook = row.name,
            "Autotask does not call this webhook, and it could not be mended; look at it in Autotask (Admin > Webhooks)"
        );
    }
    report(upkeep, row, &mended).await
}

/// Tells what was mended, once each.
async fn report(upkeep: &Upkeep, row: &Webhook, mended: &Mended) -> Result<(), Trouble> {
    for correction in &mended.findings.corrections {
        metrics::counter!(names::WEBHOOK_MENDED, "webhook" => row.name.clone(), "what" => correction.what)
            .increment(1);
        tracing::warn!(
            webhook = row.name,
            what = correction.what,
            "a webhook in Autotask was not as it should be, and was mended: it {}",
            correction.says
        );
        let detail = json!({"webhook": row.name, "it": correction.says});
        audit::write(&upkeep.db, WHO, "webhook mended", &detail).await?;
    }
    Ok(())
}

/// The kind that a webhook tells of.
fn kind_of(upkeep: &Upkeep, name: &str) -> Option<Kind> {
    let hook = upkeep.hooks.iter().find(|hook| hook.watch.name == name);
    hook.map(|hook| hook.kind.clone())
}

#[cfg(test)]
mod tests;
