//! Purchase orders: numbered and dated by the system, items below them, received in pieces and never back.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::bench::Bench;

#[tokio::test]
async fn an_order_is_dated_when_it_is_submitted_and_its_items_are_below_it() {
    let bench = Bench::start().await;
    let body = json!({
        "vendorID": 174, "status": 1, "shipToName": "Depot", "shipToAddress1": "1 Dock Road",
    });
    let order = bench.create("PurchaseOrders", body).await;
    let path = format!("PurchaseOrders/{order}");
    let told = bench.item(&path).await;
    assert_eq!(told["purchaseOrderNumber"], "1001");
    assert!(told["submitDateTime"].is_null());
    let submitted = json!({"id": order, "status": 2});
    let (status, _) = bench
        .call(Method::PATCH, "PurchaseOrders", &submitted)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(bench.item(&path).await["submitDateTime"].is_string());

    let item =
        json!({"productID": 29_690_001, "quantity": 5, "unitCost": 74.5, "inventoryLocationID": 1});
    let (status, _) = bench.post("PurchaseOrderItems", item.clone()).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "below its order only");
    let item = bench.create(&format!("{path}/Items"), item).await;
    let receiving = format!("PurchaseOrderItems/{item}/Receiving");
    bench
        .create(&receiving, json!({"quantityNowReceiving": 3}))
        .await;
    for never in [3, 0, -1] {
        let body = json!({"quantityNowReceiving": never});
        let told = bench.errors(Method::POST, &receiving, body).await;
        assert!(told.contains("more than what is on order"), "{told}");
    }
}
