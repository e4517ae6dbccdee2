//! Webhooks: who is told of a change, and what.

pub(super) mod body;
pub(super) mod delivery;
pub(super) mod log;
pub(super) mod queue;
pub(super) mod subscription;

use std::time::Duration;

use serde_json::Value;

use super::fault::Fault;
use super::row::Row;
use super::schema::field::Field;
use super::schema::picklist::numbered_field;
use super::schema::{Entity, Place, entities};
use super::udf::Udf;
use super::world::{Actor, World};
use super::write::Change;
use body::Body;
use queue::{Action, Event, Lane, Target};

/// Puts the change on the queues of all webhooks that are subscribed to it.
pub(super) fn announce(world: &mut World, change: &Change, actor: Actor) {
    let Some(hooks) = change.entity.webhooks() else {
        return;
    };
    let action = match (&change.before, &change.after) {
        (None, _) => Action::Create,
        (Some(_), None) => Action::Delete,
        (Some(_), Some(_)) => Action::Update,
    };
    let subscribed: Vec<_> = world
        .rows(hooks.plural)
        .filter(|(id, hook)| is_called(world, hooks, *id, hook, action, actor))
        .filter_map(|(id, hook)| {
            Some((id, hook.clone(), fields(world, hooks, id, change, action)?))
        })
        .collect();
    for (id, hook, fields) in subscribed {
        enqueue(
            world,
            hooks,
            (id, &hook),
            &Told {
                action,
                record: change.id,
                fields,
                person: actor.resource,
            },
            Target::Webhook,
        );
    }
}

/// What an event tells.
struct Told {
    action: Action,
    record: i64,
    fields: Vec<(String, Value)>,
    person: i64,
}

fn enqueue(
    world: &mut World,
    hooks: &'static Entity,
    (id, hook): (i64, &Row),
    told: &Told,
    mut target: Target,
) {
    let lane = Lane {
        hooks: hooks.plural,
        webhook: id,
        action: told.action,
        aside: None,
    };
    let gap = world.faults.strike(Fault::SequenceGap);
    let gap = gap.map_or(0, |gap| gap.number());
    let sequence = world.queues.next_sequence(hooks.plural, id, gap);
    let is_lower = world.faults.strikes(Fault::LowerPersonId);
    let body = Body {
        action: told.action.name(),
        guid: hook.text("webhookGUID"),
        entity_type: hooks
            .watched()
            .and_then(|watched| watched.payload)
            .unwrap_or_default(),
        id: told.record,
        fields: &told.fields,
        event_time: world.now(),
        sequence,
        person: told.person,
        person_key: if is_lower { "PersonId" } else { "PersonID" },
    };
    let mut encoded = body.encode();
    if let Target::Deactivation { secret, .. } = &mut target
        && let Some(odd) = world.faults.strike(Fault::OddDeactivation)
    {
        *secret = None;
        if odd.word() == "bare" {
            encoded = body.encode_barest();
        }
    }
    let event = Event {
        body: encoded,
        sequence,
        target,
        is_copy: false,
    };
    post(world, lane, event);
}

/// Puts the event on its queue, unless something happens to it on the way.
fn post(world: &mut World, lane: Lane, event: Event) {
    let latency = world.options.webhook_latency;
    if matches!(event.target, Target::Deactivation { .. }) {
        return world.queues.push(lane, event, latency);
    }
    if world.faults.strikes(Fault::LostWebhook) {
        return;
    }
    if let Some(delay) = world.faults.strike(Fault::ReorderedWebhook) {
        let aside = lane.aside(event.sequence);
        return world.queues.push(aside, event, latency + delay.duration());
    }
    let delay = world.faults.strike(Fault::DelayedWebhook);
    let delay = delay.map_or(Duration::ZERO, |delay| delay.duration());
    world.queues.push(lane, event, latency + delay);
}

fn is_called(
    world: &World,
    hooks: &Entity,
    id: i64,
    hook: &Row,
    action: Action,
    actor: Actor,
) -> bool {
    hook.flag("isActive")
        && hook.flag("isReady")
        && hook.flag(action.subscription())
        && !children(world, hooks, "ExcludedResources", id)
            .any(|row| row.int("resourceID") == Some(actor.resource))
}

/// What the event tells of the record; none when nothing that the webhook watches has changed.
fn fields(
    world: &World,
    hooks: &Entity,
    id: i64,
    change: &Change,
    action: Action,
) -> Option<Vec<(String, Value)>> {
    let mut told = Vec::new();
    let mut concerned = action != Action::Update;
    let sources =
        children(world, hooks, "Fields", id).chain(children(world, hooks, "UdfFields", id));
    for subscription in sources {
        let Some(source) = Source::of(world, change.entity, subscription) else {
            continue;
        };
        let (before, after) = (
            source.value(change.before.as_ref()),
            source.value(change.after.as_ref()),
        );
        let watched = subscription.flag("isSubscribedField");
        let shown = match action {
            Action::Create => !after.is_null(),
            Action::Update => {
                (watched && before != after) || subscription.flag("isDisplayAlwaysField")
            }
            Action::Delete | Action::Deactivated => false,
        };
        concerned |= watched && before != after;
        if shown {
            told.push((source.key(), after));
        }
    }
    concerned.then_some(told)
}

/// A field that a webhook is subscribed to.
enum Source<'a> {
    Field(&'static Field),
    Udf(&'a Udf),
}

impl<'a> Source<'a> {
    fn of(world: &'a World, watched: &'static Entity, subscription: &Row) -> Option<Self> {
        if let Some(number) = subscription.int("fieldID") {
            return numbered_field(watched, number).map(Self::Field);
        }
        let id = subscription.int("udfFieldID")?;
        let mut udfs = world.udfs.of(watched).iter();
        udfs.find(|udf| udf.id == id).map(Self::Udf)
    }

    fn value(&self, row: Option<&Row>) -> Value {
        match self {
            Self::Field(field) => row.map_or(Value::Null, |row| row.get(field.name).clone()),
            Self::Udf(udf) => row
                .and_then(|row| row.udfs.get(&udf.id))
                .map_or(Value::Null, |text| text.clone().into()),
        }
    }

    /// `ticketNumber` is told as `TicketNumber`, a user-defined field by its name.
    fn key(&self) -> String {
        match self {
            Self::Udf(udf) => udf.name.clone(),
            Self::Field(field) => {
                let mut letters = field.name.chars();
                letters
                    .next()
                    .map(|first| first.to_ascii_uppercase())
                    .into_iter()
                    .chain(letters)
                    .collect()
            }
        }
    }
}

/// The rows below a webhook at one of its three addresses.
fn children<'a>(
    world: &'a World,
    hooks: &Entity,
    below: &str,
    id: i64,
) -> impl Iterator<Item = &'a Row> {
    child_entity(hooks, below)
        .into_iter()
        .flat_map(|child| world.rows(child.plural))
        .map(|(_, row)| row)
        .filter(move |row| row.int("webhookID") == Some(id))
}

fn child_entity(hooks: &Entity, below: &str) -> Option<&'static Entity> {
    entities().iter().find(|child| matches!(child.place, Place::Child { of, segment, .. } if of == hooks.plural && segment == below))
}
