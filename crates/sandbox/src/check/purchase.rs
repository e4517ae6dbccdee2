//! Purchase orders and purchases: a purchase's reference is the order's number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::billing::dollars;
use super::lined::{self, Meant, Pair};
use super::world::{World, text};
use super::{Agreement, Settings, Trouble, product, same};

/// Statuses of purchases of which no line is changed any more.
const CLOSED: [&str; 3] = ["received", "finish", "cancel"];

/// Compares all pairs, and misses purchases of new orders where the site has them made.
pub(super) fn check(
    world: &World<'_>,
    cards: &BTreeMap<String, String>,
    settings: &Settings,
    agreement: &mut Agreement,
) {
    let numbers = world.orders.iter();
    let numbers = numbers.map(|(id, order)| (text(order, "purchaseOrderNumber"), id));
    let purchases = ("purchase", &world.purchases);
    let pairs = lined::pairs(world, purchases, &numbers.collect(), agreement);
    for pair in &pairs {
        agreement.compared("purchases");
        compare(world, pair, cards, agreement);
    }
    let paired: BTreeSet<&String> = pairs.iter().map(|pair| pair.id).collect();
    for (id, order) in world.orders.iter().filter(|_| settings.makes("purchase")) {
        let is_wanted = cards.contains_key(&text(order, "vendorID"))
            && text(order, "cancelDateTime").is_empty()
            && settings.is_new(&same::zoned(&text(order, "submitDateTime")));
        if is_wanted && !paired.contains(id) {
            let label = format!("purchase order {}", text(order, "purchaseOrderNumber"));
            agreement.find(Trouble::Missing, &label, "it has no purchase");
        }
    }
}

fn compare(
    world: &World<'_>,
    pair: &Pair<'_>,
    cards: &BTreeMap<String, String>,
    agreement: &mut Agreement,
) {
    let vendor = text(world.orders[pair.id], "vendorID");
    // One that is on no card that is there has been told already.
    if let Some(card) = cards.get(&vendor) {
        let here = text(pair.there, "card");
        agreement.value(*card == here, &pair.label, "vendor's card", card, &here);
    }
    let items = world.ordered.iter();
    let own = items.filter(|(_, item)| text(item, "orderID") == *pair.id);
    let meant = own.map(|(id, item)| (id.clone(), line(world, item)));
    lined::lines(pair, &meant.collect(), &CLOSED, agreement);
}

fn line(world: &World<'_>, item: &Value) -> Meant {
    let product = text(item, "productID");
    let sold = world.products.get(&product);
    let memo = text(item, "memo");
    let name = sold.map(|sold| text(sold, "name")).unwrap_or_default();
    Meant {
        qty: dollars(item, "quantity"),
        price: dollars(item, "unitCost"),
        code: Some(product::stock_code(world, &product).unwrap_or_default()),
        words: if memo.is_empty() { name } else { memo },
    }
}
