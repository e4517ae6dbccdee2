//! The webhooks themselves as records: what is refused, what the system fills in, when they are ready, how they end.

use reqwest::Url;
use uuid::Uuid;

use super::super::row::Row;
use super::super::schema::{Entity, Place, entities, entity};
use super::super::world::{Actor, World};
use super::super::write::Change;
use super::queue::{Action, Target};
use super::{Told, child_entity, children, enqueue};

/// The three addresses below a webhook.
const BELOW: [&str; 3] = ["Fields", "UdfFields", "ExcludedResources"];

/// The rules that look at more than one field of a webhook, or of a row below one.
pub(in crate::autotask) fn rules(
    world: &World,
    entity: &'static Entity,
    id: i64,
    before: Option<&Row>,
    row: &Row,
) -> Vec<String> {
    match parent(entity) {
        Some(_) if before.is_none() && is_doubled(world, entity, row) => {
            vec![format!(
                "{} already has this value for the webhook.",
                entity.singular
            )]
        }
        None if is_webhook(entity) => webhook_rules(world, entity, id, row),
        Some(_) | None => Vec::new(),
    }
}

/// Fills what the system fills in a new webhook.
pub(in crate::autotask) fn on_create(entity: &Entity, row: &mut Row, actor: Actor) {
    if is_webhook(entity) {
        row.set("webhookGUID", Uuid::new_v4().to_string());
        row.set("ownerResourceID", actor.resource);
        row.set("isReady", false);
    }
}

/// Takes the rows below a webhook along when it goes.
pub(in crate::autotask) fn before_delete(world: &mut World, entity: &Entity, id: i64) {
    if !is_webhook(entity) {
        return;
    }
    for child in BELOW
        .into_iter()
        .filter_map(|below| child_entity(entity, below))
    {
        let below = world
            .rows(child.plural)
            .filter(|(_, row)| row.int("webhookID") == Some(id));
        for row in below.map(|(id, _)| id).collect::<Vec<_>>() {
            world.remove(child.plural, row);
        }
    }
}

/// Keeps `isReady` right, and ends a webhook that was deleted or deactivated.
pub(in crate::autotask) fn keep(world: &mut World, change: &Change, actor: Actor) {
    if let Some(hooks) = parent(change.entity) {
        let row = change.after.as_ref().or(change.before.as_ref());
        if let Some(id) = row.and_then(|row| row.int("webhookID")) {
            make_ready(world, hooks, id);
        }
    } else if is_webhook(change.entity)
        && let Some(before) = &change.before
        && was_switched_off(change)
    {
        end(world, change.entity, (change.id, before), actor.resource);
    } else if change.entity.plural == "Resources" && was_switched_off(change) {
        disable_all_of(world, change.id);
    }
}

/// Tells whether a row was active and no longer is.
fn was_switched_off(change: &Change) -> bool {
    let active = |row: &Option<Row>| row.as_ref().is_some_and(|row| row.flag("isActive"));
    active(&change.before) && !active(&change.after)
}

/// Switches off the webhooks of an owner that is no longer there.
fn disable_all_of(world: &mut World, owner: i64) {
    for hooks in entities().iter().filter(|entity| is_webhook(entity)) {
        let active = world
            .rows(hooks.plural)
            .filter(|(_, row)| row.int("ownerResourceID") == Some(owner) && row.flag("isActive"));
        for id in active.map(|(id, _)| id).collect::<Vec<_>>() {
            disable(world, hooks, id);
        }
    }
}

/// Switches off a webhook as the system does it.
pub(super) fn disable(world: &mut World, hooks: &'static Entity, id: i64) {
    let Some(row) = world.row_mut(hooks.plural, id) else {
        return;
    };
    row.set("isActive", false);
    let row = row.clone();
    let owner = row.int("ownerResourceID").unwrap_or_default();
    end(world, hooks, (id, &row), owner);
}

/// Drops what waits to be sent and calls the deactivation address.
fn end(world: &mut World, hooks: &'static Entity, (id, row): (i64, &Row), person: i64) {
    world.queues.drop_events(hooks.plural, id);
    let target = Target::Deactivation {
        url: row.text("deactivationUrl").to_owned(),
        secret: Some(row.text("secretKey").to_owned()),
    };
    let told = Told {
        action: Action::Deactivated,
        record: id,
        fields: Vec::new(),
        person,
    };
    enqueue(world, hooks, (id, row), &told, target);
}

fn make_ready(world: &mut World, hooks: &'static Entity, id: i64) {
    let mut fields =
        children(world, hooks, "Fields", id).chain(children(world, hooks, "UdfFields", id));
    let ready = fields.any(|field| field.flag("isSubscribedField"));
    drop(fields);
    if let Some(row) = world.row_mut(hooks.plural, id) {
        row.set("isReady", ready);
    }
}

fn webhook_rules(world: &World, hooks: &'static Entity, id: i64, row: &Row) -> Vec<String> {
    let mut errors = Vec::new();
    for name in ["webhookUrl", "deactivationUrl"] {
        if !is_callable(row.text(name), world.options.webhook_https_only) {
            errors.push(format!("{name} must be an https address at port 443."));
        }
    }
    if row.flag("sendThresholdExceededNotification")
        && row.text("notificationEmailAddress").is_empty()
    {
        errors.push("sendThresholdExceededNotification must be false when there is no notificationEmailAddress.".to_owned());
    }
    let others = world.rows(hooks.plural).filter(|(other, _)| *other != id);
    let active = others
        .filter(|(_, webhook)| webhook.flag("isActive"))
        .count();
    let most = world.options.webhook_cap;
    if row.flag("isActive") && active >= most {
        errors.push(format!(
            "There are {most} active webhooks of this entity already."
        ));
    }
    let clash = world
        .rows(hooks.plural)
        .find(|(other, webhook)| *other != id && calls_the_same(webhook, row));
    if let Some((other, _)) = clash {
        errors.push(format!(
            "A webhook with the same URL and callout type already exists (id {other})."
        ));
    }
    errors
}

/// Tells whether webhooks may call this address; the real system calls https at port 443 only.
fn is_callable(address: &str, https_only: bool) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    match url.scheme() {
        "https" => !https_only || url.port().is_none(),
        "http" => !https_only,
        _ => false,
    }
}

fn calls_the_same(one: &Row, other: &Row) -> bool {
    let events = [Action::Create, Action::Update, Action::Delete].map(Action::subscription);
    one.text("webhookUrl")
        .eq_ignore_ascii_case(other.text("webhookUrl"))
        && events
            .iter()
            .any(|event| one.flag(event) && other.flag(event))
}

fn is_doubled(world: &World, entity: &Entity, row: &Row) -> bool {
    let same = |other: &Row, name: &str| other.get(name) == row.get(name);
    world.rows(entity.plural).any(|(_, other)| {
        ["webhookID", "fieldID", "udfFieldID", "resourceID"]
            .iter()
            .all(|name| same(other, name))
    })
}

fn is_webhook(entity: &Entity) -> bool {
    entity.place == Place::Root && entity.watched().is_some()
}

/// The webhooks this entity's rows are below of.
fn parent(child: &Entity) -> Option<&'static Entity> {
    match child.place {
        Place::Child { of, .. } => entity(of).filter(|parent| is_webhook(parent)),
        Place::Root => None,
    }
}
