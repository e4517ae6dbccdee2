//! Records of the two systems as halves. Pure.

use std::collections::BTreeMap;

use autotask::{Entity as _, Product};
use domain::{Told, Value};
use jim2::{StockItem, StockPrice, StockQuantity};
use rust_decimal::Decimal;
use sync::{Half, Pointer};

use crate::{StockSettings, inventory::INVENTORY, money, reference};

/// What prices are told in. Others are not carried.
const HOME: &str = "AUD";

/// What parts a price is named by: its level and its tax code.
pub(crate) const BETWEEN: char = '|';

/// A product of Autotask.
pub(crate) fn of_product(product: &Product, settings: &StockSettings) -> Half {
    let label = product.name.get().filter(|name| !name.trim().is_empty());
    let label = label.map_or_else(
        || format!("Product {}", product.id),
        |name| name.trim().to_owned(),
    );
    let mut half = Half::new(product.id, label);
    half.tell("name", product.name.clone().into_value());
    half.tell("description", product.description.clone().into_value());
    half.tell("code", product.sku.clone().into_value());
    half.tell(
        "part_number",
        product.manufacturer_product_name.clone().into_value(),
    );
    half.tell("cost", product.unit_cost.clone().into_value());
    half.tell("price", product.unit_price.clone().into_value());
    half.tell("active", product.is_active.clone().into_value());
    half.tell("availability", availability(product, settings));
    half.know("vendor", product.default_vendor_id.clone().into_value());
    half.flag("serialized", product.is_serialized == Told::Is(true));
    let external = product.external_product_id.clone().into_value();
    if let Some(external) = external {
        half.points_to = external
            .as_text()
            .and_then(reference::named)
            .map(|to| Pointer {
                to,
                by_name: false,
                generation: 1,
            });
        half.facts.insert("reference", external);
    }
    half
}

/// All fields for it, where each was told: they are one value.
fn availability(product: &Product, settings: &StockSettings) -> Option<Value> {
    let told = settings.udfs.iter().map(|name| {
        let told = product.udf(name).into_value()?;
        Some((name.clone(), money::plain(told)))
    });
    let told: BTreeMap<String, Value> = told.collect::<Option<_>>()?;
    (!told.is_empty()).then_some(Value::Parts(told))
}

/// A stock record of Jim2. It names no product: Jim2 has no field for that.
pub(crate) fn of_stock(stock: &StockItem) -> Half {
    let code = stock.code.get().map_or("", |code| code.trim());
    let name = first([&stock.short_desc, &stock.description, &stock.code]);
    let words = name.as_ref().and_then(Value::as_text).unwrap_or_default();
    let mut half = Half::new(stock.stock_no, format!("{code} {words}").trim());
    half.tell("name", name.clone());
    let long = first([&stock.detailed_desc, &stock.description]);
    // What is said already is not said twice.
    let says_more = |long: &Value| Some(long) != name.as_ref();
    half.tell(
        "description",
        long.map(|long| if says_more(&long) { long } else { Value::Empty }),
    );
    half.tell("code", stock.code.clone().into_value());
    half.tell("part_number", stock.part_number.clone().into_value());
    half.tell("cost", costs(stock));
    half.tell("price", told(&stock.prices).map(prices));
    half.tell("active", stock.active.clone().into_value());
    half.tell("availability", told(&stock.quantities).map(quantities));
    half.tell(INVENTORY.name, told(&stock.quantities).map(on_hand));
    let groups = told(&stock.groups).map(|groups| groups.join("\n"));
    half.facts.extend(
        [
            ("groups", groups.map(Value::text)),
            ("code", stock.code.clone().into_value()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?))),
    );
    half
}

/// The first of these that says something; `None` where none of them was told.
fn first<const N: usize>(texts: [&Told<String>; N]) -> Option<Value> {
    let said = texts.iter().filter_map(|text| text.get());
    let said = said.map(|text| text.trim()).find(|text| !text.is_empty());
    let is_told = texts.iter().any(|text| text.is_told());
    said.map(Value::from)
        .or_else(|| is_told.then_some(Value::Empty))
}

/// What it cost, by the words of the setting that chooses one.
fn costs(stock: &StockItem) -> Option<Value> {
    let is_told = stock.last_cost.is_told() || stock.avg_cost.is_told();
    let value = |cost: &Told<Decimal>| cost.clone().into_value().unwrap_or(Value::Empty);
    is_told.then(|| {
        Value::parts([
            ("last", value(&stock.last_cost)),
            ("average", value(&stock.avg_cost)),
        ])
    })
}

/// Prices by level and tax code. A currency that is not told is our own.
fn prices(prices: &[StockPrice]) -> Value {
    let ours = prices.iter().filter(|price| {
        let currency = price.currency.get();
        currency.is_none_or(|currency| currency.trim().eq_ignore_ascii_case(HOME))
    });
    let named = ours.map(|price| {
        let tax = price.tax_code.get().map_or("", |tax| tax.trim());
        let name = format!("{}{BETWEEN}{tax}", price.level.trim());
        let amount = price.excl.clone().into_value().unwrap_or(Value::Empty);
        (name, amount)
    });
    Value::Parts(named.collect())
}

fn quantities(lying: &[StockQuantity]) -> Value {
    let there = lying.iter().filter_map(|one| {
        let there = one.available.get().or(one.on_hand.get())?;
        Some((one.location_no.to_string(), Value::from(*there)))
    });
    Value::Parts(there.collect())
}

/// What is there, whether it can be sold or not.
fn on_hand(lying: &[StockQuantity]) -> Value {
    let there = lying.iter().filter_map(|one| {
        let there = one.on_hand.get().or(one.available.get())?;
        Some((one.location_no.to_string(), Value::from(*there)))
    });
    Value::Parts(there.collect())
}

/// The list, where one was told.
fn told<T>(list: &Told<Vec<T>>) -> Option<&[T]> {
    list.get().map(Vec::as_slice)
}
