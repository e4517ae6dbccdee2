//! The rules through [`sync::plan`], on products and stock as the clients tell them.

mod counting;
mod creating;
mod following;
mod moving;

use autotask::{Entity as _, Product};
use domain::{Cause, Key, Told};
use jim2::{StockItem, StockPrice, StockQuantity};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use sync::{Act, Known, Next, Plan, Shadow};

use super::*;
use crate::{StockSettings, halves};

/// A site that sells at the first price level and makes products of its hardware.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    facts.creates = vec![(KIND, System::Autotask)];
    facts.filters.insert(
        (KIND, "groups".to_owned()),
        json!(["Hardware", "Accessories"]),
    );
    for (name, value) in [
        ("stock.price_level", json!("1-Retail")),
        ("default.product_billing_code", json!(29_682_810)),
    ] {
        facts.settings.insert(name.to_owned(), value);
    }
    facts
}

fn is(text: &str) -> Told<String> {
    Told::Is(text.to_owned())
}

fn amount(text: &str) -> Told<Decimal> {
    Told::Is(text.parse().unwrap())
}

fn price(level: &str, tax: &str, excl: &str) -> StockPrice {
    StockPrice {
        level: level.to_owned(),
        currency: is("AUD"),
        tax_code: is(tax),
        excl: amount(excl),
    }
}

fn lying(location_no: i64, available: &str) -> StockQuantity {
    StockQuantity {
        location_no,
        on_hand: amount("99"),
        available: amount(available),
    }
}

/// Stock 7 of the group Hardware.
fn drive() -> StockItem {
    StockItem {
        stock_no: 7,
        code: is("SSD.1TB"),
        description: is("Solid state drive 1 TB, SATA"),
        short_desc: is("Solid state drive 1 TB"),
        detailed_desc: is("Solid state drive.\r\nFive years of warranty."),
        active: Told::Is(true),
        groups: Told::Is(vec!["Hardware".to_owned(), "Disks".to_owned()]),
        part_number: is("AST-SSD1"),
        last_cost: amount("92.3800"),
        avg_cost: amount("89.4"),
        sell_tax_code: is("G"),
        prices: Told::Is(vec![
            price("1-Retail", "G", "149.0000"),
            price("2-Trade", "G", "134.1000"),
        ]),
        quantities: Told::Is(vec![lying(1, "5.0000"), lying(2, "0.0000")]),
        ..StockItem::default()
    }
}

/// The product that the drive becomes.
fn product(changes: Json) -> Half {
    let mut told = json!({
        "id": 29_690_001, "name": "Solid state drive 1 TB",
        "description": "Solid state drive.\nFive years of warranty.", "sku": "SSD.1TB",
        "externalProductID": "Jim2 7", "manufacturerProductName": "AST-SSD1", "unitCost": 92.38,
        "unitPrice": 149.0, "isActive": true,
        "userDefinedFields": [{"name": "Jim2 availability", "value": "5"}],
    });
    if let Json::Object(changes) = changes {
        for (name, value) in changes {
            told[name] = value;
        }
    }
    let mut product: Product = serde_json::from_value(told).unwrap();
    product.read_by_id();
    halves::of_product(&product, &StockSettings::of(&facts()))
}

fn planned(autotask: Option<Half>, jim2: Option<Half>, shadow: Option<Shadow>) -> Plan {
    planned_with(autotask, jim2, shadow, &facts())
}

fn planned_with(
    autotask: Option<Half>,
    jim2: Option<Half>,
    shadow: Option<Shadow>,
    facts: &Facts,
) -> Plan {
    let known = Known {
        autotask_id: autotask.as_ref().map(|half| half.id.clone()),
        jim2_id: jim2.as_ref().map(|half| half.id.clone()),
        autotask,
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    };
    sync::plan(&StockRules, &known, facts)
}

/// The shadow of the pair above once it is in step.
fn agreed() -> Shadow {
    let plan = planned(
        Some(product(json!({}))),
        Some(halves::of_stock(&drive())),
        None,
    );
    assert_eq!(plan.next, Next::InStep, "{plan:?}");
    plan.shadow
}

/// What is written on the product, by field; nothing is ever written on stock.
fn written(plan: &Plan) -> Fields {
    let mut all = Fields::new();
    let is_due = |act: &&Act| !matches!(act, Act::Refer { to: None, .. });
    for act in plan.acts.iter().filter(is_due) {
        assert_eq!(act.on(), System::Autotask, "{act:?}");
        all.extend(act.fields().cloned().unwrap_or_default());
    }
    all
}
