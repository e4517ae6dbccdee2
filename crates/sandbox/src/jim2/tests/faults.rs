//! Faults, counters, and calls that are no calls.

use std::time::Duration;

use serde_json::json;

use super::site::{NOW, Site};
use crate::jim2::{Jim2, Options};
use crate::provider::{Provider, Size};

#[tokio::test]
async fn an_unavailable_server_answers_503_until_switched_off() {
    let site = Site::new().await;
    site.hands("fault", json!({ "name": "unavailable", "on": true }))
        .await;
    assert_eq!(site.get("jobs").await.refusal(), (503, "unavailable"));
    assert_eq!(site.sign_in("view").await.status, 503);
    site.hands("fault", json!({ "name": "unavailable", "on": false }))
        .await;
    assert_eq!(site.get("jobs").await.status, 200);
    site.stop().await;
}

#[tokio::test]
async fn a_lost_answer_was_written_all_the_same() {
    let site = Site::new().await;
    let job = site.job(json!({})).await;
    site.hands("fault", json!({ "name": "lost-answer", "count": 1 }))
        .await;
    let data = json!({ "type": "Job", "id": job.to_string(), "attributes": { "CustRef": "x" } });
    let body = json!({ "data": data });
    assert_eq!(site.get("jobs").await.status, 200, "reads are not cut");
    let path = format!("jobs/{job}");
    let lost = site.call(reqwest::Method::PATCH, &path, Some(body)).await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(site.get(&path).await.attributes()["CustRef"], "x");
    assert_eq!(
        site.patch_job(job, json!({ "CustRef": "y" })).await.status,
        200
    );
    site.stop().await;
}

#[tokio::test]
async fn an_error_500_does_nothing() {
    let site = Site::new().await;
    let job = site.job(json!({ "CustRef": "before" })).await;
    site.hands("fault", json!({ "name": "error-500", "count": 1 }))
        .await;
    let reply = site.patch_job(job, json!({ "CustRef": "after" })).await;
    assert_eq!(reply.refusal(), (500, "internal-error"));
    let told = site.get(&format!("jobs/{job}")).await;
    assert_eq!(told.attributes()["CustRef"], "before");
    site.stop().await;
}

#[tokio::test]
async fn a_rate_strikes_some_calls_and_spares_others() {
    let site = Site::new().await;
    site.hands("fault", json!({ "name": "error-500", "rate": 0.5 }))
        .await;
    let mut struck = 0;
    for _ in 0..40 {
        struck += i32::from(site.get("jobs/1").await.status == 500);
    }
    assert!((5..35).contains(&struck), "{struck}");
    let list = site.look("fault").await;
    let mut faults = list.as_array().unwrap().iter();
    let error = faults.find(|one| one["name"] == "error-500").unwrap();
    assert_eq!(
        (&error["on"], &error["struck"]),
        (&json!(true), &json!(struck))
    );
    site.stop().await;
}

#[tokio::test]
async fn calls_are_counted_by_endpoint() {
    let site = Site::with(|options| options.answer_delay = Duration::from_millis(20)).await;
    let job = site.job(json!({})).await;
    let before = site.look("stats").await["calls"]["reads"].as_u64().unwrap();
    let path = format!("jobs/{job}");
    let (one, two) = tokio::join!(site.get(&path), site.get("jobs/1"));
    assert_eq!((one.status, two.status), (200, 404));
    site.patch_job(job, json!({})).await;
    site.query("crossbill_system").await;
    let stats = site.look("stats").await;
    assert_eq!(stats["calls"]["reads"], before + 3);
    assert_eq!(stats["calls"]["writes"], 1);
    assert_eq!(stats["calls"]["refused"], 1);
    assert_eq!(stats["calls"]["byEndpoint"]["GET jobs/{jobno}"], 2);
    assert_eq!(stats["calls"]["byEndpoint"]["PATCH jobs/{jobno}"], 1);
    assert_eq!(stats["calls"]["byEndpoint"]["getdata crossbill_system"], 1);
    assert_eq!(stats["maxConcurrent"]["jobs"], 2);
    site.stop().await;
}

#[tokio::test]
async fn unknown_addresses_methods_and_bodies_are_refused() {
    let mut site = Site::new().await;
    assert_eq!(site.get("quotes").await.refusal(), (404, "not-found"));
    assert_eq!(site.get("jobs/ten").await.status, 404);
    assert_eq!(
        site.delete("cardfiles/1001").await.refusal(),
        (405, "method-not-allowed")
    );
    assert_eq!(
        site.post("cardfiles", json!({})).await.refusal(),
        (405, "method-not-allowed")
    );
    let reply = site.post("jobcreate", json!([])).await;
    assert_eq!(reply.refusal(), (400, "not-an-object"));
    site.use_token(&json!("stolen"));
    assert_eq!(site.get("jobs").await.refusal(), (401, "unauthorized"));
    site.stop().await;
}

#[tokio::test]
async fn what_took_too_long_for_its_caller_was_done_all_the_same() {
    let site = Site::with(|options| options.answer_delay = Duration::from_secs(3)).await;
    let path = format!("cardfiles/{}", site.first_customer().await);
    let data = json!({ "type": "CardFile", "id": path.rsplit('/').next(), "attributes": { "name": "Slow" } });
    let hasty = Duration::from_millis(300);
    let lost = site.patience(hasty, &path, json!({ "data": data })).await;
    assert!(lost.unwrap_err().is_timeout());
    let cards = site.look("state").await;
    let card = cards["CardFile"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Slow");
    assert!(card.is_some(), "done before the wait");
    site.stop().await;
}

#[tokio::test]
async fn a_set_up_that_makes_no_sense_does_not_start() {
    let provider = Provider::generate(7, &Size::small(), NOW.parse().unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = Options {
        page_size: 0,
        ..Options::default()
    };
    let refused = Jim2::start(listener, &provider, options).await.unwrap_err();
    assert!(refused.to_string().contains("page-size"), "{refused}");
}
