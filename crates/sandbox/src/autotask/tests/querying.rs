//! Queries and counts, and the bodies and addresses they come in.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::bench::{Bench, answer};

#[tokio::test]
async fn a_query_tells_only_the_fields_asked_for() {
    let bench = Bench::start().await;
    let asked = json!({"maxrecords": 3, "INCLUDEFIELDS": ["id", "TicketNumber", "Jim2 Job#"], "Filter": [{"op": "gte", "field": "Id", "value": 0}]});
    let (status, answer) = bench.post("Tickets/query", asked).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let first = answer["items"][0].as_object().expect("an object");
    assert_eq!(
        first.keys().collect::<Vec<_>>(),
        ["id", "ticketNumber", "userDefinedFields"]
    );
    assert_eq!(
        first["userDefinedFields"],
        json!([{"name": "Jim2 Job#", "value": null}])
    );
    assert_eq!(answer["pageDetails"]["count"], 3);
    let refused = bench
        .errors(
            Method::POST,
            "Tickets/query",
            json!({"IncludeFields": ["colour"], "filter": [{"op": "exist", "field": "id"}]}),
        )
        .await;
    assert!(
        refused.contains("Unable to find colour in the Ticket Entity"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_query_by_get_and_by_post_say_the_same_and_count_counts() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "companyID", "value": 174}]});
    let by_post = bench.post("Contacts/query", search.clone()).await;
    let by_get = super::bench::answer(
        bench
            .request(Method::GET, "Contacts/query")
            .query(&[("search", search.to_string())]),
    )
    .await;
    assert_eq!(by_post.1["items"], by_get.1["items"]);
    let count = by_post.1["items"].as_array().map(Vec::len);
    assert!(count > Some(0));
    let (_, counted) = bench.post("Contacts/query/count", search).await;
    assert_eq!(counted, json!({"queryCount": count}));
    let (_, listed) = bench.get("Companies/174/Contacts").await;
    assert_eq!(listed["items"], by_post.1["items"]);
}

#[tokio::test]
async fn a_count_by_get_says_the_same_as_by_post() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "companyID", "value": 174}]});
    let request = bench.request(Method::GET, "Contacts/query/count");
    let by_get = answer(request.query(&[("search", search.to_string())])).await;
    assert!(by_get.1["queryCount"].as_u64() > Some(0), "{by_get:?}");
    assert_eq!(by_get, bench.post("Contacts/query/count", search).await);
}

#[tokio::test]
async fn a_user_defined_field_that_does_not_exist_cannot_be_queried() {
    let bench = Bench::start().await;
    let filter = json!([{"op": "eq", "field": "Colour", "udf": true, "value": "red"}]);
    let told = bench
        .errors(Method::POST, "Tickets/query", json!({"filter": filter}))
        .await;
    assert_eq!(told, "Unable to find Colour in the Ticket Entity.");
}

#[tokio::test]
async fn a_body_may_be_packed_but_must_not_only_say_so() {
    let bench = Bench::start().await;
    let body = json!({"filter": [{"op": "eq", "field": "id", "value": 7001}]}).to_string();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body.as_bytes()).expect("memory takes it");
    let packed = gzip.finish().expect("memory takes it");
    let request = |body: Vec<u8>| {
        let request = bench.request(Method::POST, "Tickets/query").body(body);
        request
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
    };
    let (status, told) = answer(request(packed)).await;
    assert_eq!(
        (status, &told["items"][0]["id"]),
        (StatusCode::OK, &json!(7001))
    );
    let (status, told) = answer(request(body.into_bytes())).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{told}");
}

#[tokio::test]
async fn an_address_longer_than_the_web_server_takes_is_its_own_404() {
    let bench = Bench::start().await;
    let search = json!({"filter": [{"op": "eq", "field": "title", "value": "x".repeat(2100)}]});
    let (status, page) = answer(
        bench
            .request(Method::GET, "Tickets/query")
            .query(&[("search", search.to_string())]),
    )
    .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(
        page.as_str().is_some_and(|page| page.contains("<html>")),
        "{page}"
    );
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let bench = Bench::start().await;
    let plain = bench.request(Method::POST, "Tickets/query").body("{}");
    assert_eq!(answer(plain).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let broken = bench
        .request(Method::POST, "Tickets/query")
        .header("Content-Type", "application/json")
        .body("{");
    assert_eq!(answer(broken).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        bench
            .errors(Method::POST, "Tickets/query", json!({}))
            .await
            .contains("must have a filter")
    );
}
