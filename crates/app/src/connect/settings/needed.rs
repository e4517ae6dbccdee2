//! What records that may be made need and nobody could propose: told whenever making them is on, from this run or an
//! earlier one.

use std::collections::HashMap;

use domain::{Kind, System};
use serde_json::Value;
use store::mapping::{Direction, Mappings};

use crate::connect::{
    Kit, Report,
    pairing::{COMPANY, STOCK, TICKET},
};

/// The defaults of records of a kind that are made in Autotask, and how they are chosen.
const NEEDED: [(Kind, &str, &[&str], &str); 3] = [
    (
        TICKET,
        "tickets made from jobs",
        &[
            "default.status",
            "default.queue",
            "default.source",
            "default.priority",
            "default.work_type",
        ],
        "connect again with --default-queue, or crossbill settings set default.… <value>",
    ),
    (
        COMPANY,
        "companies made from cards",
        &["default.owner", "default.phone"],
        "connect again with --default-owner or --default-phone, or crossbill settings set default.… <value>",
    ),
    (
        STOCK,
        "products made of stock",
        &["default.product_billing_code"],
        "connect again with --product-billing-code, or crossbill settings set default.product_billing_code <number>",
    ),
];

/// Warns of each default that is missing.
pub(super) async fn tell(kit: &Kit, report: &mut Report<'_>) -> anyhow::Result<()> {
    let stored = store::mapping::load(&kit.db).await?;
    let is_on = |kind: &Kind, system: System| {
        stored.switches.iter().any(|switch| {
            switch.kind == *kind
                && switch.direction == Direction::into_system(system)
                && switch.create_enabled
        })
    };
    for (kind, what, names, how) in NEEDED {
        let missing = missing(&stored.settings, names);
        if is_on(&kind, System::Autotask) && !missing.is_empty() {
            report.warn(format!(
                "{what} are held without {}: {how}",
                missing.join(", ")
            ))?;
        }
    }
    if is_on(&STOCK, System::Autotask) {
        tell_stock(&stored, report)?;
    }
    let has_item = stored.maps.iter().any(|map| {
        (map.list.as_str(), map.system, map.value.as_str()) == ("issueType", System::Autotask, "")
            && map.to_value.is_some()
    });
    if is_on(&TICKET, System::Jim2) && !has_item {
        report.warn(
            "tickets without an issue type are held, as nobody said which Item# their jobs get: connect again with \
             --default-item, or crossbill lookups set issueType autotask \"\" <Item#>",
        )?;
    }
    Ok(())
}

/// What of stock nobody chose.
fn tell_stock(stored: &Mappings, report: &mut Report<'_>) -> anyhow::Result<()> {
    let mut filters = stored.filters.iter();
    let has_groups =
        filters.any(|it| it.kind == STOCK && it.name == "groups" && !it.setting.is_null());
    if !has_groups {
        report.warn(
            "no products are made, as nobody said of which groups of stock: connect again with --stock-groups, or \
             crossbill filters set stock groups <groups>",
        )?;
    }
    if !missing(&stored.settings, &["stock.price_level"]).is_empty() {
        report.warn(
            "prices of products stay as they are, as nobody chose a price level: connect again with --price-level, or \
             crossbill settings set stock.price_level \"<level>\"",
        )?;
    }
    Ok(())
}

fn missing<'a>(known: &HashMap<String, Value>, names: &[&'a str]) -> Vec<&'a str> {
    let is_missing = |name: &&&str| known.get(**name).is_none_or(Value::is_null);
    names.iter().filter(is_missing).copied().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_null_or_never_chosen_is_missing() {
        let known = HashMap::from([("a".to_owned(), json!(1)), ("b".to_owned(), Value::Null)]);
        assert_eq!(missing(&known, &["a", "b", "c"]), ["b", "c"]);
    }
}
