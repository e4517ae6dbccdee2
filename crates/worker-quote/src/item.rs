//! An item of a quote as a line: what the customer pays for it. Pure.
//!
//! No page says how Autotask reckons discounts. Taken here: the unit discount comes off the unit price, the percentage
//! (10 is ten per cent) off what is left, and the discount of the line off the whole.

use autotask::QuoteItem;
use domain::Told;
use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};
use sync::{CODED, ItemType, Line, Sold, Stock};

/// The line of an item with its source, where `code` is the billing code of a service or of a bundle, which is one line as
/// it is one item. An optional item is none: Autotask leaves it out of the quote's total too, until the customer takes it.
pub(crate) fn line(item: &QuoteItem, code: Option<i64>) -> Option<(String, Line)> {
    if item.is_optional == Told::Is(true) {
        return None;
    }
    let (source, stock) = match item.product_id.get() {
        Some(product) => (item.id.to_string(), Stock::Number(*product)),
        None => (format!("{}{CODED}", item.id), Stock::Sold(sold(item, code))),
    };
    let (qty, price) = offered(item);
    let counted = match amount(&item.quantity) {
        all if all == qty => String::new(),
        all => format!("{} x ", all.normalize()),
    };
    let name = item.name.get().map_or("", |name| name.trim());
    let more = item.description.get().map_or("", |text| text.trim());
    let more = if more == name { "" } else { more };
    let text = format!("{counted}{name}{}\n{more}", period(item));
    Some((source, Line::new(Some(stock), qty, price, &text)))
}

/// What an item without a product says of what it is: labour its role, shipping only its type.
fn sold(item: &QuoteItem, code: Option<i64>) -> Sold {
    let charge = item.charge_id.get().or(item.expense_id.get());
    let kind = item.quote_item_type.get();
    Sold {
        billing_code: code.or(charge.copied()),
        role: item.labor_id.get().copied(),
        item_type: kind.copied().map(ItemType::Offered),
    }
}

/// Quantity, and dollars a unit without tax. Where the total does not divide into units at the four decimals that Jim2
/// keeps, it is one unit of the total, to the cent.
fn offered(item: &QuoteItem) -> (Decimal, Decimal) {
    let qty = amount(&item.quantity);
    let less = Decimal::ONE - amount(&item.percentage_discount) / Decimal::ONE_HUNDRED;
    let unit = (amount(&item.unit_price) - amount(&item.unit_discount)) * less;
    let off = amount(&item.line_discount);
    let each = off.checked_div(qty).map(|off| unit - off);
    if let Some(each) = each.filter(|each| *each == each.round_dp(4)) {
        return (qty, each);
    }
    let total = (unit * qty - off).round_dp_with_strategy(2, MidpointAwayFromZero);
    (Decimal::ONE, total)
}

/// How often it is paid, where more than once: Jim2's quotes know of no periods. Values of the list begin alike everywhere.
fn period(item: &QuoteItem) -> &'static str {
    let told = item.period_type.get().map_or("", |told| told.trim());
    match told.chars().next().map(|it| it.to_ascii_lowercase()) {
        Some('m') => " (monthly)",
        Some('q') => " (quarterly)",
        Some('s') => " (half-yearly)",
        Some('y') => " (yearly)",
        Some(_) | None => "",
    }
}

fn amount(told: &Told<Decimal>) -> Decimal {
    told.get().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
