//! What the site calls its fields, and which it has.

use std::collections::{BTreeMap, BTreeSet};

use sync::Facts;

use crate::inventory;

/// The product's user-defined field for what can be sold, where nobody chose another.
pub const AVAILABILITY_UDF: &str = "Jim2 availability";

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockSettings {
    /// The user-defined fields of products that tell what lies where.
    pub udfs: Vec<String>,
    /// The locations at which Autotask counts pieces; `None` where the site does not have it count, as it costs a call.
    pub inventory: Option<BTreeSet<i64>>,
}

impl StockSettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        let mut udfs: Vec<String> = udf(facts).into_iter().map(str::to_owned).collect();
        udfs.extend(location_udfs(facts).into_values());
        udfs.sort();
        udfs.dedup();
        let inventory = inventory::kept(facts);
        Self { udfs, inventory }
    }
}

/// The field for the availability at all chosen locations (`udf.availability`); empty where the tenant has none.
pub(crate) fn udf(facts: &Facts) -> Option<&str> {
    let name = facts.setting("udf.availability");
    Some(name.unwrap_or(AVAILABILITY_UDF)).filter(|name| !name.is_empty())
}

/// The chosen locations (`stock.locations`, such as `1=Sydney, 2=Melbourne`) with their names; all where none is chosen.
pub(crate) fn locations(facts: &Facts) -> BTreeMap<i64, String> {
    let mut chosen = BTreeMap::new();
    for part in parts(facts, "stock.locations") {
        let (number, name) = part.split_once('=').unwrap_or((part, ""));
        let Ok(number) = number.trim().parse::<i64>() else {
            continue;
        };
        let name = match name.trim() {
            "" => facts.label("stockLocation", domain::System::Jim2, &number.to_string()),
            name => name.to_owned(),
        };
        chosen.insert(number, name);
    }
    chosen
}

/// The locations that have a field of their own (`stock.location_udfs`, such as `1=Available in Sydney`).
pub(crate) fn location_udfs(facts: &Facts) -> BTreeMap<i64, String> {
    let all = parts(facts, "stock.location_udfs");
    all.filter_map(|part| {
        let (number, name) = part.split_once('=')?;
        let name = Some(name.trim()).filter(|name| !name.is_empty())?;
        Some((number.trim().parse().ok()?, name.to_owned()))
    })
    .collect()
}

fn parts<'a>(facts: &'a Facts, setting: &str) -> impl Iterator<Item = &'a str> {
    let text = facts.setting(setting).unwrap_or_default();
    text.split(',').filter(|part| !part.trim().is_empty())
}
