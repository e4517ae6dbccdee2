//! What is seen of the records when something is wrong: rights, ids, dates, user-defined fields, the past.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::bench::Bench;

#[tokio::test]
async fn an_entity_can_be_forbidden_while_running() {
    let bench = Bench::start().await;
    let forbidden = json!({"name": "forbidden", "value": "Tickets+roles"});
    bench.hands("fault", forbidden).await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::FORBIDDEN);
    assert_eq!(bench.get("Roles/29683387").await.0, StatusCode::FORBIDDEN);
    assert_eq!(bench.get("Companies/174").await.0, StatusCode::OK);
    let off = json!({"name": "forbidden", "on": false});
    bench.hands("fault", off).await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::OK);
    let (status, told) = bench
        .sandbox("fault", json!({"name": "forbidden", "value": "Wombats"}))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{told}");
}

#[tokio::test]
async fn rights_can_be_taken_in_three_ways_while_running() {
    let bench = Bench::with(json!({"name": "no-permission", "value": "Contacts"})).await;
    bench
        .hands(
            "fault",
            json!({"name": "hidden", "value": "Companies", "count": 1}),
        )
        .await;
    let told = bench
        .errors(Method::GET, "Contacts/30683001", Value::Null)
        .await;
    assert!(told.contains("adequate permissions"), "{told}");
    let all = json!([{"op": "exist", "field": "id"}]);
    assert!(bench.rows("Companies", all.clone()).await.is_empty());
    assert!(!bench.rows("Companies", all).await.is_empty(), "only once");
}

#[tokio::test]
async fn a_missing_id_can_be_told_in_both_ways() {
    let bench = Bench::with(json!({"name": "missing-id-404", "count": 1})).await;
    assert!(bench.item("Tickets/7001").await.is_object());
    assert_eq!(bench.get("Tickets/1").await.0, StatusCode::NOT_FOUND);
    assert_eq!(bench.item("Tickets/1").await, Value::Null);
}

#[tokio::test]
async fn dates_come_with_and_without_a_z() {
    let bench = Bench::with(json!({"name": "naive-dates", "count": 1})).await;
    for is_zoned in [false, true] {
        let company = bench.item("Companies/0").await;
        let date = company["lastActivityDate"].as_str().expect("it has one");
        assert_eq!(date.ends_with('Z'), is_zoned, "{date}");
    }
}

#[tokio::test]
async fn user_defined_fields_without_a_value_can_be_told_in_three_odd_ways() {
    for (value, told) in [
        ("missing", None),
        ("empty", Some(json!([]))),
        ("null", Some(Value::Null)),
    ] {
        let bench = Bench::with(json!({"name": "odd-udfs", "value": value})).await;
        let company = bench.item("Companies/174").await;
        assert_eq!(company.get("userDefinedFields"), told.as_ref());
        let query = json!({"includeFields": ["id", "Seats"], "filter": [{"op": "eq", "field": "id", "value": 174}]});
        let (_, answer) = bench.post("Companies/query", query).await;
        assert_eq!(answer["items"][0].get("userDefinedFields"), told.as_ref());
        let udfs = json!({"id": 174, "userDefinedFields": [{"name": "Seats", "value": 9}]});
        bench.call(Method::PATCH, "Companies", &udfs).await;
        let company = bench.item("Companies/174").await;
        assert!(
            company["userDefinedFields"]
                .as_array()
                .is_some_and(|udfs| udfs.len() > 1),
            "one has a value: {company}"
        );
    }
}

#[tokio::test]
async fn a_replica_lags_behind_by_the_sandboxes_clock() {
    let bench = Bench::with(json!({"name": "replica-lag", "value": "5s"})).await;
    bench
        .hands("clock", json!({"now": "2026-11-23T01:00:00Z"}))
        .await;
    let made = bench.ticket("made").await;
    let path = format!("Tickets/{made}");
    let changed = json!({"id": 7001, "title": "changed"});
    let before = bench.item("Tickets/7001").await["title"].clone();
    bench.call(Method::PATCH, "Tickets", &changed).await;
    bench
        .hands("delete", json!({"entity": "Tickets", "id": 7002}))
        .await;
    let seen = async || {
        let ids = json!([{"op": "in", "field": "id", "value": [7001, 7002, made]}]);
        let rows = bench.rows("Tickets", ids.clone()).await;
        let (_, counted) = bench
            .post("Tickets/query/count", json!({"filter": ids}))
            .await;
        assert_eq!(counted["queryCount"], rows.len());
        let ids: Vec<_> = rows.iter().filter_map(|row| row["id"].as_i64()).collect();
        (ids, bench.item("Tickets/7001").await["title"].clone())
    };
    assert_eq!(bench.item(&path).await, Value::Null, "not there yet");
    assert_eq!(seen().await, (vec![7001, 7002], before));
    let again = json!({"id": 7001, "status": 5});
    let (status, told) = bench.call(Method::PATCH, "Tickets", &again).await;
    assert_eq!(status, StatusCode::OK, "writes go to the present: {told}");
    bench.hands("clock", json!({"advanceSeconds": 5})).await;
    assert_eq!(seen().await, (vec![7001, made], json!("changed")));
    assert_eq!(bench.item(&path).await["title"], "made");
}

#[tokio::test]
async fn a_replica_knows_a_row_as_it_was_before_the_latest_of_its_changes() {
    let bench = Bench::with(json!({"name": "replica-lag", "value": "5s"})).await;
    bench
        .hands("clock", json!({"now": "2026-11-23T01:00:00Z"}))
        .await;
    for title in ["one", "two", "three"] {
        let patch = json!({"id": 7001, "title": title});
        bench.call(Method::PATCH, "Tickets", &patch).await;
        bench.hands("clock", json!({"advanceSeconds": 3})).await;
    }
    assert_eq!(bench.item("Tickets/7001").await["title"], "two");
}
