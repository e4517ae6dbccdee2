//! What lies where: whole pieces of a product at a location, each counted once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::{Inventory, Options};
use super::bench::Bench;

#[tokio::test]
async fn a_product_is_counted_once_at_a_location_and_deleted_by_nobody() {
    let bench = Bench::start().await;
    let item = json!({
        "productID": 29_690_001, "inventoryLocationID": 1, "quantityOnHand": 4,
        "quantityMinimum": 0, "quantityMaximum": 0,
    });
    let id = bench.create("InventoryItems", item.clone()).await;
    let told = bench
        .errors(Method::POST, "InventoryItems", item.clone())
        .await;
    assert!(told.contains("already exists"), "{told}");
    let mut elsewhere = item.clone();
    elsewhere["inventoryLocationID"] = json!(2);
    bench.create("InventoryItems", elsewhere).await;
    for (wrong, about) in [
        ("quantityMinimum", "quantityMinimum"),
        ("productID", "productID"),
    ] {
        let mut item = item.clone();
        item["inventoryLocationID"] = json!(3);
        item[wrong] = Value::Null;
        let told = bench.errors(Method::POST, "InventoryItems", item).await;
        assert!(told.contains(about), "{told}");
    }
    let change = json!({"id": id, "quantityOnHand": 9});
    let (status, _) = bench.call(Method::PATCH, "InventoryItems", &change).await;
    assert_eq!(status, StatusCode::OK);
    let path = format!("InventoryItems/{id}");
    assert_eq!(bench.item(&path).await["quantityOnHand"], 9);
    let (status, _) = bench.call(Method::DELETE, &path, &Value::Null).await;
    assert_ne!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_tenant_has_one_edition_or_the_other_and_the_other_is_refused_or_not_there() {
    for (inventory, items, products) in [
        (Inventory::Items, StatusCode::OK, StatusCode::FORBIDDEN),
        (Inventory::Products, StatusCode::FORBIDDEN, StatusCode::OK),
        (
            Inventory::ProductsAlone,
            StatusCode::NOT_FOUND,
            StatusCode::OK,
        ),
        (Inventory::Both, StatusCode::OK, StatusCode::OK),
    ] {
        let bench = edition(|options| options.inventory = inventory).await;
        let query = json!({"filter": [{"op": "gt", "field": "id", "value": 0}]});
        for (entity, expected) in [("InventoryItems", items), ("InventoryProducts", products)] {
            let (status, _) = bench.post(&format!("{entity}/query"), query.clone()).await;
            assert_eq!(status, expected, "{inventory:?} {entity}");
        }
    }
}

#[tokio::test]
async fn pieces_are_counted_by_movements_only_and_none_goes_that_is_not_there() {
    let bench = edition(|_| ()).await;
    let id = row(&bench, 29_690_001).await;
    let path = format!("InventoryProducts/{id}");
    assert_eq!(bench.item(&path).await["onHandUnits"], 0);
    let change = json!({"id": id, "onHandUnits": 9});
    bench
        .call(Method::PATCH, "InventoryProducts", &change)
        .await;
    assert_eq!(bench.item(&path).await["onHandUnits"], 0, "read-only");
    bench.create(&adding(id), added(5)).await;
    bench
        .create(&removing(id), json!({"quantityBeingRemoved": 2}))
        .await;
    assert_eq!(bench.item(&path).await["onHandUnits"], 3);
    let told = bench
        .errors(
            Method::POST,
            &removing(id),
            json!({"quantityBeingRemoved": 4}),
        )
        .await;
    assert!(told.contains("available"), "{told}");
    let stocked = bench
        .rows(
            "InventoryStockedItems",
            json!([{"op": "exist", "field": "id"}]),
        )
        .await;
    assert_eq!((stocked.len(), &stocked[0]["unitCost"]), (1, &json!(74.5)));
    let product = bench.item("Products/29690001").await;
    assert_eq!(product["unitPrice"], 149.0, "the catalogue's price stays");
    let mut dear = added(1);
    dear["determineNewPriceUsing"] = json!(1);
    bench.create(&adding(id), dear).await;
    assert_eq!(bench.item("Products/29690001").await["unitPrice"], 74.5);
    let (status, _) = bench.get(&adding(id)).await;
    assert_ne!(status, StatusCode::OK, "movements are not read");
}

#[tokio::test]
async fn a_movement_that_leaves_something_out_or_names_no_piece_of_a_serialized_product_is_refused()
{
    let bench = edition(|options| options.inventory_reasons = true).await;
    let id = row(&bench, 29_690_001).await;
    for (name, value, about) in [
        ("unitCost", Value::Null, "unitCost"),
        ("vendorID", Value::Null, "vendorID"),
        ("determineCostUsing", Value::Null, "determineCostUsing"),
        ("determineNewPriceUsing", json!(9), "determineNewPriceUsing"),
        ("determineNewPriceUsing", json!(5), "returnPrice"),
        ("quantityBeingAdded", json!(0), "greater than zero"),
        ("reasonForUpdate", Value::Null, "reasonForUpdate"),
    ] {
        let mut wrong = added(5);
        wrong[name] = value;
        let told = bench.errors(Method::POST, &adding(id), wrong).await;
        assert!(told.contains(about), "{name}: {told}");
    }
    let change = json!({"id": 29_690_002, "isSerialized": true});
    bench.call(Method::PATCH, "Products", &change).await;
    let id = row(&bench, 29_690_002).await;
    let told = bench.errors(Method::POST, &adding(id), added(1)).await;
    assert!(told.contains("serialNumber"), "{told}");
    let mut named = added(1);
    named["serialNumber"] = json!("S1");
    bench.create(&adding(id), named).await;
    let all = json!({"quantityBeingRemoved": 1, "reasonForUpdate": "counted"});
    let told = bench.errors(Method::POST, &removing(id), all).await;
    assert!(told.contains("inventoryStockedItemID"), "{told}");
}

#[tokio::test]
async fn what_is_reserved_is_on_hand_or_apart_and_is_removed_by_nobody() {
    for (is_apart, on_hand, available) in [(false, 5, 3), (true, 3, 3)] {
        let bench = edition(|options| options.inventory_reserved_apart = is_apart).await;
        let id = row(&bench, 29_690_001).await;
        bench.create(&adding(id), added(5)).await;
        bench.hands("reserve", json!({"id": id, "pieces": 2})).await;
        let told = bench.item(&format!("InventoryProducts/{id}")).await;
        assert_eq!(
            (&told["onHandUnits"], &told["availableUnits"]),
            (&json!(on_hand), &json!(available))
        );
        let four = json!({"quantityBeingRemoved": 4});
        let told = bench.errors(Method::POST, &removing(id), four).await;
        assert!(told.contains("available"), "{told}");
    }
}

/// A tenant of the newer edition.
async fn edition(set_up: impl FnOnce(&mut Options)) -> Bench {
    let mut options = Options {
        inventory: Inventory::Products,
        ..Options::default()
    };
    set_up(&mut options);
    Bench::start_with(options).await
}

/// A product counted at the first location.
async fn row(bench: &Bench, product: i64) -> i64 {
    let row = json!({
        "productID": product, "inventoryLocationID": 1, "quantityMinimum": 0, "quantityMaximum": 0,
    });
    bench.create("InventoryProducts", row).await
}

fn adding(id: i64) -> String {
    format!("InventoryProducts/{id}/StockedItemsAdd")
}

fn removing(id: i64) -> String {
    format!("InventoryProducts/{id}/StockedItemsRemove")
}

fn added(pieces: i64) -> Value {
    json!({
        "quantityBeingAdded": pieces, "determineCostUsing": 4, "determineNewPriceUsing": 3, "unitCost": 74.5,
        "vendorID": 174, "reasonForUpdate": "counted",
    })
}
