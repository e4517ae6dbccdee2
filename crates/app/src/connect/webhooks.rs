//! Step 6: webhooks. What is there is mended, not made again; calls go one after the other.

mod wanted;

use autotask::{Subscription, Webhook, WebhookDraft, WebhookKind, Webhooks};
use axum::http::Method;
use domain::Told;
use store::webhook::Webhook as Row;
use url::Url;

use self::wanted::{Wanted, wanted};
use super::{Args, Kit, Report, autotask_side::AutotaskSide, failure::of_autotask, settings};

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
    autotask: &AutotaskSide,
    report: &mut Report<'_>,
) -> anyhow::Result<()> {
    report.begin("Webhooks", WebhookKind::ALL.len());
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
    let known = store::webhook::list(&kit.db).await?;
    let (mut made, mut not_ready) = (0, Vec::new());
    for kind in WebhookKind::ALL {
        let target = Target::new(kit, kind, public_url, &known);
        let (row, is_new) = one(kit, autotask, &target, report)
            .await
            .map_err(|error| of_webhooks(error, &target))?;
        made += usize::from(is_new);
        if !(row.is_active && row.is_ready) {
            not_ready.push(row.name.clone());
        }
        store::webhook::upsert(&kit.db, &row).await?;
        report.advance(1);
    }
    let all = WebhookKind::ALL.len();
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

/// A webhook as it is to be.
struct Target<'a> {
    kind: WebhookKind,
    name: String,
    draft: WebhookDraft,
    secret_version: i32,
    wanted: &'static Wanted,
    known: Option<&'a Row>,
}

impl<'a> Target<'a> {
    fn new(kit: &Kit, kind: WebhookKind, public_url: &Url, known: &'a [Row]) -> Self {
        let wanted = wanted(kind);
        let known = known.iter().find(|row| row.name == wanted.webhook);
        let secret_version = known.map_or(1, |row| row.secret_version);
        let base = public_url.as_str().trim_end_matches('/');
        let url = format!("{base}/autotask/webhooks/{}", wanted.webhook);
        let secret = ingress::webhook_secret(&kit.secret_key, wanted.webhook, secret_version);
        Self {
            kind,
            name: wanted.webhook.to_owned(),
            draft: WebhookDraft {
                name: wanted.webhook.to_owned(),
                deactivation_url: format!("{url}/deactivated"),
                webhook_url: url,
                secret,
                notification_email: String::new(),
            },
            secret_version,
            wanted,
            known,
        }
    }

    /// What is stored of it, as Autotask has it now.
    fn row(&self, now: Option<&Webhook>) -> Row {
        let is =
            |flag: fn(&Webhook) -> &Told<bool>| now.is_some_and(|now| *flag(now) == Told::Is(true));
        Row {
            name: self.name.clone(),
            entity: self.kind.as_str().to_owned(),
            autotask_id: now.map(|now| now.id),
            guid: now.and_then(|now| now.guid.get().cloned()),
            secret_version: self.secret_version,
            is_active: is(|now| &now.is_active),
            is_ready: is(|now| &now.is_ready),
            checked_at: None,
            check_wanted: false,
        }
    }

    /// Which of Autotask's webhooks it is: by the id we know, by its address, by its name.
    fn among<'w>(&self, there: &'w [Webhook]) -> Option<&'w Webhook> {
        let is = |told: &Told<String>, text: &str| {
            told.get()
                .is_some_and(|told| told.eq_ignore_ascii_case(text))
        };
        let known = self.known.and_then(|row| row.autotask_id);
        there
            .iter()
            .find(|webhook| is(&webhook.webhook_url, &self.draft.webhook_url))
            .or_else(|| there.iter().find(|webhook| Some(webhook.id) == known))
            .or_else(|| there.iter().find(|webhook| is(&webhook.name, &self.name)))
    }
}

/// Makes one webhook, or mends it. Answers its row, and whether it is new.
async fn one(
    kit: &Kit,
    autotask: &AutotaskSide,
    target: &Target<'_>,
    report: &mut Report<'_>,
) -> Result<(Row, bool), anyhow::Error> {
    let webhooks = kit.autotask.webhooks(target.kind);
    if target.known.is_none() {
        // Ingress must know the name before the first call comes.
        store::webhook::upsert(&kit.db, &target.row(None)).await?;
    }
    let there = webhooks.list().await?;
    let found = target.among(&there).map(|webhook| webhook.id);
    let id = match found {
        Some(id) => {
            webhooks.update(id, &target.draft).await?;
            id
        }
        None => webhooks.create(&target.draft).await?,
    };
    let lacking = watch(kit, &webhooks, id, target).await?;
    if !lacking.is_empty() {
        report.warn(format!(
            "Autotask's webhooks cannot watch {} of the {}; such a change travels with \
             the record's next one",
            lacking.join(", "),
            target.kind.as_str()
        ))?;
    }
    if let Some(own) = autotask.own_id() {
        let excluded = webhooks.excluded(id).await?;
        if !excluded.iter().any(|one| one.resource_id == Told::Is(own)) {
            webhooks.exclude(id, own).await?;
        }
    }
    let now = webhooks.get(id).await?;
    Ok((target.row(now.as_ref()), found.is_none()))
}

/// Adds the fields that are not watched yet. Answers those that cannot be.
async fn watch(
    kit: &Kit,
    webhooks: &Webhooks<'_>,
    id: i64,
    target: &Target<'_>,
) -> anyhow::Result<Vec<&'static str>> {
    let choices = webhooks.field_choices().await?;
    let watched = webhooks.fields(id).await?;
    let wanted = target.wanted;
    let always = wanted
        .always_sent
        .iter()
        .map(|field| (*field, Subscription::AlwaysSent));
    let fields = wanted
        .fields
        .iter()
        .map(|field| (*field, Subscription::Watched));
    let mut lacking = Vec::new();
    for (field, how) in always.chain(fields) {
        match choices.number(field) {
            Some(number) if watched.iter().any(|one| one.field_id == Told::Is(number)) => {}
            Some(number) => {
                webhooks.add_field(id, number, how).await?;
            }
            None => lacking.push(field),
        }
    }
    if wanted.udfs.is_empty() {
        return Ok(lacking);
    }
    let choices = webhooks.udf_choices().await?;
    let watched = webhooks.udf_fields(id).await?;
    for udf in wanted.udfs {
        let Some(name) = settings::names::udf_name(&kit.db, *udf).await? else {
            continue;
        };
        match choices.number(&name) {
            Some(number)
                if watched
                    .iter()
                    .any(|one| one.udf_field_id == Told::Is(number)) => {}
            Some(number) => {
                webhooks
                    .add_udf_field(id, number, Subscription::Watched)
                    .await?;
            }
            None => lacking.push(udf.default_name),
        }
    }
    Ok(lacking)
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
fn of_webhooks(error: anyhow::Error, target: &Target<'_>) -> anyhow::Error {
    let doing = format!("register the webhook {}", target.name);
    match error.downcast::<autotask::Error>() {
        Ok(autotask::Error::Forbidden { says, .. }) => anyhow::anyhow!(
            "Autotask does not let the API user {doing} ({says}): switch \"Can create Webhooks\" on in its security \
             level, or say --poll-only"
        ),
        Ok(autotask::Error::Invalid { messages, .. }) => anyhow::anyhow!(
            "Autotask refuses to {doing} ({}): check INGRESS_PUBLIC_URL (https, port 443), or say --poll-only",
            messages.join("; ")
        ),
        Ok(error) => of_autotask(error, &doing),
        Err(error) => error.context(format!("could not {doing}")),
    }
}
