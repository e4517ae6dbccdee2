//! The threshold and the threads.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::{ApiUser, Options};
use super::bench::{Bench, answer, attempt};

#[tokio::test]
async fn the_threshold_counts_the_question_for_it_and_refuses_the_whole_tenant() {
    let bench = Bench::start_with(Options {
        hourly_threshold: 3,
        ..Options::default()
    })
    .await;
    bench
        .hands("clock", json!({"now": "2026-11-23T01:00:00Z"}))
        .await;
    bench.get("Tickets/7001").await;
    let (_, told) = bench.get("ThresholdInformation").await;
    assert_eq!(
        told,
        json!({"externalRequestThreshold": 3, "requestThresholdTimeframe": 60, "currentTimeframeRequestCount": 2})
    );
    assert_eq!(bench.get("Companies/0").await.0, StatusCode::OK);
    let (status, refused) = bench.get("Companies/0").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused["errors"][0]
            .as_str()
            .is_some_and(|text| text.contains("threshold of 3 requests")),
        "{refused}"
    );
    bench
        .hands(
            "create",
            json!({"entity": "Tickets", "set": {"companyID": 174, "title": "By hand"}}),
        )
        .await;
    bench.hands("clock", json!({"advanceSeconds": 3600})).await;
    assert_eq!(
        bench.get("Companies/0").await.0,
        StatusCode::OK,
        "the hour has rolled"
    );
}

#[tokio::test]
async fn an_endpoint_serves_three_requests_at_once_for_each_integration() {
    let other = ApiUser {
        user_name: "other@provider.example".to_owned(),
        integration_code: "OTHER".to_owned(),
        ..ApiUser::crossbill()
    };
    let users = vec![
        ApiUser::crossbill(),
        ApiUser {
            resource: 29_682_998,
            ..other
        },
    ];
    let bench = Bench::start_with(Options {
        answer_delay: Duration::from_millis(300),
        users,
        ..Options::default()
    })
    .await;
    let ours = |path: &str| answer(bench.request(Method::GET, path));
    let theirs = bench
        .http
        .get(format!(
            "{}/ATServicesRest/V1.0/Tickets/7001",
            bench.autotask.base_url()
        ))
        .header("UserName", "other@provider.example")
        .header("Secret", "sandbox-secret")
        .header("ApiIntegrationCode", "OTHER");
    let (one, two, three, four, company, foreign) = tokio::join!(
        ours("Tickets/7001"),
        ours("Tickets/7002"),
        ours("Tickets/entityInformation/fields"),
        ours("Tickets/7001/Notes"),
        ours("Companies/0"),
        answer(theirs),
    );
    assert_eq!((company.0, foreign.0), (StatusCode::OK, StatusCode::OK));
    let refused: Vec<_> = [one, two, three, four]
        .into_iter()
        .filter(|(status, _)| *status == StatusCode::TOO_MANY_REQUESTS)
        .collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].1["errors"][0]
            .as_str()
            .is_some_and(|text| text.contains("thread threshold of 3 threads has been exceeded"))
    );
    let stats = bench.hands("stats", Value::Null).await;
    assert_eq!(
        (
            &stats["maxConcurrent"]["Tickets"],
            &stats["calls"]["refused"]
        ),
        (&json!(4), &json!(1))
    );
    assert_eq!(
        ours("Tickets/7001").await.0,
        StatusCode::OK,
        "threads come back"
    );
}

#[tokio::test]
async fn a_thread_can_be_held_longer_than_the_answer_takes() {
    let options = Options {
        threads: 1,
        thread_release_lag: Duration::from_mins(1),
        ..Options::default()
    };
    let bench = Bench::start_with(options).await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::OK);
    assert_eq!(
        bench.get("Tickets/7001").await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(bench.get("Companies/0").await.0, StatusCode::OK);
    bench.autotask.stop().await;
}

#[tokio::test]
async fn a_request_refused_for_want_of_a_thread_does_not_count() {
    let options = Options {
        threads: 1,
        thread_release_lag: Duration::from_mins(1),
        ..Options::default()
    };
    let bench = Bench::start_with(options).await;
    for expected in [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
        assert_eq!(bench.get("Tickets/7001").await.0, expected);
    }
    let (_, told) = bench.get("ThresholdInformation").await;
    assert_eq!(told["currentTimeframeRequestCount"], 2);
    bench.autotask.stop().await;
}

#[tokio::test]
async fn a_request_over_the_threshold_holds_no_thread() {
    let options = Options {
        threads: 1,
        hourly_threshold: 1,
        ..Options::default()
    };
    let bench = Bench::start_with(options).await;
    bench.get("Tickets/7001").await;
    bench.get("Companies/174").await;
    bench.hands("fault", json!({"name": "threshold"})).await;
    assert_eq!(bench.get("Companies/174").await.0, StatusCode::OK);
}

#[tokio::test]
async fn answers_take_longer_from_half_of_the_threshold_on() {
    let bench = Bench::start().await;
    for fault in [
        json!({"name": "threshold", "value": 4}),
        json!({"name": "usage-latency"}),
    ] {
        bench.hands("fault", fault).await;
    }
    bench.get("Tickets/7001").await;
    for least in [500, 1000] {
        let begun = Instant::now();
        bench.get("Tickets/7001").await;
        assert!(begun.elapsed() >= Duration::from_millis(least));
    }
}

#[tokio::test]
async fn the_hour_can_be_compressed_while_running() {
    let bench = Bench::start().await;
    bench
        .hands("clock", json!({"now": "2026-11-23T01:00:00Z"}))
        .await;
    for fault in [
        json!({"name": "threshold", "value": 2}),
        json!({"name": "timeframe", "value": 5}),
    ] {
        bench.hands("fault", fault).await;
    }
    let (_, told) = bench.get("ThresholdInformation").await;
    assert_eq!(
        told,
        json!({"externalRequestThreshold": 2, "requestThresholdTimeframe": 5, "currentTimeframeRequestCount": 1})
    );
    bench.get("Tickets/7001").await;
    let refused = bench.get("Tickets/7001").await;
    assert_eq!(refused.0, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        refused.1["errors"][0]
            .as_str()
            .is_some_and(|text| text.contains("2 requests per 5 minutes")),
        "{refused:?}"
    );
    bench.hands("clock", json!({"advanceSeconds": 300})).await;
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_hard_stop_refuses_whatever_was_used() {
    let bench = Bench::start().await;
    let stop = json!({"name": "hard-stop", "count": 1});
    bench.hands("fault", stop).await;
    let (status, told) = bench.get("Tickets/7001").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{told}");
    let (_, told) = bench.get("ThresholdInformation").await;
    assert_eq!(told["currentTimeframeRequestCount"], 1);
}

#[tokio::test]
async fn stats_count_calls_by_endpoint() {
    let bench = Bench::start().await;
    bench.get("Tickets/7001").await;
    bench.ticket("Counted").await;
    bench
        .post(
            "Tickets/query",
            json!({"filter": [{"op": "exist", "field": "id"}]}),
        )
        .await;
    let calls = bench.hands("stats", Value::Null).await["calls"].clone();
    assert_eq!(
        calls,
        json!({
            "total": 3, "reads": 2, "writes": 1, "refused": 0, "mostUsed": 3,
            "byEndpoint": {"Tickets get": 1, "Tickets create": 1, "Tickets query": 1},
        })
    );
}

#[tokio::test]
async fn a_stopped_stand_in_answers_nobody() {
    let bench = Bench::start().await;
    let request = bench.request(Method::GET, "Tickets/7001");
    bench.autotask.stop().await;
    assert_eq!(attempt(request).await, None);
}
