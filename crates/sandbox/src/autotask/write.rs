//! Creating, updating and deleting records, by the API and by people: the same rules, the same side effects.

mod effects;
pub(super) mod inventory;
mod purchase;
mod quote;
mod sale;
mod ticket;
mod time;
mod value;

use serde_json::{Map, Value};

use super::answer::Refusal;
use super::query::key;
use super::row::Row;
use super::schema::field::{Field, Flag};
use super::schema::{Entity, Place};
use super::udf::{DEFINITIONS, Udf, definition, named};
use super::webhook;
use super::world::{Actor, World};

/// What an update does to the fields that its body does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Leaves them (PATCH).
    Named,
    /// Empties them, user-defined ones too (PUT).
    All,
}

/// What happened to a row.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub entity: &'static Entity,
    pub id: i64,
    pub before: Option<Row>,
    pub after: Option<Row>,
}

/// Makes a record; the parent is the one in the address, for records that are written below one.
pub(super) fn create(
    world: &mut World,
    entity: &'static Entity,
    parent: Option<i64>,
    body: &Value,
    actor: Actor,
) -> Result<i64, Refusal> {
    let mut row = Row::default();
    let body = with_parent(entity, parent, body)?;
    let mut errors = fill(world, entity, &mut row, &body, None);
    errors.extend(missing(entity, &row, &body));
    if errors.is_empty() {
        errors.extend(rules(world, entity, 0, None, &row));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    effects::on_create(world, entity, &mut row, actor);
    let id = world.insert(entity, row);
    finish(world, entity, id, None, actor);
    Ok(id)
}

/// Changes the record whose id is in the body.
pub(super) fn update(
    world: &mut World,
    entity: &'static Entity,
    parent: Option<i64>,
    body: &Value,
    scope: Scope,
    actor: Actor,
) -> Result<i64, Refusal> {
    let body = with_parent(entity, parent, body)?;
    let id = key(&body, "id")
        .and_then(Value::as_i64)
        .ok_or_else(|| Refusal::invalid("The body must name the id of the record."))?;
    let before = below(world, entity, parent, id)
        .cloned()
        .ok_or_else(|| Refusal::no_match("update"))?;
    let mut row = before.clone();
    if scope == Scope::All {
        empty(entity, &mut row);
    }
    let mut errors = fill(world, entity, &mut row, &body, Some(&before));
    errors.extend(missing(entity, &row, &body));
    if errors.is_empty() {
        errors.extend(rules(world, entity, id, Some(&before), &row));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors));
    }
    if row != before {
        effects::on_update(world, entity, &before, &mut row, actor);
        world.put(entity, id, row);
        finish(world, entity, id, Some(before), actor);
    }
    Ok(id)
}

/// Takes a record out, and what cannot be without it.
pub(super) fn delete(
    world: &mut World,
    entity: &'static Entity,
    parent: Option<i64>,
    id: i64,
    actor: Actor,
) -> Result<i64, Refusal> {
    let before = below(world, entity, parent, id)
        .cloned()
        .ok_or_else(|| Refusal::no_match("delete"))?;
    effects::before_delete(world, entity, id, &before, actor)?;
    world.remove(entity.plural, id);
    finish(world, entity, id, Some(before), actor);
    Ok(id)
}

/// The row, if it is there and below the parent of the address.
fn below<'a>(world: &'a World, entity: &Entity, parent: Option<i64>, id: i64) -> Option<&'a Row> {
    world
        .row(entity.plural, id)
        .filter(|row| is_below(entity, parent, row))
}

/// Tells whether a row is below the parent of the address, where there is one.
pub(super) fn is_below(entity: &Entity, parent: Option<i64>, row: &Row) -> bool {
    match (entity.place, parent) {
        (Place::Child { key, .. }, Some(parent)) => row.int(key) == Some(parent),
        (Place::Root | Place::Child { .. }, _) => true,
    }
}

/// Side effects on other rows, then webhooks: this row's change first, the rows it touched after it.
fn finish(world: &mut World, entity: &'static Entity, id: i64, before: Option<Row>, actor: Actor) {
    let after = world.row(entity.plural, id).cloned();
    let change = Change {
        entity,
        id,
        before,
        after,
    };
    webhook::subscription::keep(world, &change, actor);
    webhook::announce(world, &change, actor);
    for touched in effects::touch(world, &change, actor) {
        webhook::announce(world, &touched, actor);
    }
}

/// The body with the parent of the address in it.
fn with_parent(
    entity: &Entity,
    parent: Option<i64>,
    body: &Value,
) -> Result<Map<String, Value>, Refusal> {
    let Value::Object(body) = body else {
        return Err(Refusal::invalid("The body must be a JSON object."));
    };
    let mut body = body.clone();
    let (Some(parent), Place::Child { key: name, .. }) = (parent, entity.place) else {
        return Ok(body);
    };
    match key(&body, name).and_then(Value::as_i64) {
        Some(told) if told != parent => Err(Refusal::invalid(format!(
            "{name} {told} in the body is not the {parent} of the address."
        ))),
        _ => {
            body.retain(|field, _| !field.eq_ignore_ascii_case(name));
            body.insert(name.to_owned(), parent.into());
            Ok(body)
        }
    }
}

/// Puts the values of the body into the row; read-only fields and unknown keys are passed over in silence.
fn fill(
    world: &World,
    entity: &'static Entity,
    row: &mut Row,
    body: &Map<String, Value>,
    before: Option<&Row>,
) -> Vec<String> {
    let mut errors = Vec::new();
    for (name, value) in body {
        let Some(field) = entity
            .field(name)
            .filter(|field| is_agreed(entity, field, before) || !is_set_by_system(entity, field))
        else {
            continue;
        };
        match value::read(world, entity, field, value) {
            Ok(value)
                if field.is(Flag::CreateOnly)
                    && before.is_some_and(|before| *before.get(field.name) != value) =>
            {
                errors.push(format!("{} cannot be changed after creation.", field.name));
            }
            Ok(value) => row.set(field.name, value),
            Err(sentence) => errors.push(sentence),
        }
    }
    errors.extend(fill_udfs(
        (entity, world.udfs.of(entity)),
        row,
        key(body, "userDefinedFields"),
    ));
    errors
}

fn fill_udfs(
    (entity, udfs): (&Entity, &[Udf]),
    row: &mut Row,
    told: Option<&Value>,
) -> Vec<String> {
    let mut errors = Vec::new();
    for entry in told.and_then(Value::as_array).into_iter().flatten() {
        let name = entry["name"].as_str().unwrap_or_default();
        let Some(udf) = named(udfs, name) else {
            errors.push(format!(
                "The user-defined field {name} does not exist for {}.",
                entity.singular
            ));
            continue;
        };
        let text = value::plain(&entry["value"]);
        if entry["value"].is_null() || text.is_empty() {
            row.set_udf(udf.id, None);
            continue;
        }
        match udf.take(&text) {
            Ok(text) => row.set_udf(udf.id, Some(text)),
            Err(sentence) => errors.push(sentence),
        }
    }
    errors
}

/// The price of a contract's service is agreed on when it is made, although the metadata calls it read-only.
fn is_agreed(entity: &Entity, field: &Field, before: Option<&Row>) -> bool {
    entity.plural == "ContractServices" && field.name == "unitPrice" && before.is_none()
}

/// `ticketNumber` is writable by the metadata, and yet given by the system.
fn is_set_by_system(entity: &Entity, field: &Field) -> bool {
    field.is(Flag::ReadOnly) || (entity.plural == "Tickets" && field.name == "ticketNumber")
}

fn empty(entity: &Entity, row: &mut Row) {
    row.udfs.clear();
    for field in &entity.fields {
        if !is_set_by_system(entity, field) && !field.is(Flag::CreateOnly) {
            row.set(field.name, Value::Null);
        }
    }
}

/// A value that was refused is not missing as well.
fn missing(entity: &Entity, row: &Row, body: &Map<String, Value>) -> Vec<String> {
    let is_empty = |value: &Value| value.is_null() || value.as_str() == Some("");
    let missing = entity.fields.iter().filter(|field| {
        field.is(Flag::Required)
            && is_empty(row.get(field.name))
            && key(body, field.name).is_none_or(is_empty)
    });
    missing
        .map(|field| format!("Missing Required Field: {}.", field.name))
        .collect()
}

/// The rules that look at more than one field.
fn rules(
    world: &World,
    entity: &'static Entity,
    id: i64,
    before: Option<&Row>,
    row: &Row,
) -> Vec<String> {
    let mut errors = strays(world, entity, row);
    errors.extend(sale::rules(world, entity, before, row));
    errors.extend(inventory::rules(world, entity.plural, id, row));
    errors.extend(match entity.plural {
        "Tickets" => ticket::rules(world, row),
        "CompanyNotes" => note_ends_before_it_starts(row),
        "TimeEntries" => time::rules(world, before, row),
        DEFINITIONS => definition::rules(world, id, before, row),
        _ => webhook::subscription::rules(world, entity, id, before, row),
    });
    errors
}

/// A note of a company is an appointment, too.
fn note_ends_before_it_starts(row: &Row) -> Vec<String> {
    let is_backwards = row.text("endDateTime") < row.text("startDateTime");
    is_backwards
        .then(|| "endDateTime must not be before startDateTime.".to_owned())
        .into_iter()
        .collect()
}

/// Picklist values that belong to another value of their parent field than the one the row has.
fn strays(world: &World, entity: &'static Entity, row: &Row) -> Vec<String> {
    let picklists = entity
        .fields
        .iter()
        .filter(|field| field.is(Flag::Picklist));
    let stray = |field: &Field| {
        let value = row.fields.get(field.name).map(value::plain)?;
        let picklist = entity.picklist(field, &world.udfs);
        let parent = picklist.parent_of(&value);
        let is_right = parent.is_empty() || value::plain(row.get(picklist.parent_field)) == parent;
        (!is_right).then(|| {
            format!(
                "Picklist value [{value}] does not exist for {}.",
                field.name
            )
        })
    };
    picklists.filter_map(stray).collect()
}
