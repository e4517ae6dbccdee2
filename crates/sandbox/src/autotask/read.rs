//! Reading: one record, the records below one, queries and counts.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::fault::Fault;
use super::query::Query;
use super::query::page::{Cursor, Turning, page};
use super::replica::View;
use super::row::Telling;
use super::schema::{Entity, Place};
use super::udf::Udf;
use super::world::World;
use super::write::is_below;

/// What a query came with.
pub(super) struct Asked<'a> {
    /// Whether it came by GET, with the search in the address.
    pub by_get: bool,
    /// Whether another page than the first is asked for.
    pub is_turning: bool,
    /// The parts of the address after the question mark.
    pub parameters: &'a HashMap<String, String>,
    /// The body of a POST.
    pub body: &'a Value,
    /// The address of the API, for the pages around this one.
    pub base: &'a str,
}

/// What is read: the rows, and how their answer tells them.
pub(super) struct Reading<'a> {
    pub view: View<'a>,
    /// The entity's user-defined fields.
    pub udfs: &'a [Udf],
    pub telling: Telling,
}

impl<'a> Reading<'a> {
    /// What the next reader of the entity sees.
    pub(super) fn next(world: &'a mut World, entity: &Entity) -> Self {
        let telling = world.telling(entity);
        let lag = world.faults.strike(Fault::ReplicaLag);
        Self {
            view: world.view(lag.map(|lag| lag.duration())),
            udfs: world.udfs.of(entity),
            telling,
        }
    }
}

/// One record; nothing where there is none.
pub(super) fn get(
    reading: &Reading<'_>,
    entity: &Entity,
    parent: Option<i64>,
    id: i64,
) -> Option<Value> {
    let row = reading.view.row(entity.plural, id);
    let row = row.filter(|row| is_below(entity, parent, row))?;
    let telling = reading.telling.of([row].into_iter());
    Some(json!({"item": row.tell(entity, reading.udfs, telling)}))
}

/// The answer of a tenant that does not have the record.
pub(super) fn missing(world: &mut World) -> Answer {
    if world.faults.strikes(Fault::MissingId404) {
        return Err(Refusal::NoRecord);
    }
    Ok(json!({"item": null}))
}

/// The records below one.
pub(super) fn list(
    reading: &Reading<'_>,
    entity: &'static Entity,
    parent: i64,
    base: &str,
) -> Answer {
    let Place::Child { key, .. } = entity.place else {
        return Ok(nothing());
    };
    let search = json!({"filter": [{"op": "eq", "field": key, "value": parent}]});
    let query = Query::read(entity, reading.udfs, &search)?;
    let turning = Turning::Get {
        address: &address(base, entity),
        search: &search.to_string(),
    };
    page(reading, entity, &query, Cursor::Start, turning)
}

/// One page of the records asked for.
pub(super) fn query(reading: &Reading<'_>, entity: &'static Entity, asked: &Asked<'_>) -> Answer {
    let query = Query::read(entity, reading.udfs, &asked.search()?)?;
    let cursor = match asked.parameters.get("paging") {
        Some(paging) => Cursor::read(paging)?,
        None if asked.is_turning => {
            return Err(Refusal::invalid("The paging information is missing."));
        }
        None => Cursor::Start,
    };
    let address = address(asked.base, entity);
    let turning = match asked.parameters.get("search") {
        Some(search) if asked.by_get => Turning::Get {
            address: &address,
            search,
        },
        _ => Turning::Post { address: &address },
    };
    page(reading, entity, &query, cursor, turning)
}

/// How many records there are.
pub(super) fn count(reading: &Reading<'_>, entity: &'static Entity, asked: &Asked<'_>) -> Answer {
    let query = Query::read(entity, reading.udfs, &asked.search()?)?;
    let count = reading
        .view
        .rows(entity.plural)
        .filter(|(_, row)| query.wants(row))
        .count();
    Ok(json!({"queryCount": count}))
}

/// The answer of a tenant that hides the entity.
pub(super) fn nothing() -> Value {
    json!({"items": [], "pageDetails": {"count": 0, "requestCount": super::query::MOST_ROWS, "prevPageUrl": null, "nextPageUrl": null}})
}

impl Asked<'_> {
    fn search(&self) -> Result<Value, Refusal> {
        if !self.by_get {
            return Ok(self.body.clone());
        }
        let search = self
            .parameters
            .get("search")
            .ok_or_else(|| Refusal::invalid("The query must have a search parameter."))?;
        serde_json::from_str(search).map_err(|error| {
            Refusal::invalid(format!("The search parameter is not JSON: {error}."))
        })
    }
}

fn address(base: &str, entity: &Entity) -> String {
    format!("{base}/ATServicesRest/V1.0/{}", entity.plural)
}
