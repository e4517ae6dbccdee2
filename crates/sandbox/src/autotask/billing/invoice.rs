//! Invoices: made of a company's posted items, attached one by one where a reader is to see it half done, and voided.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::post::item;
use super::{Outcome, money, whole};
use crate::autotask::row::{Row, parse_time, stamp};
use crate::autotask::schema::known;
use crate::autotask::world::{Actor, World};

/// Makes an invoice of what is posted for `company` between `from` and `to` and on no invoice yet. Its totals are those
/// of all items at once; `attach` says how many of the items are attached now, and [`attach`] attaches the others.
pub(super) fn invoice(world: &mut World, body: &Value, actor: Actor) -> Outcome {
    let company = whole(body, "company")?;
    let (from, to) = (day(body, "from")?, day(body, "to")?);
    let chosen: Vec<(i64, Row)> = world
        .rows("BillingItems")
        .filter(|(_, item)| {
            item.int("companyID") == Some(company) && item.int("invoiceID").is_none()
        })
        .filter(|(_, item)| {
            let posted = item.text("postedDate");
            from.as_deref().is_none_or(|from| posted >= from)
                && to.as_deref().is_none_or(|to| posted <= to)
        })
        .map(|(id, item)| (id, item.clone()))
        .collect();
    if chosen.is_empty() {
        return Err(format!("company {company} has nothing to invoice"));
    }
    let sum = |name: &str| -> Decimal {
        let amounts = chosen.iter();
        amounts
            .filter_map(|(_, item)| money::read(item.get(name)))
            .sum()
    };
    let now = world.now();
    let mut row = Row::default();
    row.set("companyID", company);
    row.set("creatorResourceID", actor.resource);
    row.set("createDateTime", stamp(now));
    row.set("invoiceDateTime", stamp(now));
    row.set("fromDate", from);
    row.set("toDate", to);
    row.set("invoiceTotal", money::told(sum("totalAmount")));
    row.set("totalTaxValue", money::told(sum("taxDollars")));
    row.set("isVoided", false);
    row.set("paymentTerm", 1);
    let id = world.insert(known("Invoices"), row);
    if let Some(row) = world.row_mut("Invoices", id) {
        row.set("invoiceNumber", id.to_string());
        row.set("batchID", id);
    }
    let items = chosen.into_iter().map(|(item, _)| item).collect();
    world.unattached.insert(id, items);
    let many = body.get("attach").map_or(Ok(usize::MAX), count)?;
    put_on(world, id, many);
    Ok(json!({"id": id}))
}

/// Attaches the next `items` of an invoice that is half made.
pub(super) fn attach(world: &mut World, body: &Value) -> Outcome {
    let id = whole(body, "invoice")?;
    let many = count(&body["items"])?;
    Ok(json!({"attached": put_on(world, id, many)}))
}

/// Voids an invoice: its items are free again. With `repost` they are taken back and posted anew, under new ids.
pub(super) fn void(world: &mut World, body: &Value, actor: Actor) -> Outcome {
    let id = whole(body, "invoice")?;
    let now = stamp(world.now());
    let row = world.row_mut("Invoices", id);
    let row = row.ok_or_else(|| format!("there is no invoice {id}"))?;
    if row.flag("isVoided") {
        return Err(format!("invoice {id} is void already"));
    }
    row.set("isVoided", true);
    row.set("voidedDate", now);
    row.set("voidedByResourceID", actor.resource);
    world.unattached.remove(&id);
    let on_it: Vec<i64> = world
        .rows("BillingItems")
        .filter(|(_, item)| item.int("invoiceID") == Some(id))
        .map(|(item, _)| item)
        .collect();
    let mut items = Vec::new();
    for own in on_it {
        let mut item = item(world, own)?;
        item.set("invoiceID", Value::Null);
        items.push(if body["repost"].as_bool() == Some(true) {
            item.set("webServiceDate", Value::Null);
            world.remove("BillingItems", own);
            world.insert(known("BillingItems"), item)
        } else {
            world.put(known("BillingItems"), own, item);
            own
        });
    }
    Ok(json!({"items": items}))
}

fn put_on(world: &mut World, invoice: i64, many: usize) -> usize {
    let waiting = world.unattached.entry(invoice).or_default();
    let next: Vec<i64> = waiting.drain(..many.min(waiting.len())).collect();
    for item in &next {
        if let Some(row) = world.row_mut("BillingItems", *item) {
            row.set("invoiceID", invoice);
        }
    }
    next.len()
}

fn day(body: &Value, name: &str) -> Result<Option<String>, String> {
    match body[name].as_str() {
        None => Ok(None),
        Some(text) => parse_time(text)
            .map(|time| Some(stamp(time)))
            .ok_or_else(|| format!("{name} must be a date")),
    }
}

fn count(value: &Value) -> Result<usize, String> {
    value
        .as_u64()
        .and_then(|many| usize::try_from(many).ok())
        .ok_or_else(|| "it takes a number of items".to_owned())
}
