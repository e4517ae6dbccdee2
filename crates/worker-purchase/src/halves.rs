//! Purchase orders and purchases as halves.

use std::collections::HashMap;

use autotask::{PurchaseOrder, PurchaseOrderItem};
use domain::{Told, Value};
use jim2::Order;
use rust_decimal::Decimal;
use sync::{Half, Line, Stock, source_of, tell_lines};

/// The half that an order is, with its items. An item says its memo, else what its product is called.
pub(crate) fn order(
    order: &PurchaseOrder,
    items: &[&PurchaseOrderItem],
    names: &HashMap<i64, String>,
) -> Half {
    let number = order.purchase_order_number.get();
    let number = number.map_or("", |number| number.trim());
    let label = format!("Purchase order {number}");
    let mut half = Half::new(order.id, label.trim_end());
    let line = |item: &&PurchaseOrderItem| {
        let product = item.product_id.get().copied();
        let name = product.and_then(|id| names.get(&id));
        let text = item.memo.get().or(name).map_or("", String::as_str);
        let (qty, cost) = (amount(&item.quantity), amount(&item.unit_cost));
        let stock = product.map(Stock::Number);
        (item.id.to_string(), Line::new(stock, qty, cost, text))
    };
    tell_lines(&mut half, items.iter().map(line));
    let invoice = order.vendor_invoice_number.clone();
    half.tell("vendor_invoice", invoice.into_value());
    half.know("number", Some(Value::text(number)));
    half.know("company", order.vendor_id.clone().into_value());
    half.know("status", order.status.clone().into_value());
    half.flag("submitted", order.submit_date_time.get().is_some());
    half.flag("cancelled", order.cancel_date_time.get().is_some());
    half.flag("no_reference", order.external_po_number == Told::Empty);
    half.created_at = order.create_date_time.get().copied();
    half
}

/// The half that a purchase is, from what all orders with lines tell of themselves.
pub(crate) fn purchase(purchase: &Order, mut half: Half) -> Half {
    let came = purchase.lines.iter().filter_map(|line| {
        let (source, _) = source_of(line.description.get()?)?;
        Some((source, amount(&line.supplied_qty)))
    });
    half.tell("received", Some(quantities(came)));
    let invoice = purchase.their_ref.clone();
    half.tell("vendor_invoice", invoice.into_value());
    half
}

/// What came of each item, where anything did.
pub(crate) fn quantities(received: impl IntoIterator<Item = (String, Decimal)>) -> Value {
    let came = received.into_iter().filter(|(_, qty)| !qty.is_zero());
    let told = came.map(|(item, qty)| (item, Value::text(qty.normalize().to_string())));
    Value::Parts(told.collect())
}

fn amount(told: &Told<Decimal>) -> Decimal {
    told.get().copied().unwrap_or_default()
}
