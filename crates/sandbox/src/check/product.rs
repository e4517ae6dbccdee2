//! Products and stock: the product names the number of its stock.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::Value;

use super::alone::FORGOTTEN;
use super::billing::dollars;
use super::tables::{Decision, Tables};
use super::world::{World, text, udf};
use super::{Agreement, Settings, Trouble, same};

/// What the external id of a product begins with that names stock.
const NAMES: &str = "jim2 ";
/// The most characters that Autotask takes of a name, and of a code.
const NAME: usize = 100;
const CODE: usize = 50;
/// Decimals of an amount that Autotask keeps.
const DECIMALS: u32 = 4;
/// The list of places where stock lies.
const LOCATIONS: &str = "stockLocation";

/// Compares all pairs, and misses products of the groups that Crossbill has made others of.
pub(super) fn check(world: &World<'_>, settings: &Settings, agreement: &mut Agreement) {
    let mut named: BTreeMap<String, &String> = BTreeMap::new();
    let mut groups = BTreeSet::new();
    let shelves = Shelves::of(world);
    for (id, product) in &world.products {
        let label = format!("product {} ({id})", text(product, "name"));
        let by = text(product, "createdByResourceID");
        let is_made_by_us = world.api_resources.contains(&by);
        let Some(no) = stock_of(product) else {
            if is_made_by_us {
                agreement.find(
                    Trouble::Missing,
                    &label,
                    format!("{FORGOTTEN} it names no stock"),
                );
            }
            continue;
        };
        if let Some(other) = named.insert(no.clone(), id) {
            let says = format!("names stock {no}, and so does product {other}");
            agreement.find(Trouble::Twice, &label, says);
        }
        let Some(stock) = world.goods.get(&no) else {
            // Stock that is gone leaves a product that nobody can sell.
            if text(product, "isActive") == "true" {
                let says = format!("names stock {no}, which is not in Jim2");
                agreement.find(Trouble::Missing, &label, says);
            }
            continue;
        };
        if is_made_by_us {
            groups.extend(groups_of(stock));
        }
        agreement.compared("products");
        compare(&shelves, &label, (product, stock), settings, agreement);
        shelves.count(&label, (id, stock), &settings.tables, agreement);
    }
    for (no, stock) in world.goods.iter().filter(|_| settings.makes("stock")) {
        let is_wanted = text(stock, "active") == "true" && !groups_of(stock).is_disjoint(&groups);
        if is_wanted && !named.contains_key(no) {
            let label = format!("stock {} ({no})", text(stock, "code"));
            agreement.find(Trouble::Missing, &label, "it has no product");
        }
    }
}

/// The number of the stock that a product names.
fn stock_of(product: &Value) -> Option<String> {
    let external = text(product, "externalProductID").trim().to_lowercase();
    let number = external.strip_prefix(NAMES)?.trim();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| number.to_owned())
}

/// The code of the stock that the product with this id names.
pub(super) fn stock_code(world: &World<'_>, product: &str) -> Option<String> {
    let no = stock_of(world.products.get(product)?)?;
    world.goods.get(&no).map(|stock| text(stock, "code"))
}

fn groups_of(stock: &Value) -> BTreeSet<String> {
    let groups = stock["groups"].as_array().into_iter().flatten();
    groups.map(|group| text(group, "name")).collect()
}

fn compare(
    shelves: &Shelves<'_>,
    label: &str,
    (product, stock): (&Value, &Value),
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut words = ["shortDesc", "description", "code"]
        .map(|name| text(stock, name))
        .into_iter();
    let name = words
        .find(|words| !words.trim().is_empty())
        .unwrap_or_default();
    for (field, there, here, most) in [
        ("name", "name", name, NAME),
        ("code", "sku", text(stock, "code"), CODE),
    ] {
        let there = text(product, there);
        agreement.value(same::text(&there, &here, most), label, field, &there, &here);
    }
    let (there, here) = (
        text(product, "manufacturerProductName"),
        text(stock, "manufacturePartNumber"),
    );
    let is_same = here.trim().is_empty() || same::text(&there, &here, CODE);
    agreement.value(is_same, label, "part number", &there, &here);
    let (there, here) = (text(product, "isActive"), text(stock, "active"));
    agreement.value(there == here, label, "active", &there, &here);
    // Which price level, cost and locations a site chose is its own.
    if settings.makes("stock") {
        let is_same = told(
            product,
            "unitPrice",
            stock["prices"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(_, price)| price),
        );
        let (there, here) = (text(product, "unitPrice"), text(stock, "prices"));
        agreement.value(is_same, label, "price", &there, &here);
        let is_same = told(product, "unitCost", [&stock["lastCost"], &stock["avgCost"]]);
        let (there, here) = (text(product, "unitCost"), text(stock, "lastCost"));
        agreement.value(is_same, label, "cost", &there, &here);
    }
    let (there, here) = (udf(product, "Jim2 availability"), text(stock, "available"));
    let is_same = there.is_empty() || shelves.lie(&there, &stock["available"]);
    agreement.value(is_same, label, "availability", &there, &here);
}

/// Whether a product's amount is one of these.
fn told<'a>(product: &Value, name: &str, all: impl IntoIterator<Item = &'a Value>) -> bool {
    let kept = |amount: Decimal| amount.round_dp(DECIMALS);
    let there = dollars(product, name).map(kept);
    all.into_iter().any(|one| {
        let here = one.as_str().and_then(|one| one.parse().ok());
        here.map(kept) == there
    })
}

/// What lies where, in both systems.
struct Shelves<'a> {
    /// Jim2's locations at which anything lies.
    locations: BTreeSet<&'a String>,
    /// What Autotask counts, by product.
    counted: BTreeMap<String, Vec<&'a Value>>,
}

impl<'a> Shelves<'a> {
    fn of(world: &World<'a>) -> Self {
        let goods = world.goods.values().copied();
        let lying = goods.filter_map(|stock| stock["available"].as_object());
        let mut counted: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for item in world.counted.values().chain(world.moved.values()).copied() {
            let own = counted.entry(text(item, "productID")).or_default();
            own.push(item);
        }
        Self {
            locations: lying.flat_map(|there| there.keys()).collect(),
            counted,
        }
    }

    /// Whether each number of a text is what can be sold at some location, or everywhere together. Nothing is told of a
    /// location where none lies.
    fn lie(&self, told: &str, available: &Value) -> bool {
        let amount = |at: &&String| available[*at].as_str().and_then(|there| there.parse().ok());
        let lying = self.locations.iter();
        let lying: Vec<Decimal> = lying.map(|at| amount(at).unwrap_or_default()).collect();
        let all: Decimal = lying.iter().sum();
        let parts = told.split(',');
        let mut numbers = parts.filter_map(|part| part.split_whitespace().last().map(str::parse));
        numbers.all(|number: Result<Decimal, _>| {
            number.is_ok_and(|number| number == all || lying.contains(&number))
        })
    }

    /// Compares what Autotask counts of a product with what lies at the locations that stand for its own, where anybody has
    /// said which do and anything is counted.
    fn count(
        &self,
        label: &str,
        (id, stock): (&String, &Value),
        tables: &Tables,
        agreement: &mut Agreement,
    ) {
        let Some(counted) = self.counted.get(id).filter(|_| tables.has(LOCATIONS)) else {
            return;
        };
        let mut lying: BTreeMap<&str, Decimal> = BTreeMap::new();
        for (location, there) in stock["onHand"].as_object().into_iter().flatten() {
            let there = there
                .as_str()
                .and_then(|there| there.parse::<Decimal>().ok());
            let at = tables.of_job(LOCATIONS, location);
            if let (Decision::Becomes(at), Some(there)) = (at, there) {
                *lying.entry(at).or_default() += there;
            }
        }
        for (at, there) in lying {
            let pieces = there.trunc().max(Decimal::ZERO);
            let own = counted.iter();
            let own = own.filter(|item| text(item, "inventoryLocationID") == at);
            let on_hand = |item: &&Value| {
                dollars(item, "quantityOnHand").or_else(|| dollars(item, "onHandUnits"))
            };
            let own: Decimal = own.filter_map(on_hand).sum();
            let told = (own.to_string(), pieces.to_string());
            let field = format!("what lies at location {at}");
            agreement.value(own == pieces, label, &field, &told.0, &told.1);
        }
    }
}
