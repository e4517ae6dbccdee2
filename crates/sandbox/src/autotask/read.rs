//! Reading: one record, the records below one, queries and counts.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::query::Query;
use super::query::page::{Cursor, Turning, page};
use super::row::Telling;
use super::schema::{Entity, Place};
use super::world::World;
use super::write::below;

/// What a query came with.
pub(super) struct Asked<'a> {
    /// Whether it came by GET, with the search in the address.
    pub by_get: bool,
    /// The parts of the address after the question mark.
    pub parameters: &'a HashMap<String, String>,
    /// The body of a POST.
    pub body: &'a Value,
    /// The address of the API, for the pages around this one.
    pub base: &'a str,
}

/// One record, or nothing.
pub(super) fn get(world: &World, entity: &Entity, parent: Option<i64>, id: i64) -> Answer {
    match below(world, entity, parent, id) {
        None if world.options.missing_id_404 => Err(Refusal::NoRecord),
        None => Ok(json!({"item": null})),
        Some(row) => {
            let without_udfs = world.options.omit_empty_udfs && row.udfs.is_empty();
            Ok(json!({"item": row.tell(entity, Telling { without_udfs, ..world.telling() })}))
        }
    }
}

/// The records below one.
pub(super) fn list(world: &World, entity: &'static Entity, parent: i64, base: &str) -> Answer {
    let Place::Child { key, .. } = entity.place else {
        return Ok(nothing());
    };
    let search = json!({"filter": [{"op": "eq", "field": key, "value": parent}]});
    let query = Query::read(entity, &search)?;
    let turning = Turning::Get {
        address: &address(base, entity),
        search: &search.to_string(),
    };
    page(world, entity, &query, Cursor::Start, turning)
}

/// One page of the records asked for.
pub(super) fn query(world: &World, entity: &'static Entity, asked: &Asked<'_>) -> Answer {
    let query = Query::read(entity, &asked.search()?)?;
    let cursor = asked
        .parameters
        .get("paging")
        .map_or(Ok(Cursor::Start), |paging| Cursor::read(paging))?;
    let address = address(asked.base, entity);
    let turning = match asked.parameters.get("search") {
        Some(search) if asked.by_get => Turning::Get {
            address: &address,
            search,
        },
        _ => Turning::Post { address: &address },
    };
    page(world, entity, &query, cursor, turning)
}

/// How many records there are.
pub(super) fn count(world: &World, entity: &'static Entity, asked: &Asked<'_>) -> Answer {
    let query = Query::read(entity, &asked.search()?)?;
    let count = world
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
