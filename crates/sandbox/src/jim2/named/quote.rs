//! The queries about quotes: their headers with their lines, and which have a reference.

use serde_json::json;

use super::{ResultSet, date, keys, numbers};
use crate::jim2::api::render::decimal;
use crate::jim2::order::{Kind, Order};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// `crossbill_quotes`: the headers of these quotes, and the lines of all of them.
pub(super) fn quotes(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let all = world.orders(Kind::Quote).all.values();
    let quotes: Vec<&Order> = all.filter(|quote| numbers.contains(&quote.no)).collect();
    let header = |quote: &&Order| {
        vec![
            json!(quote.no),
            json!(quote.card),
            json!(quote.status),
            json!(quote.our_ref),
            date(world, quote.modified.at),
        ]
    };
    let headers = ResultSet {
        columns: &[
            ("QuoteNo", "int"),
            ("CustNo", "int"),
            ("Status", "varchar"),
            ("OurRef", "varchar"),
            ("LastModified", "datetime"),
        ],
        rows: quotes.iter().map(header).collect(),
    };
    Ok(vec![headers, lines(&quotes)])
}

fn lines(quotes: &[&Order]) -> ResultSet {
    let rows = quotes.iter().flat_map(|quote| {
        quote.stock.iter().map(|line| {
            vec![
                json!(quote.no),
                json!(line.line),
                json!(line.code),
                json!(decimal(line.qty)),
                json!(decimal(line.price_excl)),
                json!(line.description),
            ]
        })
    });
    ResultSet {
        columns: &[
            ("QuoteNo", "int"),
            ("LineId", "int"),
            ("StockCode", "varchar"),
            ("Qty", "decimal"),
            ("UnitPriceTF", "money"),
            ("Description", "varchar"),
        ],
        rows: rows.collect(),
    }
}

/// `crossbill_quotes_by_ref`.
pub(super) fn by_reference(world: &World, list: &str) -> ResultSet {
    let wanted = keys(list);
    let all = world.orders(Kind::Quote).all.values();
    let fits = |quote: &&Order| {
        wanted
            .iter()
            .any(|key| key.eq_ignore_ascii_case(&quote.our_ref))
    };
    let row = |quote: &Order| vec![json!(quote.no), json!(quote.our_ref)];
    ResultSet {
        columns: &[("QuoteNo", "int"), ("OurRef", "varchar")],
        rows: all.filter(fits).map(row).collect(),
    }
}
