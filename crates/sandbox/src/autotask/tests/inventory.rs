//! What lies where: whole pieces of a product at a location, each counted once.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

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
