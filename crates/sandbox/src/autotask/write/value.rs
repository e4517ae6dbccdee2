//! Reading one value of a body: type, length, picklist and reference, refused in Autotask's sentences.

use serde_json::{Value, json};

use super::super::row::{parse_time, stamp};
use super::super::schema::field::{Field, Flag, Kind};
use super::super::schema::{self, Entity};
use super::super::world::{World, is_api_only};

/// Reads a value for a field, or tells what is wrong with it.
pub(super) fn read(
    world: &World,
    entity: &Entity,
    field: &Field,
    value: &Value,
) -> Result<Value, String> {
    let value = convert(field, value)?;
    if value.is_null() {
        return Ok(value);
    }
    if let (Some(most), Some(text)) = (field.max_length, value.as_str())
        && text.encode_utf16().count() > most
    {
        return Err(format!(
            "{} must be less than or equal to {most} characters",
            field.name
        ));
    }
    if field.is(Flag::Picklist) && !entity.picklist(field, &world.udfs).takes(&plain(&value)) {
        return Err(format!(
            "Picklist value [{}] does not exist for {}.",
            plain(&value),
            field.name
        ));
    }
    if let Some(target) = entity.target(field)
        && !refers(world, target, field, value.as_i64().unwrap_or_default())
    {
        let singular = schema::entity(target).map_or(target, |target| target.singular);
        return Err(format!(
            "Reference value on field: {} of type: {singular} does not exist or is invalid.",
            field.name
        ));
    }
    Ok(value)
}

/// Converts as the JSON reader of the real server does: numbers in text are numbers, a truth value is not.
fn convert(field: &Field, value: &Value) -> Result<Value, String> {
    let name = field.name;
    let odd = |value: &Value| match value {
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            let first = value.to_string().chars().next().unwrap_or('?');
            format!("Unexpected character encountered while parsing value: {first}. Path '{name}'.")
        }
        Value::Null | Value::Number(_) | Value::String(_) => {
            format!(
                "Could not convert {} to {}. Path '{name}'.",
                plain(value),
                field.kind.name()
            )
        }
    };
    match (field.kind, value) {
        (_, Value::Null) => Ok(Value::Null),
        (Kind::Int, _) => whole(value)
            .filter(|number| i32::try_from(*number).is_ok())
            .map(Value::from)
            .ok_or_else(|| odd(value)),
        (Kind::Long, _) => whole(value).map(Value::from).ok_or_else(|| odd(value)),
        (Kind::Double, Value::Number(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Text, Value::String(_)) => Ok(value.clone()),
        (Kind::Double, Value::String(text)) => text
            .parse::<f64>()
            .map(|number| json!(number))
            .map_err(|_| odd(value)),
        (Kind::Datetime, Value::String(text)) => parse_time(text)
            .map(|time| json!(stamp(time)))
            .ok_or_else(|| odd(value)),
        (Kind::Text, Value::Number(number)) => Ok(json!(number.to_string())),
        (Kind::Double | Kind::Bool | Kind::Datetime | Kind::Text, other) => Err(odd(other)),
    }
}

fn whole(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// A value as text, without the quotes of JSON.
pub(super) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Tells whether a reference can be taken: the row is there, and is active where Autotask insists on it.
fn refers(world: &World, target: &str, field: &Field, id: i64) -> bool {
    let Some(row) = world.row(target, id) else {
        return false;
    };
    match target {
        "Contacts" => row.flag("isActive"),
        "Resources" => row.flag("isActive") && (!is_assignment(field) || !is_api_only(row)),
        _ => true,
    }
}

fn is_assignment(field: &Field) -> bool {
    matches!(field.name, "ownerResourceID" | "assignedResourceID")
}
