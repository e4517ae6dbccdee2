//! The queries about what is sold: records with all their prices and what lies where.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ResultSet, date, number, numbers};
use crate::jim2::api::render::decimal;
use crate::jim2::refusal::Refusal;
use crate::jim2::stock::Stock;
use crate::jim2::world::World;

const COLUMNS: &[(&str, &str)] = &[
    ("StockNo", "int"),
    ("StockCode", "varchar"),
    ("Description", "varchar"),
    ("ShortDesc", "varchar"),
    ("DetailedDesc", "varchar"),
    ("Active", "bit"),
    ("Groups", "nvarchar"),
    ("ManufPartNumber", "varchar"),
    ("LastCost", "money"),
    ("AvgCost", "money"),
    ("SellTaxCode", "varchar"),
    ("Prices", "nvarchar"),
    ("Quantities", "nvarchar"),
    ("LastModified", "datetime"),
    ("ModifiedBy", "varchar"),
];

/// `crossbill_stock_items`.
pub(super) fn items(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let wanted: BTreeSet<i64> = numbers(list)?.into_iter().collect();
    let stock = world.stock.iter();
    Ok(vec![set(
        world,
        stock.filter(|one| wanted.contains(&one.id)),
    )])
}

/// `crossbill_stock_after`.
pub(super) fn after(world: &World, cursor: &str, max: &str) -> Result<Vec<ResultSet>, Refusal> {
    let cursor: i64 = number(cursor, 1)?;
    let max: usize = number(max, 2)?;
    let stock = world.stock.iter().filter(|one| one.id > cursor);
    Ok(vec![set(world, stock.take(max))])
}

fn set<'a>(world: &World, stock: impl Iterator<Item = &'a Stock>) -> ResultSet {
    ResultSet {
        columns: COLUMNS,
        rows: stock.map(|one| row(world, one)).collect(),
    }
}

fn row(world: &World, stock: &Stock) -> Vec<Value> {
    let prices = stock.prices().into_iter();
    let prices = prices.map(|(level, excl, incl)| {
        json!({
            "priceLevel": level, "currencyCode": "AUD", "taxCode": stock.sell_tax_code(),
            "priceExcl": decimal(excl), "priceIncl": decimal(incl),
        })
    });
    let lying = stock.quantities.iter().map(|(no, there)| {
        json!({
            "locationNo": no, "onHand": decimal(there.on_hand),
            "available": decimal(there.available()),
        })
    });
    vec![
        json!(stock.id),
        json!(stock.code),
        json!(stock.description),
        json!(stock.short),
        json!(stock.detailed),
        json!(stock.active),
        json!(json!(stock.groups).to_string()),
        json!(stock.part_number),
        json!(decimal(stock.last_cost)),
        json!(decimal(stock.average_cost)),
        json!(stock.sell_tax_code()),
        json!(Value::from(prices.collect::<Vec<_>>()).to_string()),
        json!(Value::from(lying.collect::<Vec<_>>()).to_string()),
        date(world, stock.touched()),
        json!(stock.modified.by),
    ]
}
