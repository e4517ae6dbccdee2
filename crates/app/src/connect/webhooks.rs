//! Step 6: webhooks. What is there is mended, not made again.

use axum::http::Method;
use reconciler::webhooks::{self, Findings, Place, Secret, Wanted};
use url::Url;

use super::{Args, Kit, Report, failure::of_autotask};
use crate::kinds;

/// How long our own address may take to answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// Refuses to go on where webhooks are wanted and nobody could call them.
pub(super) fn check_address(args: &Args, kit: &Kit) -> anyhow::Result<()> {
    if args.poll_only || kit.public_url.is_some() {
        return Ok(());
    }
    anyhow::bail!(
        "Autotask must know where to call: set INGRESS_PUBLIC_URL to the https address that leads to ingress, or say \
         --poll-only where nothing can come in from outside"
    )
}

/// Registers all webhooks, or says that there are none.
pub(super) async fn register(
    args: &Args,
    kit: &Kit,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    let hooks = kinds::hooks();
    report.begin("Webhooks", hooks.len());
    let Some(public_url) = kit.public_url.as_ref().filter(|_| !args.poll_only) else {
        report.done("no webhooks: Autotask is asked for changes instead")?;
        if !store::webhook::list(&kit.db).await?.is_empty() {
            report.warn(
                "webhooks of an earlier connect are still in Autotask; it switches them off itself when nobody answers",
            )?;
        }
        return Ok(());
    };
    let is_reachable = reach(kit, public_url, report).await?;
    let wanted = Wanted {
        address: public_url.clone(),
        site_key: kit.secret_key.clone(),
    };
    let (mut made, mut not_ready) = (0, Vec::new());
    for hook in &hooks {
        let at = Place {
            db: &kit.db,
            autotask: &kit.autotask,
            now: kit.clock.now(),
        };
        let mended = wanted
            .mend(at, hook, Secret::Renewed)
            .await
            .map_err(|error| of_webhooks(error, hook.watch.name))?;
        made += usize::from(mended.is_made);
        for sentence in told(hook.watch.entity, &mended.findings) {
            report.warn(sentence)?;
        }
        let row = mended.row;
        if !(row.is_active && row.is_ready) {
            not_ready.push(row.name);
        }
        report.advance(1);
    }
    let all = hooks.len();
    let reachable = if is_reachable {
        "reachable"
    } else {
        "not reachable yet"
    };
    report.done(&format!(
        "{made} webhooks made, {} mended; our address is {reachable}",
        all - made
    ))?;
    if !not_ready.is_empty() {
        report.warn(format!(
            "Autotask does not call {} yet; look at it in Autotask (Admin > Webhooks), then connect again",
            not_ready.join(", ")
        ))?;
    }
    Ok(())
}

/// What of a webhook nobody can mend from here.
pub(crate) fn told(entity: autotask::WebhookKind, findings: &Findings) -> Vec<String> {
    let fields = findings.cannot_watch.join(", ");
    let fields = (!fields.is_empty()).then(|| {
        format!(
            "Autotask's webhooks cannot watch {fields} of the {}; such a change travels with the record's next one",
            entity.as_str()
        )
    });
    let owner = findings.stranger.map(|owner| {
        format!(
            "the {} webhook is another user's (resource {owner}), and ends with that account: delete it in Autotask \
             (Admin > Webhooks), then connect again",
            entity.as_str()
        )
    });
    fields.into_iter().chain(owner).collect()
}

/// Whether our address answers. Ingress may not run yet, so a no is only a warning.
async fn reach(kit: &Kit, public_url: &Url, report: &mut Report<'_>) -> anyhow::Result<bool> {
    if public_url.scheme() != "https" {
        report.warn(format!(
            "Autotask calls https addresses on port 443 only, and INGRESS_PUBLIC_URL is {public_url}"
        ))?;
    }
    let url = format!("{}/health", public_url.as_str().trim_end_matches('/'));
    let request = kit.http.request(Method::GET, url).timeout(PATIENCE);
    match kit.http.send("connect.reach", request).await {
        Ok(_) | Err(rest::Error::Refused { .. } | rest::Error::SlowDown { .. }) => Ok(true),
        Err(rest::Error::NoAnswer { .. } | rest::Error::Broken(_)) => {
            report.warn(format!(
                "nobody answers at {public_url}; start `crossbill serve` and check the reverse proxy and the firewall"
            ))?;
            Ok(false)
        }
    }
}

/// What Autotask said about a webhook, with the remedy.
pub(crate) fn of_webhooks(error: webhooks::Error, name: &str) -> anyhow::Error {
    let doing = format!("register the webhook {name}");
    let error = match error {
        webhooks::Error::Autotask(error) => error,
        webhooks::Error::Store(error) => {
            return anyhow::Error::new(error).context(format!("could not {doing}"));
        }
    };
    if let autotask::Error::Forbidden { says, .. } = &error {
        anyhow::anyhow!(
            "Autotask does not let the API user {doing} ({says}): switch \"Can create Webhooks\" on in its security \
             level, or say --poll-only"
        )
    } else if let autotask::Error::Invalid { messages, .. } = &error {
        anyhow::anyhow!(
            "Autotask refuses to {doing} ({}): check INGRESS_PUBLIC_URL (https, port 443), or say --poll-only",
            messages.join("; ")
        )
    } else {
        of_autotask(error, &doing)
    }
}
