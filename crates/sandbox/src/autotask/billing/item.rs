//! One billing item: what is billed to whom, and its tax.

use rust_decimal::Decimal;
use serde_json::Value;

use super::money;
use crate::autotask::row::{Row, stamp};
use crate::autotask::schema::known;
use crate::autotask::world::{Actor, World};

/// The category of what is free of GST; everything else has it.
pub(in crate::autotask) const TAX_FREE: i64 = 2;

/// What a billing item says of money.
pub(super) struct Sum {
    pub quantity: Decimal,
    /// Dollars before tax, to four decimals.
    pub rate: Decimal,
    /// What a dollar of the item's currency is in the provider's own.
    pub exchange_rate: Decimal,
}

/// Fills what the records around the source say: where it hangs, who pays, under what code.
pub(super) fn place(world: &World, item: &mut Row, source: &Row) {
    for name in [
        "billingCodeID",
        "contractID",
        "projectID",
        "purchaseOrderNumber",
        "roleID",
        "serviceID",
        "taskID",
        "ticketID",
    ] {
        item.set(name, source.get(name).clone());
    }
    if let Some(task) = above(world, item, "taskID", "Tasks") {
        item.set("projectID", task.get("projectID").clone());
    }
    if let Some(product) = above(world, source, "productID", "Products")
        && item.get("billingCodeID").is_null()
    {
        item.set("billingCodeID", product.get("productBillingCodeID").clone());
    }
    if let Some(ticket) = above(world, item, "ticketID", "Tickets") {
        for name in ["contractID", "projectID", "purchaseOrderNumber"] {
            if item.get(name).is_null() {
                item.set(name, ticket.get(name).clone());
            }
        }
    }
    let owner = [
        ("ticketID", "Tickets"),
        ("projectID", "Projects"),
        ("contractID", "Contracts"),
    ];
    let company = owner
        .into_iter()
        .filter_map(|(column, plural)| above(world, item, column, plural))
        .find_map(|row| row.int("companyID"));
    item.set("companyID", company.or_else(|| source.int("companyID")));
    item.set("itemName", source_name(source));
    item.set("description", source_words(source));
}

/// Puts money and dates on an item and keeps it; answers its id.
pub(super) fn keep(world: &mut World, mut item: Row, sum: &Sum, actor: Actor) -> Option<i64> {
    let extended = money::cents(money::times(sum.quantity, sum.rate)?);
    let tax = money::cents(money::times(extended, tax_rate(world, &item))?);
    let amounts: [(&'static str, &'static str, Decimal); 4] = [
        ("rate", "internalCurrencyRate", money::rate(sum.rate)),
        ("extendedPrice", "internalCurrencyExtendedPrice", extended),
        ("taxDollars", "internalCurrencyTaxDollars", tax),
        ("totalAmount", "internalCurrencyTotalAmount", extended + tax),
    ];
    for (own, internal, amount) in amounts {
        item.set(own, money::told(amount));
        let amount = money::times(amount, sum.exchange_rate)?;
        item.set(internal, money::told(money::rate(amount)));
    }
    item.set("quantity", money::told(sum.quantity));
    let now = world.now();
    let day = now.format("%Y-%m-%dT00:00:00.000Z").to_string();
    item.set("postedDate", day.as_str());
    item.set("postedOnTime", stamp(now));
    if item.get("itemDate").is_null() {
        item.set("itemDate", day);
    }
    item.set("itemApproverID", actor.resource);
    Some(world.insert(known("BillingItems"), item))
}

/// A tenth, unless the company or the billing code is free of it.
fn tax_rate(world: &World, item: &Row) -> Decimal {
    let company = above(world, item, "companyID", "Companies");
    let is_exempt = company.is_some_and(|company| company.flag("isTaxExempt"));
    let code = above(world, item, "billingCodeID", "BillingCodes");
    let is_free = code.and_then(|code| code.int("taxCategoryID")) == Some(TAX_FREE);
    if is_exempt || is_free {
        Decimal::ZERO
    } else {
        Decimal::new(1, 1)
    }
}

fn above<'a>(world: &'a World, row: &Row, column: &str, plural: &str) -> Option<&'a Row> {
    world.row(plural, row.int(column)?)
}

fn source_name(source: &Row) -> Value {
    let names = ["name", "title", "summaryNotes", "description"];
    let text = names.into_iter().map(|name| source.text(name));
    let text = text.into_iter().find(|text| !text.is_empty());
    let text = text.map(|text| text.chars().take(255).collect::<String>());
    text.into()
}

fn source_words(source: &Row) -> Value {
    let names = ["summaryNotes", "description", "name", "title"];
    let text = names.into_iter().map(|name| source.text(name));
    let text = text.into_iter().find(|text| !text.is_empty());
    let text = text.map(|text| text.chars().take(2000).collect::<String>());
    text.into()
}
