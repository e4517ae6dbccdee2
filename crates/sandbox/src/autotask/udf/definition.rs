//! The definition of a user-defined field as a record: what is refused, what the system fills in, what it means.

use super::super::row::Row;
use super::super::schema::field::Kind;
use super::super::schema::{Entity, entities, picklist};
use super::super::world::World;
use super::DEFINITIONS;

/// How many active fields an entity can have, by its label among the types.
const MOST: [(&str, usize); 9] = [
    ("Company", 200),
    ("Configuration Item", 500),
    ("Contact", 100),
    ("Contract", 50),
    ("Opportunity", 200),
    ("Product", 200),
    ("Project", 200),
    ("Task", 100),
    ("Ticket", 300),
];

/// The rules that look at more than one field of a definition, or at other definitions.
pub(in crate::autotask) fn rules(
    world: &World,
    id: i64,
    before: Option<&Row>,
    row: &Row,
) -> Vec<String> {
    let mut errors = Vec::new();
    for fixed in ["dataType", "udfType"] {
        if before.is_some_and(|before| before.get(fixed) != row.get(fixed)) {
            errors.push(format!("{fixed} cannot be changed after creation."));
        }
    }
    let (owner, name) = (label(row, "udfType"), row.text("name"));
    let others = || {
        let rows = world.rows(DEFINITIONS).filter(|(other, _)| *other != id);
        rows.filter(|(_, other)| other.get("udfType") == row.get("udfType"))
    };
    if others().any(|(_, other)| other.text("name").eq_ignore_ascii_case(name)) {
        errors.push(format!(
            "A user-defined field with the name {name} already exists for {owner}."
        ));
    }
    let most = MOST.iter().find(|(known, _)| *known == owner);
    let active = others().filter(|(_, other)| is_active(other)).count();
    if let Some((_, most)) = most
        && is_active(row)
        && active >= *most
    {
        errors.push(format!(
            "{owner} cannot have more than {most} active user-defined fields."
        ));
    }
    if row.flag("isRequired") && matches!(owner.as_str(), "Ticket" | "Task") {
        errors.push(format!(
            "isRequired must be false for a user-defined field of {owner}."
        ));
    }
    if row.flag("isEncrypted") && !row.flag("isProtected") {
        errors.push("isEncrypted must be false where isProtected is false.".to_owned());
    }
    errors
}

/// Fills what the system fills in a new definition.
pub(in crate::autotask) fn complete(row: &mut Row) {
    if row.get("isActive").is_null() {
        row.set("isActive", true);
    }
    if row.get("sortOrder").is_null() {
        row.set("sortOrder", 1);
    }
    for name in [
        "isEncrypted",
        "isFieldMapping",
        "isPrivate",
        "isProtected",
        "isRequired",
        "isVisibleToClientPortal",
    ] {
        if row.get(name).is_null() {
            row.set(name, false);
        }
    }
}

/// The entity whose records have the field; none where that is not held.
pub(super) fn owner(row: &Row) -> Option<&'static Entity> {
    let label = label(row, "udfType");
    entities().iter().find(|entity| entity.singular == label)
}

/// What the field's values are, and whether they are those of a list.
pub(super) fn kind(row: &Row) -> (Kind, bool) {
    match label(row, "dataType").as_str() {
        NUMBER => (Kind::Double, false),
        DATE => (Kind::Datetime, false),
        LIST => (Kind::Text, true),
        _ => (Kind::Text, false),
    }
}

/// The labels of the types that are not text.
pub(in crate::autotask) const NUMBER: &str = "Number";
pub(in crate::autotask) const DATE: &str = "Date";
pub(in crate::autotask) const LIST: &str = "List (Single Select)";

/// Tells whether records have the field; a new one has not been told otherwise.
pub(super) fn is_active(row: &Row) -> bool {
    row.get("isActive").as_bool().unwrap_or(true)
}

fn label(row: &Row, field: &str) -> String {
    let value = row.int(field).unwrap_or_default();
    let picklist = picklist::of(DEFINITIONS, field);
    picklist.label_of(value).unwrap_or_default().to_owned()
}
