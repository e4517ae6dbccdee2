//! Purchase orders and purchases as halves.

use std::collections::{BTreeMap, HashMap};

use autotask::{PurchaseOrder, PurchaseOrderItem};
use domain::{Told, Value};
use jim2::Purchase;
use rust_decimal::Decimal;
use sync::{Half, Line, Pointer, source_of, tell_lines};

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
        (item.id.to_string(), Line::new(product, qty, cost, text))
    };
    tell_lines(&mut half, items.iter().map(line));
    let invoice = order.vendor_invoice_number.clone();
    half.tell("vendor_invoice", invoice.into_value());
    half.know("number", Some(Value::text(number)));
    half.know("vendor", order.vendor_id.clone().into_value());
    half.know("status", order.status.clone().into_value());
    half.flag("submitted", order.submit_date_time.get().is_some());
    half.flag("cancelled", order.cancel_date_time.get().is_some());
    half.flag("no_reference", order.external_po_number == Told::Empty);
    half.created_at = order.create_date_time.get().copied();
    half
}

/// The half that a purchase is. `stock` has the numbers of stock codes, in small letters.
pub(crate) fn purchase(purchase: &Purchase, stock: &HashMap<String, i64>) -> Half {
    let mut half = Half::new(purchase.po_no, format!("Purchase {}", purchase.po_no));
    let (mut received, mut ids) = (BTreeMap::new(), BTreeMap::new());
    let mut lines = Vec::new();
    for line in &purchase.lines {
        let said = line.description.get();
        let Some((source, text)) = said.and_then(|said| source_of(said)) else {
            continue; // People add lines, and those are theirs.
        };
        let code = line.stock_code.get().map(|code| code.to_lowercase());
        let number = code.and_then(|code| stock.get(&code).copied());
        let (qty, price) = (amount(&line.qty), amount(&line.unit_price_tf));
        received.insert(source.clone(), amount(&line.supplied_qty));
        ids.insert(source.clone(), Value::Number(line.line_id));
        lines.push((source, Line::new(number, qty, price, &text)));
    }
    tell_lines(&mut half, lines);
    half.tell("received", Some(quantities(received)));
    half.tell(
        "vendor_invoice",
        purchase.vendor_inv_no.clone().into_value(),
    );
    half.know("ids", Some(Value::Parts(ids)));
    half.know("vendor", purchase.vendor_no.clone().into_value());
    half.know("status", purchase.status.clone().into_value());
    half.points_to = purchase.our_ref.get().and_then(|our_ref| pointer(our_ref));
    half.changed_at = purchase.last_modified.get().copied();
    half
}

/// What came of each item, where anything did.
pub(crate) fn quantities(received: impl IntoIterator<Item = (String, Decimal)>) -> Value {
    let came = received.into_iter().filter(|(_, qty)| !qty.is_zero());
    let told = came.map(|(item, qty)| (item, Value::text(qty.normalize().to_string())));
    Value::Parts(told.collect())
}

/// What Our Ref names: the number of an order, and which of its purchases it is.
fn pointer(our_ref: &str) -> Option<Pointer> {
    let (number, generation) = our_ref.trim().rsplit_once('/')?;
    Some(Pointer {
        to: number.into(),
        by_name: true,
        generation: generation.parse().ok()?,
    })
}

fn amount(told: &Told<Decimal>) -> Decimal {
    told.get().copied().unwrap_or_default()
}
