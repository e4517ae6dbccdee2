//! What a webhook is like.

use std::collections::BTreeSet;

use autotask::{Subscribed, Subscription, WebhookDraft, Webhooks};
use domain::Told;
use serde_json::Value;
use store::{setting, webhook::Webhook as Row};
use sync::{OWN_RESOURCE, webhook_secret};

use super::{
    Error, Hook, Place, Wanted,
    compare::{Correction, Findings, among, differences, orphans},
};

/// A webhook as it is, held against what it is to be.
#[derive(Debug)]
pub struct Seen {
    /// What is stored of it.
    pub row: Row,
    /// Whether Autotask calls it as it is.
    pub calls: bool,
    /// What there is to say.
    pub findings: Findings,
    /// Whether nothing was known of it here.
    pub(super) is_new: bool,
    /// The zone that it is in now, where that was discovered.
    pub(super) zone: Option<String>,
    pub(super) id: Option<i64>,
    pub(super) draft: WebhookDraft,
    /// Whether it differs in what one write of the webhook itself makes equal.
    pub(super) differs: bool,
    pub(super) fields: Vec<(i64, Subscription)>,
    pub(super) udfs: Vec<i64>,
    pub(super) exclude: Option<i64>,
    pub(super) orphans: Vec<i64>,
}

/// Looks at it: four calls, or six where user-defined fields are watched.
pub(super) async fn look(
    wanted: &Wanted,
    at: Place<'_>,
    hook: &Hook,
    row: Option<Row>,
) -> Result<Seen, Error> {
    let is_new = row.is_none();
    let row = row.unwrap_or_else(|| unborn(hook));
    let webhooks = at.autotask.webhooks(hook.watch.entity);
    let base = wanted.address.as_str().trim_end_matches('/');
    let base = format!("{base}/autotask/webhooks/");
    let url = format!("{base}{}", row.name);
    let draft = WebhookDraft {
        name: row.name.clone(),
        deactivation_url: format!("{url}/deactivated"),
        webhook_url: url,
        secret: webhook_secret(&wanted.site_key, &row.name, row.secret_version),
        notification_email: String::new(),
    };
    let there = webhooks.list().await?;
    let now = among(&there, &draft, row.autotask_id);
    let corrections = match now {
        Some(now) => differences(now, &draft),
        None => vec![Correction::new("missing", "was not there")],
    };
    let own = setting::get::<Value>(at.db, OWN_RESOURCE).await?;
    let own = own.and_then(|own| own.as_i64());
    let owner = now.and_then(|now| now.owner_resource_id.get().copied());
    let id = now.map(|now| now.id);
    let seen = Seen {
        calls: now.is_some_and(autotask::Webhook::calls),
        differs: !corrections.is_empty(),
        zone: at.autotask.known_zone().await.map(String::from),
        // One webhook an entity is ours.
        orphans: orphans(&there, id, &base),
        findings: Findings {
            corrections,
            cannot_watch: Vec::new(),
            stranger: owner.filter(|owner| own.is_some_and(|own| own != *owner)),
        },
        is_new,
        id,
        draft,
        row,
        fields: Vec::new(),
        udfs: Vec::new(),
        exclude: None,
    };
    let seen = fields(&webhooks, hook, seen).await?;
    let mut seen = udfs(&webhooks, hook, at, seen).await?;
    seen.exclude = match (own, id) {
        (Some(own), Some(id)) => {
            let excluded = webhooks.excluded(id).await?;
            let is_out = excluded.iter().any(|one| one.resource_id == Told::Is(own));
            Some(own).filter(|_| !is_out)
        }
        (own, _) => own,
    };
    if seen.exclude.is_some() && id.is_some() {
        let says = "told of our own changes too";
        seen.findings
            .corrections
            .push(Correction::new("own_changes", says));
    }
    seen.tell_of_orphans();
    if seen.has_moved() {
        let says = "was in another zone, which the tenant has left";
        let correction = Correction::new("zone", says);
        seen.findings.corrections.insert(0, correction);
    }
    Ok(seen)
}

/// What is stored of a webhook before Autotask has it.
fn unborn(hook: &Hook) -> Row {
    Row {
        name: hook.watch.name.to_owned(),
        entity: hook.watch.entity.as_str().to_owned(),
        autotask_id: None,
        guid: None,
        secret_version: 1,
        rotated_at: None,
        is_active: false,
        is_ready: false,
        checked_at: None,
        check_wanted: false,
        zone: None,
    }
}

/// Which fields it does not watch yet.
async fn fields(webhooks: &Webhooks<'_>, hook: &Hook, mut seen: Seen) -> Result<Seen, Error> {
    let choices = webhooks.field_choices().await?;
    let watched = match seen.id {
        Some(id) => numbers(&webhooks.fields(id).await?, |one| &one.field_id),
        None => BTreeSet::new(),
    };
    let always = hook.watch.always_sent.iter();
    let always = always.map(|field| (*field, Subscription::AlwaysSent));
    let changed = hook.watch.fields.iter();
    let changed = changed.map(|field| (*field, Subscription::Watched));
    for (field, how) in always.chain(changed) {
        match choices.number(field) {
            Some(number) if watched.contains(&number) => {}
            Some(number) => {
                seen.fields.push((number, how));
                seen.does_not_watch(field);
            }
            None => seen.findings.cannot_watch.push(field.to_owned()),
        }
    }
    Ok(seen)
}

/// Which user-defined fields it does not watch yet.
async fn udfs(
    webhooks: &Webhooks<'_>,
    hook: &Hook,
    at: Place<'_>,
    mut seen: Seen,
) -> Result<Seen, Error> {
    if hook.watch.udfs.is_empty() {
        return Ok(seen);
    }
    let choices = webhooks.udf_choices().await?;
    let watched = match seen.id {
        Some(id) => numbers(&webhooks.udf_fields(id).await?, |one| &one.udf_field_id),
        None => BTreeSet::new(),
    };
    for (name_in, usual) in hook.watch.udfs {
        let chosen: Option<String> = setting::get(at.db, name_in).await?;
        let name = chosen.unwrap_or_else(|| (*usual).to_owned());
        match choices.number(&name) {
            // The site has no such field.
            _ if name.is_empty() => {}
            Some(number) if watched.contains(&number) => {}
            Some(number) => {
                seen.udfs.push(number);
                seen.does_not_watch(&name);
            }
            None => seen.findings.cannot_watch.push(name),
        }
    }
    Ok(seen)
}

impl Seen {
    /// Whether the tenant was moved since it was last looked at. What became of its secret, and of what it had to tell
    /// meanwhile, cannot be read.
    pub(super) fn has_moved(&self) -> bool {
        self.row.has_moved(self.zone.as_deref())
    }

    fn tell_of_orphans(&mut self) {
        let says = |id: &i64| format!("was not the only one that calls us ({id})");
        let orphans = self.orphans.iter();
        let orphans = orphans.map(|id| Correction::new("orphan", says(id)));
        self.findings.corrections.extend(orphans);
    }

    /// A new one watches nothing yet, which is no news.
    fn does_not_watch(&mut self, field: &str) {
        if self.id.is_some() {
            let says = format!("did not watch {field}");
            self.findings
                .corrections
                .push(Correction::new("field", says));
        }
    }
}

fn numbers(rows: &[Subscribed], of: fn(&Subscribed) -> &Told<i64>) -> BTreeSet<i64> {
    rows.iter()
        .filter_map(|row| of(row).get().copied())
        .collect()
}
