//! `crossbill_lists`: every list whose values a mapping needs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::ResultSet;
use crate::jim2::list;
use crate::jim2::stock;
use crate::jim2::world::World;

/// All lists, one row a value.
pub(super) fn lists(world: &World) -> ResultSet {
    let mut rows = Vec::new();
    for status in world.workflow.iter() {
        rows.push(row("JobStatus", &status.name, &status.name, true, ""));
    }
    for (name, values) in [
        ("JobType", list::JOB_TYPES),
        ("Priority", list::PRIORITIES),
        ("LabourType", list::LABOUR_TYPES),
        ("ProjectStatus", list::PROJECT_STATUSES),
        ("AssetStatus", list::ASSET_STATUSES),
        ("QuoteStatus", list::QUOTE_STATUSES),
        ("ContactType", list::CONTACT_TYPES),
    ] {
        let told = values
            .iter()
            .filter(|value| name != "Priority" || !world.priorities_gone.contains(*value));
        rows.extend(told.map(|value| row(name, value, value, true, "")));
    }
    for item in list::ITEMS {
        let kind = if item.service { "service" } else { "sales" };
        rows.push(row("Item", item.code, item.description, true, kind));
    }
    for level in stock::PRICE_LEVELS {
        rows.push(row("PriceLevel", level, level, true, ""));
    }
    for (no, name) in stock::LOCATIONS {
        rows.push(row("StockLocation", &no.to_string(), name, true, ""));
    }
    let groups: BTreeSet<&String> = world.stock.iter().flat_map(|one| &one.groups).collect();
    rows.extend(
        groups
            .into_iter()
            .map(|group| row("StockGroup", group, group, true, "")),
    );
    for card in world.cards.values() {
        if let Some(user) = &card.user {
            rows.push(row(
                "User",
                &user.initials,
                &card.name,
                card.active,
                &user.email,
            ));
        }
    }
    let users = world.cards.values().filter_map(|card| card.user.as_ref());
    for user in users.filter(|user| !user.category.is_empty()) {
        rows.push(row(
            "UserCategory",
            &user.initials,
            &user.category,
            true,
            "",
        ));
    }
    for status in world.workflow.iter() {
        let links = status.links.iter();
        rows.extend(links.map(|link| row("StatusLink", &status.name, link, true, "")));
    }
    ResultSet {
        columns: &[
            ("List", "varchar"),
            ("Code", "varchar"),
            ("Label", "varchar"),
            ("Active", "bit"),
            ("Extra", "varchar"),
        ],
        rows,
    }
}

fn row(list: &str, code: &str, label: &str, active: bool, extra: &str) -> Vec<Value> {
    vec![
        json!(list),
        json!(code),
        json!(label),
        json!(active),
        json!(extra),
    ]
}
