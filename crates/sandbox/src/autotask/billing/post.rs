//! Approving and posting, taking that back, and adjusting what was posted.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::item::{Sum, keep, place};
use super::source::{self, Source};
use super::{Outcome, money, whole};
use crate::autotask::row::{Row, stamp};
use crate::autotask::schema::known;
use crate::autotask::world::{Actor, World};

/// The `subType` of an item that is not an adjustment.
const STANDARD: i64 = 1;

/// The `subType` of an adjustment.
const ADJUSTMENT: i64 = 2;

/// The item type of labour that was adjusted.
const LABOUR_ADJUSTMENT: i64 = 2;

/// Approves and posts a record: a billing item under a new id, each time.
///
/// `rate`, `quantity` and `exchangeRate` stand in for what a contract's rates and a foreign currency would make of it.
pub(super) fn post(world: &mut World, body: &Value, actor: Actor) -> Outcome {
    let (source, id) = named(body)?;
    let row = world.row(source.entity, id);
    let row = row.ok_or_else(|| format!("there is no {} {id}", source.entity))?;
    if is_posted(world, source, id, row) {
        return Err(format!("{} {id} is posted already", source.entity));
    }
    put(world, source, id, body, actor)
}

/// The same for a record that is not posted yet, which nobody looks into again.
pub(super) fn put(
    world: &mut World,
    source: Source,
    id: i64,
    body: &Value,
    actor: Actor,
) -> Outcome {
    let row = world.row(source.entity, id).cloned();
    let row = row.ok_or_else(|| format!("there is no {} {id}", source.entity))?;
    let priced = source.price(world, &row);
    let quantity = given(body, "quantity")?.or(priced.quantity);
    let rate = given(body, "rate")?.or(priced.rate);
    let (Some(quantity), Some(rate)) = (quantity, rate) else {
        return Err(format!("{} {id} has no quantity or rate", source.entity));
    };
    let mut item = Row::default();
    place(world, &mut item, &row);
    if let Some(column) = source.column {
        item.set(column, id);
    }
    item.set("billingItemType", source.item_type);
    item.set("subType", STANDARD);
    item.set("itemDate", day_of(&row));
    item.set("nonBillable", i64::from(priced.is_non_billable));
    let sum = Sum {
        quantity,
        rate: if priced.is_non_billable {
            Decimal::ZERO
        } else {
            rate
        },
        exchange_rate: given(body, "exchangeRate")?.unwrap_or(Decimal::ONE),
    };
    let made = keep(world, item, &sum, actor).ok_or("the amount is too large")?;
    mark(world, source, id, actor, true);
    Ok(json!({"id": made}))
}

/// Takes back what was posted: the item is gone, its source can be changed again.
pub(super) fn unpost(world: &mut World, body: &Value) -> Outcome {
    let id = whole(body, "item")?;
    let item = item(world, id)?;
    if let Some(invoice) = item.int("invoiceID") {
        return Err(format!("billing item {id} is on invoice {invoice}"));
    }
    world.remove("BillingItems", id);
    if let Some((source, own)) = source::of_item(&item)
        && item.int("subType") == Some(STANDARD)
    {
        let nobody = Actor {
            resource: 0,
            impersonator: None,
        };
        mark(world, source, own, nobody, false);
    }
    Ok(json!({"id": id}))
}

/// Adds an item of its own for hours more or fewer at the rate of a posted one.
pub(super) fn adjust(world: &mut World, body: &Value, actor: Actor) -> Outcome {
    let id = whole(body, "item")?;
    let mut row = item(world, id)?;
    let quantity = given(body, "quantity")?.ok_or("an adjustment takes a quantity")?;
    let rate = given(body, "rate")?.or_else(|| money::read(row.get("rate")));
    for name in ["invoiceID", "webServiceDate", "itemDate"] {
        row.set(name, Value::Null);
    }
    if row.int("timeEntryID").is_some() {
        row.set("billingItemType", LABOUR_ADJUSTMENT);
    }
    row.set("subType", ADJUSTMENT);
    let sum = Sum {
        quantity,
        rate: rate.unwrap_or_default(),
        exchange_rate: Decimal::ONE,
    };
    let made = keep(world, row, &sum, actor).ok_or("the amount is too large")?;
    Ok(json!({"id": made}))
}

fn named(body: &Value) -> Result<(Source, i64), String> {
    let entity = body["entity"].as_str().unwrap_or_default();
    let source = source::named(entity);
    let source = source.ok_or_else(|| format!("'{entity}' are not posted"))?;
    Ok((source, whole(body, "id")?))
}

pub(super) fn item(world: &World, id: i64) -> Result<Row, String> {
    let item = world.row("BillingItems", id).cloned();
    item.ok_or_else(|| format!("there is no billing item {id}"))
}

/// A decimal of the body; a text keeps digits that a JSON number would lose.
fn given(body: &Value, name: &str) -> Result<Option<Decimal>, String> {
    let read = |value| money::read(value).ok_or_else(|| format!("{name} must be a number"));
    body.get(name).map(read).transpose()
}

fn is_posted(world: &World, source: Source, id: i64, row: &Row) -> bool {
    let names_it = |column| {
        let mut items = world.rows("BillingItems");
        items.any(|(_, item)| item.int(column) == Some(id))
    };
    row.flag("isBilled") || source.column.is_some_and(names_it)
}

/// Notes on the source that it was billed, or is not any more.
fn mark(world: &mut World, source: Source, id: i64, actor: Actor, is_posted: bool) {
    let now = stamp(world.now());
    let entity = known(source.entity);
    let Some(row) = world.row_mut(source.entity, id) else {
        return;
    };
    if source.is_charge {
        row.set("isBilled", is_posted);
    }
    for (name, value) in [
        ("billingApprovalDateTime", Value::from(now)),
        ("billingApprovalResourceID", actor.resource.into()),
    ] {
        if let Some(field) = entity.field(name) {
            row.set(field.name, if is_posted { value } else { Value::Null });
        }
    }
}

fn day_of(row: &Row) -> Value {
    let names = ["dateWorked", "datePurchased", "dateDue", "expenseDate"];
    let days = names.into_iter().map(|name| row.get(name));
    let mut days = days.filter(|day| !day.is_null());
    days.next().cloned().unwrap_or_default()
}
