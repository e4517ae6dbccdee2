//! `crossbill webhooks`.

use anyhow::bail;
use reconciler::webhooks::{self, Hook, Place, Secret, Wanted};
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
    let Some(wanted) = parts.webhooks().filter(|_| !site.is_polled()) else {
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
    let name = hook.watch.name;
    let (findings, done, secret) = match what {
        Webhooks::Check => {
            let seen = wanted.look(at, hook).await?;
            (seen.findings, "not mended", "")
        }
        Webhooks::Repair => {
            let mended = wanted.mend(at, hook, Secret::Renewed).await?;
            (mended.findings, "mended", "")
        }
        Webhooks::Rotate => {
            let mended = webhooks::rotate(wanted, at, hook).await?;
            let secret = "; it signs with another secret from now on";
            (mended.findings, "mended", secret)
        }
    };
    let corrections = findings.corrections.iter();
    let mut lines: Vec<String> = corrections
        .map(|one| format!("{name}: {} ({done})", one.says))
        .collect();
    let more = told(hook.watch.entity, &findings).into_iter();
    lines.extend(more.map(|sentence| format!("{name}: {sentence}")));
    let differ = findings.corrections.len();
    if differ == 0 {
        lines.push(format!("{name}: as it should be{secret}"));
    } else if !secret.is_empty() {
        lines.push(format!("{name}{secret}"));
    }
    Ok(Said { lines, differ })
}
