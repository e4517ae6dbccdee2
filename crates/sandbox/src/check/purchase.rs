//! Purchase orders and purchases: a purchase's reference is the order's number, and each of its lines ends with the item that
//! it is of. Lines without such an end are people's.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::alone::FORGOTTEN;
use super::billing::dollars;
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, product, same};

/// Statuses of purchases of which no line is changed any more.
const CLOSED: [&str; 3] = ["received", "finish", "cancel"];
/// The most characters of a line's words.
const WORDS: usize = 200;

/// Compares all pairs, and misses purchases of new orders where the site has them made.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let mut numbers: BTreeMap<String, &String> = BTreeMap::new();
    for (id, order) in &world.orders {
        numbers.insert(text(order, "purchaseOrderNumber"), id);
    }
    let mut seen: BTreeMap<&String, &String> = BTreeMap::new();
    for (no, purchase) in &world.purchases {
        let our_ref = text(purchase, "ourRef");
        let label = format!("purchase {no} with the reference {our_ref}");
        let number = our_ref.rsplit_once('/').map(|(number, _)| number);
        let Some(order) = number.and_then(|number| numbers.get(number)) else {
            if world.is_made_by_us(purchase) {
                let says = format!("{FORGOTTEN} its reference is no order's number");
                agreement.find(Trouble::Missing, &label, says);
            }
            continue;
        };
        if let Some(other) = seen.insert(order, no) {
            let says = format!("purchase {other} is of the same order");
            agreement.find(Trouble::Twice, &label, says);
            continue;
        }
        agreement.compared("purchases");
        compare(world, &label, (order, purchase), cards, agreement);
    }
    for (id, order) in world.orders.iter().filter(|_| settings.makes("purchase")) {
        let is_wanted = cards.contains_key(&text(order, "vendorID"))
            && text(order, "cancelDateTime").is_empty()
            && settings.is_new(&same::zoned(&text(order, "submitDateTime")));
        if is_wanted && !seen.contains_key(id) {
            let label = format!("purchase order {}", text(order, "purchaseOrderNumber"));
            agreement.find(Trouble::Missing, &label, "it has no purchase");
        }
    }
}

fn compare(
    world: &World<'_>,
    label: &str,
    (id, purchase): (&String, &Value),
    cards: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let vendor = world.orders.get(id).map(|order| text(order, "vendorID"));
    // One that is on no card that is there has been told already.
    if let Some(card) = vendor.and_then(|vendor| cards.get(&vendor)) {
        let here = text(purchase, "card");
        agreement.value(*card == here, label, "vendor's card", card, &here);
    }
    let status = text(purchase, "status").to_lowercase();
    let is_open = !CLOSED.contains(&status.as_str());
    let mut lines: BTreeMap<String, &Value> = BTreeMap::new();
    for line in purchase["stock"].as_array().into_iter().flatten() {
        let words = text(line, "description");
        let Some((_, item)) = source(&words) else {
            continue;
        };
        if lines.insert(item.to_owned(), line).is_some() {
            let says = format!("two lines are of item {item}");
            agreement.find(Trouble::Twice, label, says);
        }
    }
    let items = world.ordered.iter();
    for (item, ordered) in items.filter(|(_, item)| text(item, "orderID") == *id) {
        match lines.remove(item) {
            Some(line) if is_open => line_of(world, label, (item, ordered), line, agreement),
            None if is_open => {
                agreement.find(Trouble::Missing, label, format!("item {item} has no line"));
            }
            Some(_) | None => {}
        }
    }
    for item in lines.keys().filter(|_| is_open) {
        let says = format!("a line is of item {item}, which the order does not have");
        agreement.find(Trouble::Strayed, label, says);
    }
}

fn line_of(
    world: &World<'_>,
    label: &str,
    (item, ordered): (&String, &Value),
    line: &Value,
    agreement: &mut Agreement,
) {
    let number = |record: &Value, name: &str| dollars(record, name).map(|one| one.round_dp(4));
    for (field, there, here) in [
        ("quantity", "quantity", "qty"),
        ("cost", "unitCost", "unitPriceTF"),
    ] {
        let (there, here) = (number(ordered, there), number(line, here));
        let told = |number: Option<Decimal>| {
            number.map_or_else(String::new, |it| it.normalize().to_string())
        };
        let field = format!("{field} of item {item}");
        agreement.value(there == here, label, &field, &told(there), &told(here));
    }
    let sold = world.products.get(&text(ordered, "productID"));
    let stock = sold.and_then(|sold| world.goods.get(&product::stock_of(sold)?));
    let (there, here) = (
        stock.map(|stock| text(stock, "code")).unwrap_or_default(),
        text(line, "stockCode"),
    );
    let field = format!("stock code of item {item}");
    agreement.value(same::case_free(&there, &here), label, &field, &there, &here);
    let memo = text(ordered, "memo");
    let name = sold.map(|sold| text(sold, "name")).unwrap_or_default();
    let there = if memo.is_empty() { name } else { memo };
    let words = text(line, "description");
    let here = source(&words).map_or(words.as_str(), |(words, _)| words);
    let field = format!("words of item {item}");
    agreement.value(same::text(&there, here, WORDS), label, &field, &there, here);
}

/// What a line says, and the item that its end names (`[autotask:30798001]`).
fn source(words: &str) -> Option<(&str, &str)> {
    let words = words.trim_end();
    let begins = words.rfind("[autotask:")?;
    let item = words[begins..]
        .strip_prefix("[autotask:")?
        .strip_suffix(']')?;
    let is_number = !item.is_empty() && item.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (words[..begins].trim_end(), item))
}
