//! What the site calls its fields, and which it has.

use std::collections::{BTreeMap, BTreeSet};

use sync::Facts;

use crate::inventory;

/// The product's user-defined field for what can be sold, where nobody chose another.
pub const AVAILABILITY_UDF: &str = "Jim2 availability";

/// What Autotask counts with (`stock.inventory`), as `connect` finds out.
pub const EDITION: &str = "stock.inventory";

/// The edition of a tenant's inventory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edition {
    /// Inventory items, whose count is set.
    #[default]
    Items,
    /// Inventory products, whose pieces are moved.
    Products,
}

impl Edition {
    /// The words of the setting.
    pub const WORDS: [(&'static str, Self); 2] =
        [("items", Self::Items), ("products", Self::Products)];

    /// What the site has.
    pub(crate) fn of(facts: &Facts) -> Self {
        let word = facts.setting(EDITION).map(str::trim);
        let known = Self::WORDS.iter().find(|(known, _)| Some(*known) == word);
        known.map_or_else(Self::default, |(_, edition)| *edition)
    }
}

/// How Autotask is told to reckon with pieces that come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reckoning {
    /// `determineCostUsing` (`stock.inventory_cost_using`): the cost that is sent.
    pub cost_using: i64,
    /// `determineNewPriceUsing` (`stock.inventory_price_using`): the product's price stays as it is.
    pub price_using: i64,
    /// `reasonForUpdate` (`stock.inventory_reason`), which a tenant may ask for.
    pub reason: String,
}

impl Reckoning {
    fn of(facts: &Facts) -> Self {
        let usual = Self::default();
        let number = |name: &str| facts.number(name);
        Self {
            cost_using: number("stock.inventory_cost_using").unwrap_or(usual.cost_using),
            price_using: number("stock.inventory_price_using").unwrap_or(usual.price_using),
            reason: facts
                .setting("stock.inventory_reason")
                .map_or(usual.reason, str::to_owned),
        }
    }
}

impl Default for Reckoning {
    /// What the numbers stand for no document of Autotask's that we have tells; a tenant's metadata does.
    fn default() -> Self {
        Self {
            cost_using: 4,
            price_using: 3,
            reason: "As counted in Jim2".to_owned(),
        }
    }
}

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockSettings {
    /// The user-defined fields of products that tell what lies where.
    pub udfs: Vec<String>,
    /// The locations at which Autotask counts pieces; `None` where the site does not have it count, as it costs a call.
    pub inventory: Option<BTreeSet<i64>>,
    /// What it counts them with.
    pub edition: Edition,
    /// How it is to reckon with pieces that come.
    pub reckoning: Reckoning,
}

impl StockSettings {
    /// The settings that a snapshot of the mappings holds, with the defaults for the rest.
    pub fn of(facts: &Facts) -> Self {
        let mut udfs: Vec<String> = udf(facts).into_iter().map(str::to_owned).collect();
        udfs.extend(location_udfs(facts).into_values());
        udfs.sort();
        udfs.dedup();
        let inventory = inventory::kept(facts);
        Self {
            udfs,
            inventory,
            edition: Edition::of(facts),
            reckoning: Reckoning::of(facts),
        }
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
