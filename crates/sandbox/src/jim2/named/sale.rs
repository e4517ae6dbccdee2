//! The queries about what is sold: lines of jobs, stock, invoices with their jobs and payments.

use serde_json::{Value, json};

use super::{ResultSet, date, date_or_null, keys, numbers};
use crate::jim2::api::render::decimal;
use crate::jim2::invoice::Invoice;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// `crossbill_job_lines`.
pub(super) fn lines(world: &World, list: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = numbers(list)?;
    let jobs = world.jobs.values().filter(|job| numbers.contains(&job.no));
    let rows = jobs.flat_map(|job| {
        job.stock.iter().map(|line| {
            vec![
                json!(job.no),
                json!(line.line),
                json!(line.code),
                json!(decimal(line.qty)),
                json!(decimal(line.supplied)),
                json!(decimal(line.price_excl)),
                json!(decimal(line.price_incl)),
                json!(line.description),
                json!(line.added.by),
                date(world, line.added.at),
                json!(line.modified.by),
                date(world, line.modified.at),
            ]
        })
    });
    Ok(vec![ResultSet {
        columns: &[
            ("JobNo", "int"),
            ("LineId", "int"),
            ("StockCode", "varchar"),
            ("Qty", "decimal"),
            ("SuppliedQty", "decimal"),
            ("UnitPriceTF", "money"),
            ("UnitPriceTP", "money"),
            ("Description", "varchar"),
            ("AddInit", "varchar"),
            ("AddDate", "datetime"),
            ("ModifyInit", "varchar"),
            ("ModifyDate", "datetime"),
        ],
        rows: rows.collect(),
    }])
}

/// `crossbill_stock`.
pub(super) fn stock(world: &World, list: &str) -> ResultSet {
    let wanted = keys(list);
    let is_wanted = |code: &str| wanted.iter().any(|key| key.eq_ignore_ascii_case(code));
    let found = world.stock.iter().filter(|stock| is_wanted(&stock.code));
    let rows = found.map(|stock| {
        vec![
            json!(stock.id),
            json!(stock.code),
            json!(stock.description),
            json!(stock.active),
            json!(stock.sell_tax_code()),
        ]
    });
    ResultSet {
        columns: &[
            ("StockNo", "int"),
            ("StockCode", "varchar"),
            ("Description", "varchar"),
            ("Active", "bit"),
            ("SellTaxCode", "varchar"),
        ],
        rows: rows.collect(),
    }
}

/// `crossbill_invoiced_jobs`: a row for each job of these invoices.
pub(super) fn invoiced(world: &World, numbers: &str) -> Result<Vec<ResultSet>, Refusal> {
    let numbers = super::numbers(numbers)?;
    let known = world.invoices.values();
    let known = known.filter(|invoice| numbers.contains(&invoice.no));
    let rows = known.flat_map(|invoice| invoice.jobs.iter().map(|job| row(world, invoice, *job)));
    Ok(vec![ResultSet {
        columns: &[
            ("InvNo", "int"),
            ("InvDate", "datetime"),
            ("JobNo", "int"),
            ("CustNo", "int"),
            ("Total", "money"),
            ("Tax", "money"),
            ("Paid", "money"),
            ("Credited", "money"),
            ("PaidDate", "datetime"),
        ],
        rows: rows.collect(),
    }])
}

fn row(world: &World, invoice: &Invoice, job: i64) -> Vec<Value> {
    vec![
        json!(invoice.no),
        date(world, invoice.date),
        json!(job),
        json!(invoice.customer),
        json!(decimal(invoice.total)),
        json!(decimal(invoice.tax)),
        json!(decimal(invoice.paid())),
        json!(decimal(invoice.credited)),
        date_or_null(world, invoice.paid_on()),
    ]
}
