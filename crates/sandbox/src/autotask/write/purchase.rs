//! Purchase orders: their numbers, when they were submitted and cancelled, and what was received of their items.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::row::{Row, stamp};
use super::super::world::World;

/// Statuses, as the tenant's picklist numbers them; the first of all is an order that nobody has sent.
const SUBMITTED: i64 = 2;
const CANCELLED: i64 = 5;

/// What speaks against an order, one of its items, or goods received.
pub(super) fn rules(world: &World, plural: &str, row: &Row) -> Vec<String> {
    if plural != "PurchaseOrderItemReceiving" {
        return Vec::new();
    }
    let item = row.int("purchaseOrderItemID").unwrap_or_default();
    let ordered = world.row("PurchaseOrderItems", item);
    let ordered = ordered.and_then(|item| item.int("quantity")).unwrap_or(0);
    let now = row.int("quantityNowReceiving").unwrap_or_default();
    if now < 1 || received(world, item) + now > ordered {
        return vec!["quantityNowReceiving is more than what is on order.".to_owned()];
    }
    Vec::new()
}

/// Fills what the system fills.
pub(super) fn complete(world: &World, plural: &str, row: &mut Row, now: DateTime<Utc>) {
    match plural {
        "PurchaseOrders" => {
            if row.text("purchaseOrderNumber").is_empty() {
                row.set("purchaseOrderNumber", next_number(world));
            }
            for (status, name) in [(SUBMITTED, "submitDateTime"), (CANCELLED, "cancelDateTime")] {
                if row.int("status") == Some(status) && row.get(name).is_null() {
                    row.set(name, stamp(now));
                }
            }
        }
        "PurchaseOrderItemReceiving" if row.get("receiveDate").is_null() => {
            let item = row.int("purchaseOrderItemID").unwrap_or_default();
            row.set("receiveDate", stamp(now));
            row.set(
                "quantityPreviouslyReceived",
                Value::from(received(world, item)),
            );
        }
        _ => {}
    }
}

/// What was received of an item before.
fn received(world: &World, item: i64) -> i64 {
    let rows = world.rows("PurchaseOrderItemReceiving");
    rows.filter(|(_, row)| row.int("purchaseOrderItemID") == Some(item))
        .filter_map(|(_, row)| row.int("quantityNowReceiving"))
        .sum()
}

fn next_number(world: &World) -> String {
    let numbers = world.rows("PurchaseOrders");
    let numbers =
        numbers.filter_map(|(_, row)| row.text("purchaseOrderNumber").parse::<i64>().ok());
    (numbers.max().unwrap_or(1000) + 1).to_string()
}
