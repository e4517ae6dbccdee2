//! Purchase orders and purchases. There are no webhooks for orders: sweeps find them, or the tests tell of them.

use domain::{Key, Kind};
use sandbox::jim2::Options;
use serde_json::{Value, json};

use crate::{
    lined::{DRIVE, wanting},
    system::{LATER, Site, System, eventually, only_if, text},
};

const PURCHASE: Kind = Kind::new("purchase");

#[tokio::test(flavor = "multi_thread")]
async fn a_submitted_order_becomes_one_purchase_whose_lines_follow_the_items() {
    let system = buying(Site::default()).await;
    let (order, item) = system.order(2).await;
    for _ in 0..2 {
        system.tell_of_order(order).await;
    }
    system.has_lines("Purchase", &["2"]).await;
    system.quiet().await;
    let purchase = system.only_lined("Purchase").await;
    let (_, card) = system.hands.customer().await;
    let number = text(&system.order_of(order).await, "purchaseOrderNumber");
    assert_eq!(text(&purchase, "ourRef"), format!("{number}/1"));
    assert_eq!(purchase["card"], card);
    assert_eq!(text(&purchase["stock"][0], "stockCode"), "SSD.1TB");
    assert_eq!(text(&purchase["stock"][0], "unitPriceTF"), "74.5000");
    let theirs = json!({"no": purchase["id"], "stockCode": "CABLE.CAT6", "qty": 9});
    system.hands.create_in_jim2("PurchaseStock", theirs).await;
    assert_eq!(
        text(&system.order_of(order).await, "externalPONumber"),
        text(&purchase, "id")
    );

    let set = json!({"quantity": 5});
    system
        .hands
        .edit_in_autotask("PurchaseOrderItems", item, set)
        .await;
    system.item_of(order, 1).await;
    system.tell_of_order(order).await;
    system.has_lines("Purchase", &["1", "5", "9"]).await;
    system
        .hands
        .delete_in_autotask("PurchaseOrderItems", item)
        .await;
    system.tell_of_order(order).await;
    system.has_lines("Purchase", &["1", "9"]).await;
    system.quiet().await;
    assert_eq!(system.lined("Purchase").await.len(), 1);
    // Its drive was linked while no price level was chosen.
    assert_eq!(
        system.agrees_on(&["purchase"]).await.compared["purchases"],
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_takes_lines_at_once_gets_each_once_too() {
    let mut site = Site::default();
    site.jim2 = Options {
        create_lines: true,
        ..site.jim2
    };
    let system = buying(site).await;
    let (order, _) = system.order(2).await;
    system.item_of(order, 7).await;
    for _ in 0..2 {
        system.tell_of_order(order).await;
    }
    system.has_lines("Purchase", &["2", "7"]).await;
    system.quiet().await;
    system.has_lines("Purchase", &["2", "7"]).await;
    let settings = system.crossbill(&["settings", "list"]).await;
    assert!(!settings.contains("\"lines\""), "{settings}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_half_way_through_an_order_writes_no_line_twice() {
    let system = buying(Site::default()).await;
    let (order, _) = system.order(2).await;
    for qty in [3, 4] {
        system.item_of(order, qty).await;
    }
    system.tell_of_order(order).await;
    system.dies_at_writes().await;
    system.has_lines("Purchase", &["2", "3", "4"]).await;
    system.quiet().await;
    system.has_lines("Purchase", &["2", "3", "4"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_what_is_changed_in_it_later_are_found_by_sweeps() {
    let system = buying(Site::default()).await;
    let (order, item) = system.order(2).await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.has_lines("Purchase", &["2"]).await;
    system.item_of(order, 7).await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.has_lines("Purchase", &["2", "7"]).await;
    let set = json!({"quantity": 3});
    system
        .hands
        .edit_in_autotask("PurchaseOrderItems", item, set)
        .await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.has_lines("Purchase", &["3", "7"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_and_the_vendors_invoice_go_back_only_where_the_site_wants_it() {
    let system = buying(Site::default()).await;
    let (order, _) = system.order(5).await;
    system.tell_of_order(order).await;
    system.has_lines("Purchase", &["5"]).await;
    system.quiet().await;
    system.receive_purchase("2", "INV-7").await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.quiet().await;
    assert!(system.receivings().await.is_empty());

    for field in ["received", "vendor_invoice"] {
        system
            .crossbill(&["mapping", "set", "purchase", field, "--way", "to-autotask"])
            .await;
    }
    system.receive_purchase("3", "INV-8").await;
    for _ in 0..2 {
        system.crossbill(&["sweep", "purchase"]).await;
    }
    eventually(LATER, "the order has both", async || {
        let order = system.order_of(order).await;
        let came = system.receivings().await;
        let came: i64 = came
            .iter()
            .filter_map(|it| it["quantityNowReceiving"].as_i64())
            .sum();
        let both = came == 3 && text(&order, "vendorInvoiceNumber") == "INV-8";
        only_if(both, format!("{came} {order}"))
    })
    .await;
    system.quiet().await;
    let came = system.receivings().await;
    assert_eq!(came.len(), 1, "each piece once: {came:?}");
}

/// A site that wants purchases, and whose drive is paired with its stock.
async fn buying(site: Site) -> System {
    wanting("purchase", site).await
}

impl System {
    /// Somebody submits an order of so many drives; the order and its item.
    async fn order(&self, qty: i64) -> (i64, i64) {
        let (vendor, _) = self.hands.customer().await;
        let set = json!({
            "vendorID": vendor, "status": 2, "shipToName": "Depot", "shipToAddress1": "1 Dock Road",
        });
        let order = self.hands.create_in_autotask("PurchaseOrders", set).await;
        (order, self.item_of(order, qty).await)
    }

    async fn item_of(&self, order: i64, qty: i64) -> i64 {
        let set = json!({
            "orderID": order, "productID": DRIVE, "quantity": qty, "unitCost": 74.5,
            "inventoryLocationID": 1,
        });
        self.hands
            .create_in_autotask("PurchaseOrderItems", set)
            .await
    }

    async fn tell_of_order(&self, order: i64) {
        let key = Key::new(PURCHASE, domain::System::Autotask, order);
        self.tell_of(key).await;
    }

    /// So much of the first line comes, with that invoice.
    async fn receive_purchase(&self, qty: &str, invoice: &str) {
        let no = text(&self.only_lined("Purchase").await, "id");
        let set = json!({"suppliedQty": qty});
        let line = format!("{no}-1");
        self.hands.edit_in_jim2("PurchaseStock", &line, set).await;
        let set = json!({"vendorInvNo": invoice});
        self.hands.edit_in_jim2("Purchase", &no, set).await;
    }

    async fn receivings(&self) -> Vec<Value> {
        let autotask = &self.hands.autotask;
        let all = autotask.records("PurchaseOrderItemReceiving", None).await;
        all.unwrap()
    }

    async fn order_of(&self, order: i64) -> Value {
        let autotask = &self.hands.autotask;
        let found = autotask.record("PurchaseOrders", &order.to_string()).await;
        found.unwrap().unwrap()
    }
}
