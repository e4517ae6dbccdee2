//! What is beside the API: people's hands, the whole state, counts, faults and the clock.
//!
//! People obey the same rules of values as the API does, and cause the same webhooks, but meet no limits.

use std::sync::Arc;

use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::answer::Refusal;
use super::app::App;
use super::billing;
use super::row::{parse_time, stamp};
use super::schema::field::Flag;
use super::schema::{self, Entity};
use super::world::{Actor, World};
use super::write::{self, Scope};
use crate::fault::switch::Switch;
use crate::only::Only;

/// A sentence on why something cannot be done.
type Outcome = Result<Value, String>;

/// Answers a call below `/sandbox/`.
pub(super) fn serve(app: &Arc<App>, parts: &Parts, deed: &str, body: &[u8]) -> Response {
    let body = if body.is_empty() {
        Ok(Value::Null)
    } else {
        serde_json::from_slice(body)
    };
    let outcome = match body {
        Ok(_) if (&parts.method, deed) == (&Method::GET, "state") => state(app, parts),
        Ok(body) => app.act(|world| perform(world, &parts.method, deed, &body)),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    };
    match outcome {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(sentence) => (
            StatusCode::BAD_REQUEST,
            axum::Json(json!({"error": sentence})),
        )
            .into_response(),
    }
}

fn perform(world: &mut World, method: &Method, deed: &str, body: &Value) -> Outcome {
    match (method, deed) {
        (&Method::GET, "stats") => Ok(stats(world)),
        (&Method::GET, "fault") => Ok(world.faults.tell()),
        (&Method::POST, "fault") => fault(world, body),
        (&Method::POST, "clock") => clock(world, body),
        (&Method::POST, "create") => create(world, body),
        (&Method::POST, "edit") => edit(world, body),
        (&Method::POST, "delete") => delete(world, body),
        (&Method::POST, "traffic") => traffic(world, body),
        (&Method::POST, "reserve") => reserve(world, body),
        (&Method::POST, "label") => label(world, body),
        (&Method::POST, _) => money(world, deed, body),
        _ => Err(no_such(method, deed)),
    }
}

/// What a bookkeeper does.
fn money(world: &mut World, deed: &str, body: &Value) -> Outcome {
    let actor = person(world, body)?;
    let done = billing::act(world, deed, body, actor);
    done.unwrap_or_else(|| Err(no_such(&Method::POST, deed)))
}

fn no_such(method: &Method, deed: &str) -> String {
    format!("there is no {method} /sandbox/{deed}")
}

fn state(app: &App, parts: &Parts) -> Outcome {
    let Query(only) = Query::<Only>::try_from_uri(&parts.uri)
        .map_err(|_| "state takes entity, id and after (a number)".to_owned())?;
    Ok(app.world().tell(&only))
}

fn stats(world: &World) -> Value {
    let (calls, most_at_once) = world.traffic.tell();
    json!({"calls": calls, "maxConcurrent": most_at_once, "webhooks": world.queues.tell()})
}

/// What other integrations have asked within the timeframe.
fn traffic(world: &mut World, body: &Value) -> Outcome {
    let requests = body["requests"].as_u64();
    let requests = requests.and_then(|requests| u32::try_from(requests).ok());
    let requests = requests.ok_or("traffic takes {\"requests\": number}")?;
    let (now, quota) = (world.now(), world.quota());
    world.traffic.spread(now, quota, requests);
    Ok(json!({"used": world.traffic.used(now, quota)}))
}

fn fault(world: &mut World, body: &Value) -> Outcome {
    world.faults.switch(&Switch::from_json(body)?)?;
    Ok(world.faults.tell())
}

fn clock(world: &mut World, body: &Value) -> Outcome {
    match (
        body["now"].as_str().map(parse_time),
        body["advanceSeconds"].as_i64(),
    ) {
        (Some(Some(now)), _) => world.clock.set(now),
        (None, Some(seconds)) => world
            .clock
            .advance(seconds)
            .ok_or("the clock goes from the year 0 to the year 9999")?,
        (Some(None), _) | (None, None) => {
            return Err(
                "the clock takes {\"now\": time} or {\"advanceSeconds\": number}".to_owned(),
            );
        }
    }
    Ok(json!({"now": stamp(world.now())}))
}

fn create(world: &mut World, body: &Value) -> Outcome {
    let (entity, actor) = (entity(body)?, person(world, body)?);
    let mut fields = defaults(entity, actor);
    fields.extend(fields_of(entity, body)?);
    write::create(world, entity, None, &Value::Object(fields), actor)
        .map(|id| json!({"id": id}))
        .map_err(sentence)
}

/// An administrator calls a value of a picklist something else.
fn label(world: &mut World, body: &Value) -> Outcome {
    let entity = entity(body)?;
    let text = |name: &str| {
        let text = body[name].as_str();
        text.map(str::to_owned)
            .ok_or_else(|| format!("label takes {name}, a text"))
    };
    let (field, value, label) = (text("field")?, text("value")?, text("label")?);
    let known = entity.fields.iter().find(|it| it.name == field);
    let known = known.map(|field| entity.picklist(field, &world.udfs));
    if !known.is_some_and(|list| list.choices.iter().any(|choice| choice.value == value)) {
        return Err(format!("{}.{field} has no value {value}", entity.plural));
    }
    let told = json!({"value": value, "label": label});
    let key = (entity.plural.to_owned(), field, value);
    world.labels.insert(key, label);
    Ok(told)
}

fn edit(world: &mut World, body: &Value) -> Outcome {
    let (entity, actor, id) = (entity(body)?, person(world, body)?, id(body)?);
    let mut fields = fields_of(entity, body)?;
    fields.insert("id".to_owned(), json!(id));
    write::update(
        world,
        entity,
        None,
        &Value::Object(fields),
        Scope::Named,
        actor,
    )
    .map(|id| json!({"id": id}))
    .map_err(sentence)
}

fn delete(world: &mut World, body: &Value) -> Outcome {
    let (entity, actor, id) = (entity(body)?, person(world, body)?, id(body)?);
    write::delete(world, entity, None, id, actor)
        .map(|id| json!({"id": id}))
        .map_err(sentence)
}

fn reserve(world: &mut World, body: &Value) -> Outcome {
    let (id, pieces) = (id(body)?, body["pieces"].as_i64());
    let pieces = pieces.ok_or("say how many pieces are reserved")?;
    write::inventory::reserve(world, id, pieces)?;
    Ok(json!({"id": id}))
}

fn entity(body: &Value) -> Result<&'static Entity, String> {
    let name = body["entity"].as_str().unwrap_or_default();
    schema::entity(name).ok_or_else(|| format!("there is no entity '{name}'"))
}

fn id(body: &Value) -> Result<i64, String> {
    let id = &body["id"];
    id.as_i64()
        .or_else(|| id.as_str()?.parse().ok())
        .ok_or_else(|| "name the id of the record".to_owned())
}

/// Who does it: the resource named, or the first that is active.
fn person(world: &World, body: &Value) -> Result<Actor, String> {
    let by = &body["by"];
    let mut active = world
        .rows("Resources")
        .filter(|(_, row)| row.flag("isActive"))
        .map(|(id, _)| id);
    let resource = if by.is_null() {
        active.next()
    } else {
        by.as_i64()
            .filter(|id| world.row("Resources", *id).is_some())
    };
    let resource = resource.ok_or_else(|| format!("there is no resource {}", body["by"]))?;
    Ok(Actor {
        resource,
        impersonator: None,
    })
}

/// The values that people set; one that nobody can set is a mistake of the caller.
fn fields_of(entity: &Entity, body: &Value) -> Result<Map<String, Value>, String> {
    let mut fields = Map::new();
    for (name, value) in body["set"].as_object().into_iter().flatten() {
        match entity.field(name) {
            None => return Err(format!("{} has no field '{name}'", entity.plural)),
            Some(field) if field.is(Flag::ReadOnly) => {
                return Err(format!("{name} of {} is set by the system", entity.plural));
            }
            Some(_) => fields.insert(name.clone(), value.clone()),
        };
    }
    let udfs = body["udf"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| json!({"name": name, "value": value}));
    let udfs: Vec<_> = udfs.collect();
    if !udfs.is_empty() {
        fields.insert("userDefinedFields".to_owned(), Value::Array(udfs));
    }
    Ok(fields)
}

/// What the screens fill in by themselves.
fn defaults(entity: &Entity, actor: Actor) -> Map<String, Value> {
    let defaults = match entity.plural {
        "Companies" => {
            json!({"companyType": 1, "ownerResourceID": actor.resource, "phone": "02 5550 0100"})
        }
        "Contacts" => json!({"isActive": 1}),
        "Resources" => json!({
            "emailTypeCode": "PRIMARY", "isActive": true, "numberFormat": "X,XXX.XX", "payrollType": 1, "resourceType": "Employee",
        }),
        "Roles" => json!({"hourlyFactor": 1, "isActive": true}),
        "CompanyNotes" => json!({"actionType": 2, "assignedResourceID": actor.resource}),
        "TicketAttachments" => json!({
            "attachmentType": "FILE_ATTACHMENT", "fullPath": "file", "publish": 1,
        }),
        "TicketNotes" => json!({"noteType": 3, "publish": 1}),
        "Projects" => json!({
            "projectType": 8, "status": 1, "startDateTime": "2026-07-01T00:00:00Z", "endDateTime": "2027-06-30T00:00:00Z",
        }),
        "Tasks" => json!({"status": 1, "taskType": 1}),
        "TimeEntries" => json!({"resourceID": actor.resource}),
        "Tickets" => json!({"priority": 2, "queueID": 29_682_833, "status": 1}),
        _ => Value::Null,
    };
    match defaults {
        Value::Object(defaults) => defaults,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

fn sentence(refusal: Refusal) -> String {
    if let Refusal::Invalid(errors) = refusal {
        errors.join(" ")
    } else {
        format!("refused: {refusal:?}")
    }
}
