//! A month's services of a contract: a period each, and an item of it; what was adjusted within the month pays for the
//! days that are left.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::item::{Sum, keep, place};
use super::{Outcome, money, whole};
use crate::autotask::row::{Row, parse_time};
use crate::autotask::schema::known;
use crate::autotask::world::{Actor, World};

const SERVICE: i64 = 9;
const SERVICE_ADJUSTMENT: i64 = 10;

/// Posts the services of `contract` for `month` (`2026-11`), once.
pub(super) fn run(world: &mut World, body: &Value, actor: Actor) -> Outcome {
    let contract = whole(body, "contract")?;
    let month = body["month"].as_str().unwrap_or_default();
    let first = NaiveDate::parse_from_str(&format!("{month}-01"), "%Y-%m-%d");
    let first = first.map_err(|_| "month must be like 2026-11".to_owned())?;
    let last = first
        .checked_add_months(Months::new(1))
        .and_then(|next| next.checked_sub_days(Days::new(1)));
    let last = last.ok_or("there is no such month")?;
    let mut made = Vec::new();
    for (service, row) in below(world, "ContractServices", contract) {
        made.extend(period(
            world,
            (service, &row),
            (contract, first, last),
            actor,
        )?);
    }
    for (adjustment, row) in below(world, "ContractServiceAdjustments", contract) {
        made.extend(adjusted(world, (adjustment, &row), (first, last), actor)?);
    }
    if made.is_empty() {
        return Err(format!(
            "contract {contract} has nothing to bill in {month}"
        ));
    }
    Ok(json!({"items": made}))
}

/// The units of a service in the month, at the price agreed on.
fn period(
    world: &mut World,
    (service, row): (i64, &Row),
    (contract, first, last): (i64, NaiveDate, NaiveDate),
    actor: Actor,
) -> Result<Option<i64>, String> {
    let start = midnight(first);
    if is_run(world, service, &start) {
        return Ok(None);
    }
    let quantity = units_on(world, service, first);
    let price = price(world, service, row, first);
    let mut unit = Row::default();
    unit.set("contractID", contract);
    unit.set("contractServiceID", service);
    unit.set("serviceID", row.get("serviceID").clone());
    unit.set("startDate", start.as_str());
    unit.set("endDate", midnight(last));
    unit.set("units", money::told(quantity));
    let total = money::times(quantity, price).ok_or("the amount is too large")?;
    unit.set("price", money::told(money::cents(total)));
    unit.set("approveAndPostDate", start.as_str());
    let period = world.insert(known("ContractServiceUnits"), unit);
    if quantity.is_zero() {
        return Ok(None);
    }
    let mut item = service_item(world, service, row);
    item.set("contractServicePeriodID", period);
    item.set("billingItemType", SERVICE);
    item.set("itemDate", start);
    keep_item(world, item, (quantity, price), actor).map(Some)
}

/// Units more or fewer, from a day of this month to its end.
fn adjusted(
    world: &mut World,
    (id, row): (i64, &Row),
    (first, last): (NaiveDate, NaiveDate),
    actor: Actor,
) -> Result<Option<i64>, String> {
    let day = effective(row);
    let is_due = day.is_some_and(|day| day > first && day <= last);
    let service = row.int("contractServiceID");
    let known_service = service.and_then(|id| world.row("ContractServices", id).cloned());
    let (true, false, Some(day), Some(service), Some(of)) =
        (is_due, is_posted(world, id), day, service, known_service)
    else {
        return Ok(None);
    };
    let change = Decimal::from(row.int("unitChange").unwrap_or_default());
    let (left, all) = (last.day() - day.day() + 1, last.day());
    let whole = price(world, service, &of, last);
    let part = money::times(whole, Decimal::from(left)).map(|sum| sum / Decimal::from(all));
    let rate = money::rate(part.ok_or("the amount is too large")?);
    let mut item = service_item(world, service, &of);
    item.set("contractServiceAdjustmentID", id);
    item.set("billingItemType", SERVICE_ADJUSTMENT);
    item.set("itemDate", midnight(day));
    keep_item(world, item, (change, rate), actor).map(Some)
}

fn is_run(world: &World, service: i64, start: &str) -> bool {
    world.rows("ContractServiceUnits").any(|(_, unit)| {
        unit.int("contractServiceID") == Some(service) && unit.text("startDate") == start
    })
}

fn is_posted(world: &World, adjustment: i64) -> bool {
    let mut items = world.rows("BillingItems");
    items.any(|(_, item)| item.int("contractServiceAdjustmentID") == Some(adjustment))
}

fn service_item(world: &World, service: i64, row: &Row) -> Row {
    let mut item = Row::default();
    place(world, &mut item, row);
    item.set("contractServiceID", service);
    item.set("subType", 1);
    item.set("nonBillable", 0);
    let of = row
        .int("serviceID")
        .and_then(|id| world.row("Services", id));
    if let Some(of) = of {
        item.set("billingCodeID", of.get("billingCodeID").clone());
        item.set("itemName", of.get("name").clone());
        let words = row.get("invoiceDescription");
        let words = if words.is_null() {
            of.get("name")
        } else {
            words
        };
        item.set("description", words.clone());
    }
    item
}

fn keep_item(
    world: &mut World,
    item: Row,
    (quantity, rate): (Decimal, Decimal),
    actor: Actor,
) -> Result<i64, String> {
    let sum = Sum {
        quantity,
        rate,
        exchange_rate: Decimal::ONE,
    };
    keep(world, item, &sum, actor).ok_or_else(|| "the amount is too large".to_owned())
}

/// How many units there are: all that was changed up to this day.
fn units_on(world: &World, service: i64, day: NaiveDate) -> Decimal {
    adjustments(world, service, day)
        .filter_map(|row| row.int("unitChange"))
        .map(Decimal::from)
        .sum()
}

/// The price of a unit: the last one agreed on up to this day, else the service's own.
fn price(world: &World, service: i64, row: &Row, day: NaiveDate) -> Decimal {
    let agreed = adjustments(world, service, day)
        .filter_map(|row| money::read(row.get("adjustedUnitPrice")))
        .last();
    let own = agreed.or_else(|| money::read(row.get("unitPrice")));
    own.unwrap_or_default()
}

fn adjustments(world: &World, service: i64, day: NaiveDate) -> impl Iterator<Item = &Row> {
    world
        .rows("ContractServiceAdjustments")
        .map(|(_, row)| row)
        .filter(move |row| row.int("contractServiceID") == Some(service))
        .filter(move |row| effective(row).is_some_and(|own| own <= day))
}

fn effective(adjustment: &Row) -> Option<NaiveDate> {
    parse_time(adjustment.text("effectiveDate")).map(|time| time.date_naive())
}

fn below(world: &World, plural: &str, contract: i64) -> Vec<(i64, Row)> {
    world
        .rows(plural)
        .filter(|(_, row)| row.int("contractID") == Some(contract))
        .map(|(id, row)| (id, row.clone()))
        .collect()
}

fn midnight(day: NaiveDate) -> String {
    format!("{}T00:00:00.000Z", day.format("%Y-%m-%d"))
}
