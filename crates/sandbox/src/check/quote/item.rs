//! An item of a quote as the line that it should be: what the customer would pay for it.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::check::billing::dollars;
use crate::check::lined::{self, Meant};
use crate::check::product;
use crate::check::tables::{Decision, Tables};
use crate::check::world::{World, text};

/// The list that says as which stock a billing code is sold.
const CODES: &str = "billingCodeStock";

/// The line of an item by the name that it has there. An item that the customer may leave has none.
pub(super) fn line(
    world: &World<'_>,
    (id, item): (&str, &Value),
    tables: &Tables,
) -> Option<(String, Meant)> {
    if text(item, "isOptional") == "true" {
        return None;
    }
    let (qty, price) = asked(item);
    let words = words(item, qty);
    let (product, billed) = (text(item, "productID"), billed(world, item));
    let billed = billed.filter(|_| product.is_empty());
    let (name, code) = if let Some(billed) = billed {
        let code = match tables.of_ticket(CODES, &billed) {
            Decision::Becomes(code) => Some(code.to_owned()),
            Decision::Left | Decision::Open => None,
        };
        (lined::coded(id), code)
    } else {
        let code = product::stock_code(world, &product).unwrap_or_default();
        (id.to_owned(), Some(code))
    };
    let meant = Meant {
        qty: Some(qty),
        price: Some(price),
        code,
        words,
    };
    Some((name, meant))
}

/// The billing code of a service, a charge or an expense.
fn billed(world: &World<'_>, item: &Value) -> Option<String> {
    let service = world.services.get(&text(item, "serviceID"));
    let codes = [
        service.map(|service| text(service, "billingCodeID")),
        Some(text(item, "chargeID")),
        Some(text(item, "expenseID")),
    ];
    codes.into_iter().flatten().find(|code| !code.is_empty())
}

/// Quantity and price each after all discounts; one of the whole amount where that is not so many times a price of four
/// decimals.
fn asked(item: &Value) -> (Decimal, Decimal) {
    let amount = |name: &str| dollars(item, name).unwrap_or_default();
    let qty = amount("quantity");
    let rest = (Decimal::ONE_HUNDRED - amount("percentageDiscount")) / Decimal::ONE_HUNDRED;
    let all = (amount("unitPrice") - amount("unitDiscount")) * rest * qty - amount("lineDiscount");
    let each = all.checked_div(qty).map(|each| each.round_dp(4));
    if let Some(each) = each.filter(|each| *each * qty == all) {
        return (qty, each);
    }
    let cents = all.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    (Decimal::ONE, cents)
}

/// Name and description, how often it is paid, and how many they are where the line cannot say so.
fn words(item: &Value, qty: Decimal) -> String {
    let (name, more) = (text(item, "name"), text(item, "description"));
    let (name, more) = (name.trim(), more.trim());
    let meant = dollars(item, "quantity").unwrap_or_default();
    let many = if meant == qty {
        String::new()
    } else {
        format!("{} x ", meant.normalize())
    };
    let period = match text(item, "periodType").to_lowercase().as_bytes().first() {
        Some(b'm') => " (monthly)",
        Some(b'q') => " (quarterly)",
        Some(b's') => " (half-yearly)",
        Some(b'y') => " (yearly)",
        Some(_) | None => "",
    };
    let more = if more == name { "" } else { more };
    format!("{many}{name}{period}\n{more}").trim().to_owned()
}
