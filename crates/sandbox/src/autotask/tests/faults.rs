//! What goes wrong on demand.

mod seeing;

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
async fn a_page_can_come_instead_of_an_answer() {
    for status in ["200", "404", "503"] {
        let page = json!({"name": "html-answer", "count": 1, "value": status});
        let bench = Bench::with(page).await;
        let (told, page) = bench.post("Tickets", ticket("Never")).await;
        assert_eq!(told.as_str(), status);
        assert!(page.as_str().is_some_and(|page| page.contains("<html>")));
        let never = json!([{"op": "eq", "field": "title", "value": "Never"}]);
        assert!(bench.rows("Tickets", never).await.is_empty());
    }
}

#[tokio::test]
async fn a_deadlock_does_nothing_and_says_so() {
    let bench = Bench::with(json!({"name": "deadlock", "count": 1})).await;
    let told = bench.errors(Method::POST, "Tickets", ticket("Never")).await;
    assert!(told.contains("deadlock victim"), "{told}");
    let never = json!([{"op": "eq", "field": "title", "value": "Never"}]);
    assert!(bench.rows("Tickets", never).await.is_empty());
}

#[tokio::test]
async fn an_answer_can_end_halfway() {
    let bench = Bench::with(json!({"name": "short-answer", "count": 1})).await;
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
    let bench = Bench::with(json!({"name": "cut-answer", "count": 1})).await;
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
    let bench = Bench::with(json!({"name": "zone-moved"})).await;
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
