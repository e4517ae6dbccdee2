//! The definitions of the tenant's user-defined fields: its own, and those that Crossbill keeps things in.

use super::super::row::Row;
use super::super::schema::picklist::{self, Choice};
use super::super::schema::{entity, known};
use super::super::udf::DEFINITIONS;
use super::super::udf::definition::{self, DATE, LIST, NUMBER};
use super::super::world::World;
use super::BEGINNING;

/// Puts in every field of the tenant.
pub(super) fn all(world: &mut World) {
    let crossbill = include_str!("../schema/crossbill_udfs.txt");
    let texts = [
        (include_str!("../schema/udfs.txt"), true),
        (crossbill, world.options.crossbill_udfs),
    ];
    for line in texts
        .into_iter()
        .filter(|(_, is_there)| *is_there)
        .flat_map(|(text, _)| text.lines())
    {
        one(world, line).expect("every line is one field of an entity");
    }
}

/// Puts in `Companies 29682914 Customer ranking = list Gold, Silver`; a field without `=` is text.
fn one(world: &mut World, line: &'static str) -> Option<()> {
    let (plural, rest) = line.split_once(char::is_whitespace)?;
    let (id, rest) = rest.trim_start().split_once(' ')?;
    let (name, kind) = rest.split_once(" = ").unwrap_or((rest, "text"));
    let (kind, choices) = kind.split_once(' ').unwrap_or((kind, ""));
    let kind = match kind {
        "text" => "Text (Single Line)",
        "number" => NUMBER,
        "date" => DATE,
        "list" => LIST,
        _ => return None,
    };
    let id = id.parse().ok()?;
    if kind == LIST {
        let choices = choices.split(", ").map(Choice::of).collect();
        world.udfs.fill_list(id, choices);
    }
    let number = |field: &str, label: &str| picklist::of(DEFINITIONS, field).value_of(label);
    let mut row = Row::default();
    row.set("name", name);
    row.set("udfType", number("udfType", entity(plural)?.singular)?);
    row.set("dataType", number("dataType", kind)?);
    row.set("createDate", BEGINNING);
    definition::complete(&mut row);
    world.put(known(DEFINITIONS), id, row);
    Some(())
}
