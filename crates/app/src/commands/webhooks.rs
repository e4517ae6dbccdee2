//! `crossbill webhooks`.

use anyhow::bail;
use reconciler::webhooks::{self, Correction, Hook, Place, Secret, Wanted};
use serde_json::json;

use crate::{
    cli::Webhooks,
    connect::{of_webhooks, told},
    kinds, output,
    parts::Parts,
    site::Site,
};

/// Looks at all of them, and mends them where that is asked.
pub(super) async fn run(what: &Webhooks, parts: &Parts, who: &str) -> anyhow::Result<()> {
    let site = Site::load(&parts.db).await?;
    if !site.is_connected() {
        bail!("this site is not connected yet; next: crossbill connect");
    }
    let is_polled = site.settings.get(sync::POLL_ONLY) == Some(&json!(true));
    let Some(wanted) = parts.webhooks().filter(|_| !is_polled) else {
        bail!(
            "this site has no webhooks, as Autotask is asked for changes instead (or INGRESS_PUBLIC_URL is not set here); \
             next: set it, then crossbill connect"
        );
    };
    let clients = parts.clients(&site)?;
    let at = Place {
        db: &parts.db,
        autotask: &clients.autotask,
        now: parts.clock.now(),
    };
    let mut differ = 0;
    for hook in &kinds::hooks() {
        let said = Box::pin(one(what, &wanted, at, hook)).await;
        let said = said.map_err(|error| of_webhooks(error, hook.watch.name))?;
        differ += said.differ;
        said.lines.into_iter().for_each(output::say);
    }
    let done = match what {
        Webhooks::Check if differ > 0 => {
            bail!("{differ} things are not as they should be; next: crossbill webhooks repair")
        }
        Webhooks::Check => return Ok(()),
        Webhooks::Repair => "webhooks repair",
        Webhooks::Rotate => "webhooks rotate",
    };
    store::audit::write(&parts.db, who, done, &json!({"mended": differ})).await?;
    Ok(())
}

/// What is said of a webhook.
struct Said {
    lines: Vec<String>,
    differ: usize,
}

async fn one(
    what: &Webhooks,
    wanted: &Wanted,
    at: Place<'_>,
    hook: &Hook,
) -> Result<Said, webhooks::Error> {
    let (name, entity) = (hook.watch.name, hook.watch.entity);
    let (corrections, more, end) = match what {
        Webhooks::Check => {
            let seen = wanted.look(at, hook).await?;
            let more = told(entity, &seen.cannot_watch, seen.stranger);
            (seen.corrections, more, "not mended")
        }
        Webhooks::Repair | Webhooks::Rotate => {
            let mended = match what {
                Webhooks::Rotate => webhooks::rotate(wanted, at, hook).await?,
                Webhooks::Check | Webhooks::Repair => {
                    wanted.mend(at, hook, Secret::Renewed).await?
                }
            };
            let more = told(entity, &mended.cannot_watch, mended.stranger);
            (mended.corrections, more, "mended")
        }
    };
    let line = |one: &Correction| format!("{name}: {} ({end})", one.says);
    let mut lines: Vec<String> = corrections.iter().map(line).collect();
    lines.extend(
        more.into_iter()
            .map(|sentence| format!("{name}: {sentence}")),
    );
    let secret = match what {
        Webhooks::Rotate => "; it signs with another secret from now on",
        Webhooks::Check | Webhooks::Repair => "",
    };
    if corrections.is_empty() {
        lines.push(format!("{name}: as it should be{secret}"));
    } else if !secret.is_empty() {
        lines.push(format!("{name}{secret}"));
    }
    Ok(Said {
        differ: corrections.len(),
        lines,
    })
}
