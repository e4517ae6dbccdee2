//! An item of a quote as the line that it should be: what the customer would pay for it.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use crate::check::billing::dollars;
use crate::check::lined::{self, Meant};
use crate::check::product;
use crate::check::tables::{Decision, Tables};
use crate::check::world::{World, text};

/// The lists that say as which stock something is sold: a billing code with a role, as `29682801/29683387`, either alone, and
/// a type of item.
const CODES_AND_ROLES: &str = "billingCodeRoleStock";
const CODES: &str = "billingCodeStock";
const ROLES: &str = "roleStock";
const TYPES: &str = "quoteItemTypeStock";

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
    let product = text(item, "productID");
    let (name, code) = if product.is_empty() {
        (lined::coded(id), sold_as(world, item, tables))
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

/// The stock code of what is of no product: its billing code's, where it has one, else its role's, else its type's.
fn sold_as(world: &World<'_>, item: &Value, tables: &Tables) -> Option<String> {
    let role = text(item, "laborID");
    let kind = (TYPES, text(item, "quoteItemType"));
    let values = match billed(world, item) {
        Some(code) => vec![
            (CODES_AND_ROLES, format!("{code}/{role}")),
            (CODES, code),
            kind,
        ],
        None => vec![(ROLES, role), kind],
    };
    let mut codes = values
        .iter()
        .map(|(list, value)| tables.of_ticket(list, value));
    codes.find_map(|decision| match decision {
        Decision::Becomes(code) => Some(code.to_owned()),
        Decision::Left | Decision::Open => None,
    })
}

/// The billing code of a service, a bundle of them, a charge or an expense.
fn billed(world: &World<'_>, item: &Value) -> Option<String> {
    let of = |sold: Option<&&Value>| sold.map(|sold| text(sold, "billingCodeID"));
    let codes = [
        of(world.services.get(&text(item, "serviceID"))),
        of(world.bundles.get(&text(item, "serviceBundleID"))),
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
