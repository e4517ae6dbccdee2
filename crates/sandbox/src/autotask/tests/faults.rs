//! What goes wrong on demand.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::{Autotask, Options};
use super::bench::{Bench, attempt, ticket};

#[tokio::test]
async fn unavailable_is_503_to_everything_until_it_is_off() {
    let bench = Bench::start().await;
    bench
        .hands("fault", json!({"name": "unavailable", "on": true}))
        .await;
    assert_eq!(
        bench.get("Tickets/7001").await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    assert_eq!(
        bench.get("zoneInformation?user=x").await.0,
        StatusCode::SERVICE_UNAVAILABLE
    );
    bench
        .hands("fault", json!({"name": "unavailable", "on": false}))
        .await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::OK);
    let (status, told) = bench.sandbox("fault", json!({"name": "flood"})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        told["error"]
            .as_str()
            .is_some_and(|text| text.contains("flood")),
        "{told}"
    );
}

#[tokio::test]
async fn a_lost_answer_leaves_the_write_done() {
    let bench = Bench::start().await;
    bench
        .hands(
            "fault",
            json!({"name": "lost-answer", "on": true, "count": 1}),
        )
        .await;
    assert_eq!(
        bench.get("Tickets/7001").await.0,
        StatusCode::OK,
        "reads are spared"
    );
    let write = bench.request(Method::POST, "Tickets").json(&ticket("Lost"));
    assert_eq!(attempt(write).await, None, "the connection is cut");
    assert_eq!(
        bench
            .rows(
                "Tickets",
                json!([{"op": "eq", "field": "title", "value": "Lost"}])
            )
            .await
            .len(),
        1
    );
    bench.ticket("Not lost").await;
}

#[tokio::test]
async fn an_error_500_does_nothing() {
    let bench = Bench::start().await;
    bench
        .hands(
            "fault",
            json!({"name": "error-500", "on": true, "count": 1}),
        )
        .await;
    bench.errors(Method::POST, "Tickets", ticket("Never")).await;
    assert_eq!(
        bench
            .rows(
                "Tickets",
                json!([{"op": "eq", "field": "title", "value": "Never"}])
            )
            .await
            .len(),
        0
    );
}

#[tokio::test]
async fn a_stand_in_starts_with_the_faults_it_is_given() {
    let faults = ["error-500:count=1", "threshold:value=77"];
    let faults = faults.map(|text| Autotask::fault(text).unwrap());
    let bench = Bench::start_with(Options {
        faults: faults.to_vec(),
        ..Options::default()
    })
    .await;
    let first = bench.get("ThresholdInformation").await;
    assert_eq!(first.0, StatusCode::INTERNAL_SERVER_ERROR);
    let (_, told) = bench.get("ThresholdInformation").await;
    assert_eq!(told["externalRequestThreshold"], 77);
    let list = bench.hands("fault", Value::Null).await;
    let one = |name: &str| {
        let mut faults = list.as_array().into_iter().flatten();
        faults.find(|fault| fault["name"] == name).unwrap().clone()
    };
    let done = one("error-500");
    assert_eq!((&done["on"], &done["struck"]), (&json!(false), &json!(1)));
    assert_eq!(one("threshold")["value"], 77);
}

#[tokio::test]
async fn a_slow_answer_comes_later() {
    let bench = Bench::start().await;
    let slow = json!({"name": "slow-answer", "count": 1, "value": "300ms"});
    bench.hands("fault", slow).await;
    let begun = Instant::now();
    bench.get("Tickets/7001").await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_thread_too_many_is_not_always_429() {
    let bench = Bench::start_with(Options {
        threads: 0,
        ..Options::default()
    })
    .await;
    for (value, status) in [("500", 500), ("503", 503)] {
        let odd = json!({"name": "thread-refusal", "count": 1, "value": value});
        bench.hands("fault", odd).await;
        let (told, body) = bench.get("Tickets/7001").await;
        assert_eq!(told.as_u16(), status);
        assert!(
            body["errors"][0]
                .as_str()
                .is_some_and(|text| text.contains("Itgenatr005")),
            "{body}"
        );
    }
    let usual = bench.get("Tickets/7001").await.0;
    assert_eq!(usual, StatusCode::TOO_MANY_REQUESTS);
}

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

/// A stand-in with this fault.
async fn with(fault: Value) -> Bench {
    let bench = Bench::start().await;
    bench.hands("fault", fault).await;
    bench
}

#[tokio::test]
async fn a_page_can_come_instead_of_an_answer() {
    for status in ["200", "404", "503"] {
        let page = json!({"name": "html-answer", "count": 1, "value": status});
        let bench = with(page).await;
        let (told, page) = bench.post("Tickets", ticket("Never")).await;
        assert_eq!(told.as_str(), status);
        assert!(page.as_str().is_some_and(|page| page.contains("<html>")));
        let never = json!([{"op": "eq", "field": "title", "value": "Never"}]);
        assert!(bench.rows("Tickets", never).await.is_empty());
    }
}

#[tokio::test]
async fn a_deadlock_does_nothing_and_says_so() {
    let bench = with(json!({"name": "deadlock", "count": 1})).await;
    let told = bench.errors(Method::POST, "Tickets", ticket("Never")).await;
    assert!(told.contains("deadlock victim"), "{told}");
    let never = json!([{"op": "eq", "field": "title", "value": "Never"}]);
    assert!(bench.rows("Tickets", never).await.is_empty());
}

#[tokio::test]
async fn an_answer_can_end_halfway() {
    let bench = with(json!({"name": "short-answer", "count": 1})).await;
    let (status, told) = bench.get("Tickets/7001").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        told.as_str()
            .is_some_and(|text| text.starts_with(r#"{"item":"#)),
        "no JSON: {told}"
    );
    assert!(bench.item("Tickets/7001").await.is_object());
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in's tests share no code with our clients"
)]
async fn an_answer_can_be_cut_off_amid_its_bytes() {
    let bench = with(json!({"name": "cut-answer", "count": 1})).await;
    let write = bench.request(Method::POST, "Tickets").json(&ticket("Cut"));
    let answer = write.send().await.expect("the head arrives");
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.content_length() > Some(0));
    assert!(answer.bytes().await.is_err(), "the rest never comes");
    let done = json!([{"op": "eq", "field": "title", "value": "Cut"}]);
    assert_eq!(bench.rows("Tickets", done).await.len(), 1);
}

#[tokio::test]
async fn a_tenant_can_move_to_another_zone_and_back() {
    let bench = with(json!({"name": "zone-moved"})).await;
    let zone = "zoneInformation?user=crossbill%40provider.example";
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::UNAUTHORIZED);
    let (_, told) = bench.get(zone).await;
    let moved = format!("{}/zone2/ATServicesRest/", bench.autotask.base_url());
    assert_eq!(told["url"], moved);
    let at = |path: &str| format!("{moved}V1.0/{path}");
    assert_eq!(bench.get(&at("Tickets/7001")).await.0, StatusCode::OK);
    let body = json!({"maxRecords": 1, "filter": [{"op": "gte", "field": "id", "value": 0}]});
    let (_, page) = bench.post(&at("Tickets/query"), body).await;
    let next = page["pageDetails"]["nextPageUrl"].as_str();
    assert!(
        next.is_some_and(|next| next.starts_with(&moved)),
        "{next:?}"
    );
    let back = json!({"name": "zone-moved", "on": false});
    bench.hands("fault", back).await;
    let (status, told) = bench.get(&at("Tickets/7001")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{told}");
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::OK);
}

#[tokio::test]
async fn rights_can_be_taken_in_three_ways_while_running() {
    let bench = with(json!({"name": "no-permission", "value": "Contacts"})).await;
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
    let bench = with(json!({"name": "missing-id-404", "count": 1})).await;
    assert!(bench.item("Tickets/7001").await.is_object());
    assert_eq!(bench.get("Tickets/1").await.0, StatusCode::NOT_FOUND);
    assert_eq!(bench.item("Tickets/1").await, Value::Null);
}

#[tokio::test]
async fn dates_come_with_and_without_a_z() {
    let bench = with(json!({"name": "naive-dates", "count": 1})).await;
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
        let bench = with(json!({"name": "odd-udfs", "value": value})).await;
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
    let bench = with(json!({"name": "replica-lag", "value": "5s"})).await;
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
    let bench = with(json!({"name": "replica-lag", "value": "5s"})).await;
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
