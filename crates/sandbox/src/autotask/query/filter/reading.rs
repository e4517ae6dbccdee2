//! Reads conditions from JSON, checked against the entity, and refuses what the real system refuses.

use serde_json::{Map, Value};

use super::super::super::answer::Refusal;
use super::super::super::row::parse_time;
use super::super::super::schema::Entity;
use super::super::super::schema::field::{Flag, Kind};
use super::super::super::udf::{Udf, named};
use super::super::key;
use super::{Comparison, Node, Operand, Part, Source, Test};

/// How many alternatives one query may name.
const MOST_ALTERNATIVES: usize = 500;

/// The entity that is asked for, and its user-defined fields.
type About<'a> = (&'static Entity, &'a [Udf]);

/// What a query has used of what it may use.
#[derive(Default)]
struct Used {
    alternatives: usize,
    udfs: usize,
}

/// Reads the conditions of a query.
pub(in crate::autotask::query) fn read(
    about: About<'_>,
    nodes: &[Value],
) -> Result<Vec<Node>, Refusal> {
    if nodes.is_empty() {
        return Err(Refusal::invalid(
            "The query must have at least one condition in its filter.",
        ));
    }
    let mut used = Used::default();
    let read = nodes
        .iter()
        .map(|node| read_node(about, node, &mut used))
        .collect::<Result<_, _>>()?;
    if used.alternatives > MOST_ALTERNATIVES {
        return Err(Refusal::invalid(format!(
            "Invalid query syntax. Queries are limited to {MOST_ALTERNATIVES} or fewer 'OR' conditions."
        )));
    }
    if used.udfs > 1 {
        return Err(Refusal::invalid(
            "Invalid query syntax. Only one user-defined field can be queried at a time.",
        ));
    }
    Ok(read)
}

/// The sentence for a field that the entity does not have.
pub(in crate::autotask::query) fn unknown_field(entity: &Entity, name: &str) -> Refusal {
    Refusal::invalid(format!(
        "Unable to find {name} in the {} Entity.",
        entity.singular
    ))
}

fn read_node(about: About<'_>, node: &Value, used: &mut Used) -> Result<Node, Refusal> {
    let Value::Object(node) = node else {
        return Err(Refusal::invalid(
            "Invalid query syntax. Every condition must be an object.",
        ));
    };
    let op = key(node, "op").and_then(Value::as_str).unwrap_or_default();
    if op == "and" || op == "or" {
        let Some(Value::Array(items)) = key(node, "items") else {
            return Err(Refusal::invalid(format!(
                "Invalid query syntax. '{op}' must have items."
            )));
        };
        if op == "or" {
            used.alternatives += items.len();
        }
        let nodes = items
            .iter()
            .map(|item| read_node(about, item, used))
            .collect::<Result<_, _>>()?;
        return Ok(if op == "or" {
            Node::Any(nodes)
        } else {
            Node::All(nodes)
        });
    }
    let name = key(node, "field")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let (source, kind) = source(about, node, name, used)?;
    Ok(Node::Test {
        source,
        test: read_test(op, name, kind, key(node, "value"), used)?,
    })
}

fn source(
    (entity, udfs): About<'_>,
    node: &Map<String, Value>,
    name: &str,
    used: &mut Used,
) -> Result<(Source, Kind), Refusal> {
    if key(node, "udf").and_then(Value::as_bool) == Some(true) {
        used.udfs += 1;
        let udf = named(udfs, name).ok_or_else(|| unknown_field(entity, name))?;
        return Ok((Source::Udf(udf.clone()), udf.kind));
    }
    let field = entity
        .field(name)
        .ok_or_else(|| unknown_field(entity, name))?;
    if field.is(Flag::NotQueryable) {
        return Err(Refusal::invalid(format!(
            "The field {} of the {} Entity cannot be queried.",
            field.name, entity.singular
        )));
    }
    Ok((Source::Field(field.name), field.kind))
}

fn read_test(
    op: &str,
    name: &str,
    kind: Kind,
    value: Option<&Value>,
    used: &mut Used,
) -> Result<Test, Refusal> {
    let one = || operand(name, kind, value.unwrap_or(&Value::Null));
    let compare = |comparison| Ok(Test::Compare(comparison, one()?));
    match op {
        "exist" => Ok(Test::Exists(true)),
        "notExist" => Ok(Test::Exists(false)),
        "eq" => compare(Comparison::Equal),
        "noteq" => compare(Comparison::NotEqual),
        "gt" => compare(Comparison::Greater),
        "gte" => compare(Comparison::AtLeast),
        "lt" => compare(Comparison::Less),
        "lte" => compare(Comparison::AtMost),
        "beginsWith" => like(Part::Beginning, name, kind, value),
        "endsWith" => like(Part::End, name, kind, value),
        "contains" => like(Part::Anywhere, name, kind, value),
        "in" | "notIn" => {
            let Some(Value::Array(values)) = value else {
                return Err(Refusal::invalid(format!(
                    "Invalid query syntax. '{op}' on {name} must have a list of values."
                )));
            };
            used.alternatives += values.len();
            let operands = values
                .iter()
                .map(|value| operand(name, kind, value))
                .collect::<Result<_, _>>()?;
            Ok(Test::Within(op == "in", operands))
        }
        _ => Err(Refusal::invalid(format!(
            "Invalid query syntax. '{op}' is not an operator."
        ))),
    }
}

fn like(part: Part, name: &str, kind: Kind, value: Option<&Value>) -> Result<Test, Refusal> {
    match (kind, value) {
        (Kind::Text, Some(Value::String(text))) => Ok(Test::Like(part, text.to_lowercase())),
        (Kind::Text, _) => Err(Refusal::invalid(format!(
            "Invalid query syntax. The value for {name} must be text."
        ))),
        (Kind::Int | Kind::Long | Kind::Double | Kind::Bool | Kind::Datetime, _) => Err(
            Refusal::invalid(format!("Invalid query syntax. {name} is not text.")),
        ),
    }
}

/// Reads a value as the kind of its field; the real database's own sentence leaks out when it is of another kind.
fn operand(name: &str, kind: Kind, value: &Value) -> Result<Operand, Refusal> {
    let number = |text: &str, type_name: &str| {
        let read = text.trim().parse().map(Operand::Number);
        read.map_err(|_| {
            Refusal::invalid(format!(
                "Conversion failed when converting varchar '{text}' to data type {type_name}"
            ))
        })
    };
    match (kind, value) {
        (_, Value::Null) => Err(Refusal::invalid(format!(
            "Invalid query syntax. The value for {name} must not be null; use notExist."
        ))),
        (Kind::Int | Kind::Long | Kind::Double, Value::Number(value)) => {
            value.as_f64().map(Operand::Number).ok_or_else(|| odd(name))
        }
        (Kind::Int | Kind::Long, Value::String(text)) => number(text, "int"),
        (Kind::Double, Value::String(text)) => number(text, "float"),
        (Kind::Bool, Value::Bool(value)) => Ok(Operand::Bool(*value)),
        (Kind::Datetime, Value::String(text)) => match parse_time(text) {
            Some(time) => Ok(Operand::time(time)),
            None => Err(Refusal::invalid(
                "Conversion failed when converting date and/or time from character string.",
            )),
        },
        (Kind::Text, Value::String(text)) => Ok(Operand::Text(text.to_lowercase())),
        (Kind::Text, Value::Number(number)) => Ok(Operand::Text(number.to_string())),
        _ => Err(odd(name)),
    }
}

fn odd(name: &str) -> Refusal {
    Refusal::invalid(format!(
        "Invalid query syntax. The value for {name} is of the wrong type."
    ))
}
