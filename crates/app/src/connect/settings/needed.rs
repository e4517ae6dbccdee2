//! What records that may be made need and nobody could propose: told whenever making them is on, from this run or an
//! earlier one.

use std::collections::HashMap;

use domain::{Kind, System};
use serde_json::Value;
use store::mapping::Direction;

use crate::connect::{
    Kit, Report,
    pairing::{COMPANY, TICKET},
};

/// The defaults of records of a kind that are made in Autotask, and how they are chosen.
const NEEDED: [(Kind, &str, &[&str], &str); 2] = [
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
