//! Jim2's stock and the products of Autotask.

use std::time::Duration;

use sandbox::fault::switch::Switch;
use serde_json::{Value, json};

use crate::system::{LATER, SOON, Site, System, eventually, eventually_every, only_if, text, udf};

/// The product that the stand-in has of the stock code SSD.1TB, which is stock 7.
const DRIVE: i64 = 29_690_001;

/// A site that carries its hardware, with both sides equal.
async fn stocked(site: Site) -> System {
    let system = System::connected(site).await;
    system.carry_stock("Hardware").await;
    system.release().await;
    system.serve().await;
    system.settle().await;
    system
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_have_is_linked_by_its_code_and_what_jim2_knows_of_it_comes_along() {
    let system = stocked(Site::default()).await;
    let drive = system.product(DRIVE).await;
    assert_eq!(text(&drive, "externalProductID"), "Jim2 7");
    assert_eq!(drive["unitPrice"], 149.0);
    assert_eq!(drive["unitCost"], 92.38);
    assert_eq!(udf(&drive, "Jim2 availability"), "Sydney 4, Melbourne 7");
    let products = system.products().await;
    assert_eq!(products.len(), 3, "labour and sundries became none");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_stock_becomes_a_product_and_the_product_follows_it_until_it_is_withdrawn() {
    let system = stocked(Site::default()).await;
    let stock = system.receive("MON.27", json!({})).await;
    let product = system.product_of("MON.27").await;
    assert_eq!(product["isActive"], true);
    assert_eq!(product["isSerialized"], false);
    assert_eq!(text(&product, "externalProductID"), format!("Jim2 {stock}"));
    assert!(same(&product["unitPrice"], &json!(399.96)), "{product}");

    let hands = &system.hands;
    for (set, name, value) in [
        (json!({"price": "379.5"}), "unitPrice", json!(379.5)),
        (json!({"lastCost": "211.1234"}), "unitCost", json!(211.1234)),
        (json!({"code": "MON.27B"}), "sku", json!("MON.27B")),
        (json!({"active": false}), "isActive", json!(false)),
        (json!({"active": true}), "isActive", json!(true)),
    ] {
        hands.edit_in_jim2("Stock", &stock, set).await;
        system.shows(&product, name, &value).await;
    }
    hands
        .edit_in_jim2("Stock", &stock, json!({"committed": {"1": 2}}))
        .await;
    eventually(SOON, "what can be sold is told", async || {
        let told = system.product(id(&product)).await;
        let available = udf(&told, "Jim2 availability");
        only_if(available == "Sydney 3, Melbourne 0", available)
    })
    .await;
    system.quiet().await;
    let agreement = system.agrees_on(&["stock"]).await;
    assert_eq!(agreement.compared["products"], 3, "its links among them");
    system.hands.delete_in_jim2("Stock", &stock).await;
    system.shows(&product, "isActive", &json!(false)).await;
    system.quiet().await;
    assert_eq!(system.products().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_edit_of_what_jim2_owns_is_undone_by_the_next_sweep_and_other_edits_stay() {
    let system = stocked(Site::default()).await;
    let set = json!({"unitPrice": 1, "msrp": 999, "isActive": false});
    system.hands.edit_in_autotask("Products", DRIVE, set).await;
    system.crossbill(&["sweep", "stock"]).await;
    let drive = system.product(DRIVE).await;
    system.shows(&drive, "unitPrice", &json!(149.0)).await;
    system.shows(&drive, "isActive", &json!(true)).await;
    system.quiet().await;
    assert_eq!(system.product(DRIVE).await["msrp"], 999.0);
    let writes = system.hands.writes().await;
    system.crossbill(&["sweep", "stock"]).await;
    system.quiet().await;
    assert_eq!(system.hands.writes().await, writes, "nothing is left to do");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_cannot_be_made_is_held_and_goes_on_by_itself_and_is_made_once() {
    let system = stocked(Site::default()).await;
    system
        .crossbill(&["settings", "unset", "default.product_billing_code"])
        .await;
    system.receive("MON.32", json!({})).await;
    eventually(SOON, "it is held", async || {
        let held = system.crossbill(&["held", "list"]).await;
        only_if(held.contains("material billing code"), held)
    })
    .await;
    let lost = Switch::on("lost-answer").times(1);
    system.hands.autotask.switch(&lost).await.unwrap();
    let code = system.product(DRIVE).await["productBillingCodeID"].to_string();
    system
        .crossbill(&["settings", "set", "default.product_billing_code", &code])
        .await;
    system.product_of("MON.32").await;
    system.quiet().await;
    let of_it = system.products().await.into_iter();
    let of_it = of_it.filter(|one| text(one, "sku") == "MON.32");
    assert_eq!(of_it.count(), 1, "although its answer was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn products_are_made_of_the_chosen_groups_and_of_others_once_those_are_chosen() {
    let system = stocked(Site::default()).await;
    system
        .receive("TONER.X", json!({"groups": ["Consumables"]}))
        .await;
    system.quiet().await;
    let preview = system.crossbill(&["preview", "stock", "jim2:13"]).await;
    assert!(
        preview.contains("none of the chosen stock groups"),
        "{preview}"
    );
    assert_eq!(system.products().await.len(), 3);

    system.carry_stock("Hardware,Consumables").await;
    system.product_of("TONER.X").await;
    system.quiet().await;
    assert_eq!(system.products().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_while_either_side_was_away_is_made_up_for() {
    let system = stocked(Site::default()).await;
    for (on, price) in [("autotask", "151"), ("jim2", "152")] {
        let screen = match on {
            "autotask" => &system.hands.autotask,
            _ => &system.hands.jim2,
        };
        let away = Switch::on("unavailable");
        screen.switch(&away).await.unwrap();
        system
            .hands
            .edit_in_jim2("Stock", "7", json!({"price": price}))
            .await;
        screen.switch(&Switch::off("unavailable")).await.unwrap();
        let value: f64 = price.parse().unwrap();
        let drive = system.product(DRIVE).await;
        system.shows(&drive, "unitPrice", &json!(value)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_named_queries_stock_is_followed_by_when_it_changed() {
    let mut site = Site::default();
    site.jim2.named_queries = false;
    let system = System::connected(site).await;
    system.carry_stock("Hardware").await;
    system.release().await;
    system.serve().await;
    let compared = "select count(*) from pair where kind = 'stock' and shadow is not null";
    eventually(LATER, "the pairs are compared", async || {
        let count = system.database.count(compared).await;
        only_if(count == 2, count)
    })
    .await;
    let set = json!({"shortDesc": "Drive, 1 TB", "price": "150"});
    system.hands.edit_in_jim2("Stock", "7", set).await;
    let drive = system.product(DRIVE).await;
    system.shows(&drive, "name", &json!("Drive, 1 TB")).await;
    system.shows(&drive, "unitPrice", &json!(150.0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_over_thousands_of_products_takes_a_call_for_many_of_them() {
    const CODES: usize = 2_000;
    let mut site = Site::default();
    site.jim2.catalogue = CODES;
    let system = System::connected(site).await;
    let billing_code = system.product(DRIVE).await["productBillingCodeID"].clone();
    let stock = system.hands.jim2.records("Stock", None).await.unwrap();
    let stock: Vec<&Value> = stock.iter().skip(12).collect();
    assert_eq!(stock.len(), CODES);
    for one in stock {
        let set = json!({
            "name": one["shortDesc"], "sku": one["code"], "externalProductID": format!("Jim2 {}", one["id"]),
            "isActive": true, "isSerialized": false, "productBillingCodeID": billing_code,
        });
        system.hands.create_in_autotask("Products", set).await;
    }
    system.carry_stock("Hardware").await;
    system.serve().await;
    system.quiet_within(LATER * 4).await;
    let paired = "select count(*) from pair where kind = 'stock' and state = 'paired' and shadow is not null";
    assert_eq!(system.database.count(paired).await, 2_002);

    let before = system.calls().await;
    system.crossbill(&["sweep", "stock"]).await;
    system.quiet_within(LATER * 4).await;
    let after = system.calls().await;
    for (system, before, after) in [("Autotask", before.0, after.0), ("Jim2", before.1, after.1)] {
        let calls = after - before;
        let most = u64::try_from(CODES / 20).unwrap();
        assert!((10..most).contains(&calls), "{calls} calls of {system}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn autotask_counts_what_lies_where_once_a_site_wants_it() {
    let system = stocked(Site::default()).await;
    assert!(system.counted(DRIVE).await.is_empty(), "off at first");
    system
        .crossbill(&[
            "mapping",
            "set",
            "stock",
            "inventory",
            "--way",
            "to-autotask",
        ])
        .await;
    system.applied(DRIVE, &[(1, 4), (2, 7)]).await;
    let held = system.crossbill(&["held", "list"]).await;
    assert!(held.contains("Van 1"), "nobody said where that is: {held}");
    system
        .crossbill(&[
            "lookups",
            "set",
            "stockLocation",
            "jim2",
            "Van 1",
            "Melbourne",
        ])
        .await;
    system.applied(DRIVE, &[(1, 4), (2, 17)]).await;

    let set = json!({"onHand": {"1": 9}});
    system.hands.edit_in_jim2("Stock", "7", set).await;
    system.counts(DRIVE, &[(1, 9), (2, 17)]).await;
    system.receive("MON.40", json!({})).await;
    let monitor = system.product_of("MON.40").await;
    system.counts(id(&monitor), &[(1, 5)]).await;
    system.quiet().await;
    let held = system.crossbill(&["held", "list"]).await;
    assert!(!held.contains("Van 1"), "{held}");
}

/// Whether two values are the same, however a number is written.
fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => one == other,
    }
}

fn id(record: &Value) -> i64 {
    record["id"].as_i64().unwrap()
}

impl System {
    /// Connects again, so that products are made of these groups.
    async fn carry_stock(&self, groups: &str) {
        self.connect(&[
            "--create",
            "stock",
            "--stock-groups",
            groups,
            "--price-level",
            "1-Retail",
            "--stock-locations",
            "1=Sydney,2=Melbourne",
        ])
        .await;
    }

    /// Somebody makes a stock record of the hardware and puts five of it on the shelf; its number.
    async fn receive(&self, code: &str, changes: Value) -> String {
        let mut set = json!({
            "code": code, "shortDesc": format!("Monitor {code}"), "groups": ["Hardware"], "price": "399.955",
            "lastCost": "210", "active": true, "onHand": {"1": 5},
        });
        for (name, value) in changes.as_object().unwrap() {
            set[name] = value.clone();
        }
        self.hands.create_in_jim2("Stock", set).await
    }

    async fn product(&self, id: i64) -> Value {
        let found = self
            .hands
            .autotask
            .record("Products", &id.to_string())
            .await;
        found.unwrap().unwrap()
    }

    /// What Autotask counts of a product: locations with pieces.
    async fn counted(&self, product: i64) -> Vec<(i64, i64)> {
        let items = self.hands.autotask.records("InventoryItems", None).await;
        let items = items.unwrap().into_iter();
        let own = items.filter(|item| item["productID"] == product);
        let number = |item: &Value, name: &str| item[name].as_i64().unwrap();
        let mut counted: Vec<(i64, i64)> = own
            .map(|item| {
                let at = number(&item, "inventoryLocationID");
                (at, number(&item, "quantityOnHand"))
            })
            .collect();
        counted.sort_unstable();
        counted
    }

    /// Waits until Autotask counts this of a product.
    async fn counts(&self, product: i64, expected: &[(i64, i64)]) {
        eventually(LATER, &format!("{expected:?} are counted"), async || {
            let counted = self.counted(product).await;
            only_if(counted == expected, format!("{counted:?}"))
        })
        .await;
    }

    /// The same, where somebody settles what a changed mapping makes differ once the workers know of it.
    async fn applied(&self, product: i64, expected: &[(i64, i64)]) {
        let what = format!("{expected:?} are counted after mapping apply");
        eventually_every(Duration::from_secs(2), LATER, &what, async || {
            let apply = ["mapping", "apply", "--kind", "stock", "--yes"];
            self.crossbill(&apply).await;
            let counted = self.counted(product).await;
            only_if(counted == expected, format!("{counted:?}"))
        })
        .await;
    }

    async fn products(&self) -> Vec<Value> {
        self.hands.autotask.records("Products", None).await.unwrap()
    }

    /// Waits for the product with this SKU.
    async fn product_of(&self, sku: &str) -> Value {
        eventually(LATER, &format!("{sku} has a product"), async || {
            let products = self.products().await;
            let found = products.into_iter().find(|one| text(one, "sku") == sku);
            found.ok_or_else(|| "there is none".to_owned())
        })
        .await
    }

    /// Waits until a field of a product shows this.
    async fn shows(&self, product: &Value, name: &str, value: &Value) {
        eventually(LATER * 2, &format!("{name} is {value}"), async || {
            let told = self.product(id(product)).await[name].clone();
            only_if(same(&told, value), told)
        })
        .await;
    }

    /// Calls of programs so far, of Autotask and of Jim2, apart from the feed's looks at what changed.
    async fn calls(&self) -> (u64, u64) {
        let mut calls = Vec::new();
        for screen in [&self.hands.autotask, &self.hands.jim2] {
            let stats = screen.stats().await.unwrap();
            let by_endpoint = stats["calls"]["byEndpoint"].as_object().unwrap().clone();
            let counted = by_endpoint
                .iter()
                .filter(|(endpoint, _)| !endpoint.contains("crossbill_changes"));
            calls.push(counted.filter_map(|(_, count)| count.as_u64()).sum());
        }
        (calls[0], calls[1])
    }
}
