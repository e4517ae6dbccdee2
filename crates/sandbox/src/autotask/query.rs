//! The query language: what the body of a query says, checked against the entity before any row is looked at.

pub(super) mod filter;
pub(super) mod page;

use serde_json::{Map, Value};

use super::answer::Refusal;
use super::row::{Row, Telling};
use super::schema::Entity;
use super::udf::{Udf, named};
use filter::{Node, reading};

/// The most rows a page can have, and how many it has when nothing is said.
pub(super) const MOST_ROWS: usize = 500;

/// What is asked of an entity.
#[derive(Debug)]
pub(super) struct Query {
    /// All of these must hold.
    pub filter: Vec<Node>,
    /// Rows a page.
    pub page_size: usize,
    include: Option<Vec<String>>,
}

impl Query {
    /// Reads the body of a query; its keys may be in any letter case.
    pub(super) fn read(
        entity: &'static Entity,
        udfs: &[Udf],
        body: &Value,
    ) -> Result<Self, Refusal> {
        let Value::Object(body) = body else {
            return Err(Refusal::invalid(
                "The query must be a JSON object with a filter.",
            ));
        };
        let Some(Value::Array(nodes)) = key(body, "filter") else {
            return Err(Refusal::invalid(
                "The query must have a filter: a list of conditions.",
            ));
        };
        Ok(Self {
            filter: reading::read((entity, udfs), nodes)?,
            page_size: page_size(body)?,
            include: include((entity, udfs), body)?,
        })
    }

    /// Tells whether a row is asked for.
    pub(super) fn wants(&self, row: &Row) -> bool {
        self.filter.iter().all(|node| node.holds(row))
    }

    /// The id above which all rows are that can be asked for, where a condition says so: who pages by ids need not have
    /// all rows before his page looked at.
    pub(super) fn above(&self) -> i64 {
        let bounds = self.filter.iter().filter_map(Node::above);
        bounds.max().unwrap_or(i64::MIN)
    }

    /// Tells whether the answer names the rows' ids.
    pub(super) fn includes_id(&self) -> bool {
        self.include
            .as_ref()
            .is_none_or(|names| names.iter().any(|name| name.eq_ignore_ascii_case("id")))
    }

    /// A row with the fields asked for; the others are absent, not null.
    pub(super) fn tell(&self, entity: &Entity, udfs: &[Udf], row: &Row, telling: Telling) -> Value {
        let mut told = row.tell(entity, udfs, telling);
        if let Some(names) = &self.include {
            let wanted = |name: &str| names.iter().any(|asked| asked.eq_ignore_ascii_case(name));
            let all_udfs = wanted("userDefinedFields");
            if let Some(Value::Array(told)) = told.get_mut("userDefinedFields") {
                told.retain(|udf| all_udfs || udf["name"].as_str().is_some_and(wanted));
            }
            let asks_for_udfs = all_udfs || names.iter().any(|name| named(udfs, name).is_some());
            told.retain(|name, _| {
                if name == "userDefinedFields" {
                    asks_for_udfs
                } else {
                    wanted(name)
                }
            });
        }
        Value::Object(told)
    }
}

/// The value of a key in any letter case.
pub(super) fn key<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn page_size(body: &Map<String, Value>) -> Result<usize, Refusal> {
    let asked = match key(body, "maxRecords") {
        None | Some(Value::Null) => return Ok(MOST_ROWS),
        Some(asked) => asked.as_u64().and_then(|asked| usize::try_from(asked).ok()),
    };
    asked
        .filter(|asked| (1..=MOST_ROWS).contains(asked))
        .ok_or_else(|| {
            Refusal::invalid(format!(
                "maxCountOfRecordsToReturn must be between 1 and {MOST_ROWS}"
            ))
        })
}

fn include(
    (entity, udfs): (&Entity, &[Udf]),
    body: &Map<String, Value>,
) -> Result<Option<Vec<String>>, Refusal> {
    let names = match key(body, "includeFields") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(names)) if names.is_empty() => return Ok(None),
        Some(Value::Array(names)) => names,
        Some(_) => {
            return Err(Refusal::invalid(
                "IncludeFields must be a list of field names.",
            ));
        }
    };
    let mut known = Vec::new();
    for name in names {
        let name = name.as_str().unwrap_or_default();
        let exists = name.eq_ignore_ascii_case("userDefinedFields")
            || entity.field(name).is_some()
            || named(udfs, name).is_some();
        if !exists {
            return Err(reading::unknown_field(entity, name));
        }
        known.push(name.to_owned());
    }
    Ok(Some(known))
}
