//! Purchase orders and purchases. There are no webhooks for orders: sweeps find them, or the tests tell of them.

use domain::{Key, Kind};
use sandbox::jim2::Options;
use serde_json::{Value, json};
use sync::Point;

use crate::system::{LATER, Site, System, eventually, only_if, text};

const PURCHASE: Kind = Kind::new("purchase");
/// A product of the generated catalogue; it is bought as the stock of its SKU.
const DRIVE: i64 = 29_690_001;

#[tokio::test(flavor = "multi_thread")]
async fn a_submitted_order_becomes_one_purchase_whose_lines_follow_the_items() {
    let system = buying(Site::default()).await;
    let (order, item) = system.order(2).await;
    for _ in 0..2 {
        system.tell_of_order(order).await;
    }
    system.bought(&["2"]).await;
    system.quiet().await;
    let purchase = system.only_purchase().await;
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
    system.bought(&["1", "5", "9"]).await;
    system
        .hands
        .delete_in_autotask("PurchaseOrderItems", item)
        .await;
    system.tell_of_order(order).await;
    system.bought(&["1", "9"]).await;
    system.quiet().await;
    assert_eq!(system.purchases().await.len(), 1);
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
    system.bought(&["2", "7"]).await;
    system.quiet().await;
    system.bought(&["2", "7"]).await;
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
    for point in [Point::AfterWrite, Point::BeforeWrite, Point::AfterWrite] {
        system.kill();
        system.launch_with(&[("CROSSBILL_CRASH_AT", point.as_str())]);
        let what = format!("it comes to {}", point.as_str());
        eventually(LATER, &what, async || match system.lives() {
            Ok(()) => Err("it lives".to_owned()),
            Err(_) => Ok(()),
        })
        .await;
    }
    system.kill();
    system.serve().await;
    system.bought(&["2", "3", "4"]).await;
    system.quiet().await;
    system.bought(&["2", "3", "4"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_and_what_is_changed_in_it_later_are_found_by_sweeps() {
    let system = buying(Site::default()).await;
    let (order, item) = system.order(2).await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.bought(&["2"]).await;
    system.item_of(order, 7).await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.bought(&["2", "7"]).await;
    let set = json!({"quantity": 3});
    system
        .hands
        .edit_in_autotask("PurchaseOrderItems", item, set)
        .await;
    system.crossbill(&["sweep", "purchase"]).await;
    system.bought(&["3", "7"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_and_the_vendors_invoice_go_back_only_where_the_site_wants_it() {
    let system = buying(Site::default()).await;
    let (order, _) = system.order(5).await;
    system.tell_of_order(order).await;
    system.bought(&["5"]).await;
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
    let system = System::start(site).await;
    system.connect(&["--create", "purchase"]).await;
    system.release().await;
    let stock = system.hands.jim2.records("Stock", None).await.unwrap();
    let stock = stock.iter().find(|one| text(one, "code") == "SSD.1TB");
    let stock = text(stock.unwrap(), "id");
    system
        .crossbill(&["pairs", "link", "stock", &DRIVE.to_string(), &stock])
        .await;
    system.quiet().await;
    system
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

    /// The lines of the one purchase are of these quantities, in any order.
    async fn bought(&self, quantities: &[&str]) {
        eventually(LATER, "the purchase has the lines", async || {
            let all = self.purchases().await;
            let lines = all.iter().flat_map(|one| one["stock"].as_array().unwrap());
            let qty = |line: &Value| text(line, "qty").trim_end_matches(".0000").to_owned();
            let mut told: Vec<String> = lines.map(qty).collect();
            told.sort();
            only_if(all.len() == 1 && told == quantities, format!("{told:?}"))
        })
        .await;
    }

    /// So much of the first line comes, with that invoice.
    async fn receive_purchase(&self, qty: &str, invoice: &str) {
        let no = text(&self.only_purchase().await, "id");
        let set = json!({"suppliedQty": qty});
        let line = format!("{no}-1");
        self.hands.edit_in_jim2("PurchaseStock", &line, set).await;
        let set = json!({"vendorInvNo": invoice});
        self.hands.edit_in_jim2("Purchase", &no, set).await;
    }

    async fn purchases(&self) -> Vec<Value> {
        self.hands.jim2.records("Purchase", None).await.unwrap()
    }

    async fn only_purchase(&self) -> Value {
        let mut all = self.purchases().await;
        assert_eq!(all.len(), 1);
        all.remove(0)
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
