//! The mapping table of products.

use domain::{System, Value};
use sync::{Compare, Facts, Field, Mapped, Transform, Way};

use super::price;
use crate::{availability, inventory::INVENTORY, money};

/// One row a field. Jim2 owns each, and each goes to Autotask: stock is read-only there.
pub const FIELDS: &[Field] = &[
    Field {
        autotask_max: Some(100),
        required: true,
        ..to_autotask("name", "Name", Transform::Text)
    },
    Field {
        autotask_max: Some(2000),
        ..to_autotask("description", "Description", Transform::By(unless_blank))
    },
    Field {
        autotask_max: Some(50),
        ..to_autotask("code", "Stock code (SKU)", Transform::Text)
    },
    Field {
        autotask_max: Some(50),
        ..to_autotask(
            "part_number",
            "Manufacturer's part number",
            Transform::By(unless_blank),
        )
    },
    Field {
        compare: Compare::Exact,
        ..to_autotask("cost", "Cost", Transform::By(cost))
    },
    Field {
        compare: Compare::Exact,
        ..to_autotask("price", "Price without GST", Transform::By(price::chosen))
    },
    Field {
        compare: Compare::Exact,
        ..to_autotask("active", "Active", Transform::Same)
    },
    Field {
        compare: Compare::Exact,
        ..to_autotask(
            "availability",
            "Availability",
            Transform::By(availability::to_autotask),
        )
    },
    INVENTORY,
];

const fn to_autotask(name: &'static str, label: &'static str, back: Transform) -> Field {
    Field {
        way: Way::ToAutotask,
        owner: System::Jim2,
        forward: Transform::None,
        back,
        ..Field::text(name, label)
    }
}

/// Words that are not there empty nothing in Autotask: somebody may have written better ones.
fn unless_blank(words: &Value, _: &Facts) -> Mapped {
    let words = words.as_text().map(|words| words.replace("\r\n", "\n"));
    match words.as_deref().map(str::trim) {
        None | Some("") => Mapped::Leave,
        Some(words) => Mapped::Value(words.into()),
    }
}

/// The cost that the site chose (`stock.cost`: `last`, `average` or `none`); the last one where nobody chose.
fn cost(costs: &Value, facts: &Facts) -> Mapped {
    let chosen = facts.setting("stock.cost").unwrap_or("last");
    let amount = costs.part(chosen.trim());
    match amount.and_then(|amount| money::rounded(amount, facts)) {
        Some(amount) => Mapped::Value(amount),
        None => Mapped::Leave,
    }
}
