//! Opportunities and quotes: numbered and dated by the system, items below their quote and each of one thing.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::bench::Bench;

#[tokio::test]
async fn the_first_quote_of_an_opportunity_is_its_primary_one_and_quotes_are_numbered() {
    let bench = Bench::start().await;
    let opportunity = opportunity(&bench).await;
    let mut numbers = Vec::new();
    for is_primary in [true, false] {
        let quote = quote(&bench, opportunity).await;
        let told = bench.item(&format!("Quotes/{quote}")).await;
        assert_eq!(told["primaryQuote"], is_primary);
        assert_eq!(told["isActive"], true);
        assert_eq!(told["companyID"], 174);
        numbers.push(told["quoteNumber"].as_i64().unwrap());
    }
    assert_eq!(numbers[1], numbers[0] + 1);
}

#[tokio::test]
async fn an_opportunity_is_dated_when_it_is_won() {
    let bench = Bench::start().await;
    let opportunity = opportunity(&bench).await;
    let path = format!("Opportunities/{opportunity}");
    assert!(bench.item(&path).await["closedDate"].is_null());
    let won = json!({"id": opportunity, "status": 3});
    let (status, _) = bench.call(Method::PATCH, "Opportunities", &won).await;
    assert_eq!(status, StatusCode::OK);
    let told = bench.item(&path).await;
    assert!(told["closedDate"].is_string() && told["lostDate"].is_null());
    assert!(told["lastActivity"].is_string());
}

#[tokio::test]
async fn an_item_is_below_its_quote_of_one_thing_and_priced_as_that_where_nobody_says() {
    let bench = Bench::start().await;
    let opportunity = opportunity(&bench).await;
    let quote = quote(&bench, opportunity).await;
    let items = format!("Quotes/{quote}/Items");
    let item = json!({
        "quoteItemType": 1, "productID": 29_690_001, "quantity": 2, "unitDiscount": 0, "lineDiscount": 0,
        "percentageDiscount": 0, "isOptional": false,
    });
    let (status, _) = bench.post("QuoteItems", item.clone()).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "below its quote only");
    let made = bench.create(&items, item.clone()).await;
    let told = bench.item(&format!("QuoteItems/{made}")).await;
    assert_eq!(told["name"], "Solid state drive 1 TB");
    assert_eq!(told["unitPrice"], 149.0);
    for wrong in [
        json!({"quoteItemType": 11}),
        json!({"serviceID": 29_691_001}),
        json!({"productID": null}),
    ] {
        let mut body = item.clone();
        for (name, value) in wrong.as_object().unwrap() {
            body[name] = value.clone();
        }
        let told = bench.errors(Method::POST, &items, body).await;
        assert!(told.contains("exactly one thing"), "{told}");
    }
}

async fn opportunity(bench: &Bench) -> i64 {
    let day = "2026-12-31T00:00:00Z";
    let body = json!({
        "companyID": 174, "title": "Faster disks", "status": 1, "stage": 29_682_791, "amount": 0, "cost": 0,
        "probability": 60, "projectedCloseDate": day, "useQuoteTotals": true, "createDate": day,
        "ownerResourceID": 29_682_885,
    });
    bench.create("Opportunities", body).await
}

async fn quote(bench: &Bench, opportunity: i64) -> i64 {
    let day = "2026-12-31T00:00:00Z";
    let at = bench
        .create("QuoteLocations", json!({"city": "Sydney"}))
        .await;
    let body = json!({
        "opportunityID": opportunity, "name": "Faster disks", "effectiveDate": day, "expirationDate": day,
        "billToLocationID": at, "shipToLocationID": at, "soldToLocationID": at,
    });
    bench.create("Quotes", body).await
}

#[tokio::test]
async fn labour_shipping_and_bundles_are_items_of_what_the_tenant_has_of_them() {
    let bench = Bench::start().await;
    let opportunity = opportunity(&bench).await;
    let items = format!("Quotes/{}/Items", quote(&bench, opportunity).await);
    let item = |kind: i64, field: &str, id: i64| {
        let mut item = json!({
            "quoteItemType": kind, "quantity": 2, "unitDiscount": 0, "lineDiscount": 0,
            "percentageDiscount": 0, "isOptional": false,
        });
        item[field] = json!(id);
        item
    };
    for (kind, field, id, name) in [
        (3, "laborID", 29_683_387, json!(null)),
        (6, "shippingID", 29_691_801, json!(null)),
        (12, "serviceBundleID", 29_691_501, json!("Managed desk")),
    ] {
        let made = bench.create(&items, item(kind, field, id)).await;
        let told = bench.item(&format!("QuoteItems/{made}")).await;
        assert_eq!(told["name"], name, "{field}");
        let told = bench
            .errors(Method::POST, &items, item(kind, field, 4_711))
            .await;
        assert!(told.contains("does not exist"), "{told}");
    }
}
