//! Calls that fail: tries, the error log, the end of a webhook, and its beginning again.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::super::{API_RESOURCE, Options};
use super::super::bench::{Bench, eventually};
use super::receiver::Receiver;
use super::{number, subscription, watch_tickets};

fn quick() -> Options {
    Options {
        webhook_retry_delay: Duration::from_millis(20),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_failing_call_is_made_five_times_and_holds_back_the_later_ones() {
    let (bench, receiver) = (Bench::start_with(quick()).await, Receiver::start().await);
    watch_tickets(&bench, &receiver).await;
    let id = bench.ticket("In order").await;
    receiver.next().await;
    receiver.fail(6);
    for title in ["first", "second"] {
        bench
            .call(Method::PATCH, "Tickets", &json!({"id": id, "title": title}))
            .await;
    }
    let mut told = Vec::new();
    for _ in 0..7 {
        told.push(
            receiver.next().await.json()["Fields"]["Title"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
    }
    assert_eq!(
        told,
        [
            "first", "first", "first", "first", "first", "second", "second"
        ],
        "five tries, then the next one"
    );
    eventually("the log tells of the first", async || {
        let logs = bench
            .rows(
                "WebhookEventErrorLogs",
                json!([{"op": "exist", "field": "id"}]),
            )
            .await;
        logs.len() == 1
            && logs[0]["payload"]
                .as_str()
                .is_some_and(|payload| payload.contains("first"))
    })
    .await;
    eventually("all is sent", async || {
        bench.hands("stats", Value::Null).await["webhooks"]
            == json!({"sent": 2, "failed": 1, "pending": 0})
    })
    .await;
}

#[tokio::test]
async fn a_webhook_that_fails_for_twenty_five_events_is_switched_off() {
    let options = Options {
        webhook_tries: 1,
        ..quick()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    receiver.fail(25);
    for number in 0..25 {
        bench.ticket(&format!("ticket {number}")).await;
    }
    for _ in 0..25 {
        assert_eq!(receiver.next().await.path, "/hook");
    }
    assert_eq!(receiver.next().await.path, "/gone");
    assert_eq!(
        bench.item(&format!("TicketWebhooks/{hook}")).await["isActive"],
        false
    );
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_in_time_is_called_again_with_the_same_number() {
    let options = Options {
        webhook_timeout: Duration::from_millis(100),
        ..quick()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    watch_tickets(&bench, &receiver).await;
    receiver.keep_silent(1);
    bench.ticket("Told twice").await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.text, second.text);
    assert_eq!(first.json()["PersonID"], API_RESOURCE);
}

/// Once as many calls have failed, the webhook's state.
async fn after_failures(bench: &Bench, hook: i64, failed: u64) -> Value {
    eventually("so many have failed", async || {
        let stats = bench.hands("stats", Value::Null).await;
        stats["webhooks"]["failed"] == failed && stats["webhooks"]["pending"] == 0
    })
    .await;
    bench.item(&format!("TicketWebhooks/{hook}")).await["isActive"].clone()
}

async fn tickets(bench: &Bench, count: usize) {
    for number in 0..count {
        bench.ticket(&format!("ticket {number}")).await;
    }
}

async fn activate(bench: &Bench, hook: i64, is_active: bool) {
    let body = json!({"id": hook, "isActive": is_active});
    let (status, told) = bench.call(Method::PATCH, "TicketWebhooks", &body).await;
    assert_eq!(status, StatusCode::OK, "{told}");
}

async fn logs(bench: &Bench) -> Vec<Value> {
    let all = json!([{"op": "exist", "field": "id"}]);
    bench.rows("WebhookEventErrorLogs", all).await
}

#[tokio::test]
async fn one_success_forgives_all_failures_before_it() {
    let options = Options {
        webhook_tries: 1,
        ..quick()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    receiver.fail(24);
    tickets(&bench, 25).await;
    assert_eq!(after_failures(&bench, hook, 24).await, true);
    receiver.fail(24);
    tickets(&bench, 24).await;
    assert_eq!(after_failures(&bench, hook, 48).await, true);
    receiver.fail(1);
    tickets(&bench, 1).await;
    assert_eq!(after_failures(&bench, hook, 49).await, false);
}

#[tokio::test]
async fn an_event_dropped_with_its_webhook_does_not_come_after_all() {
    let options = Options {
        webhook_retry_delay: Duration::from_mins(1),
        ..Options::default()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    receiver.fail(1);
    bench.ticket("dropped").await;
    assert!(receiver.next().await.text.contains("dropped"));
    activate(&bench, hook, false).await;
    assert_eq!(receiver.next().await.path, "/gone");
    activate(&bench, hook, true).await;
    bench.ticket("after it").await;
    assert!(receiver.next().await.text.contains("after it"));
}

#[tokio::test]
async fn what_a_webhook_missed_while_it_was_off_is_not_told_later() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    activate(&bench, hook, false).await;
    assert_eq!(receiver.next().await.path, "/gone");
    bench.ticket("missed").await;
    activate(&bench, hook, true).await;
    bench.ticket("told").await;
    let call = receiver.next().await;
    assert!(call.text.contains("told"), "{}", call.text);
}

#[tokio::test]
async fn the_error_log_names_some_webhooks_is_kept_a_month_and_can_be_cleared() {
    let options = Options {
        webhook_tries: 1,
        ..quick()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    bench
        .hands("clock", json!({"now": "2026-11-23T00:00:00Z"}))
        .await;
    watch_tickets(&bench, &receiver).await;
    let hook = bench
        .create("CompanyWebhooks", subscription(&receiver))
        .await;
    let field = json!({"fieldID": number(&bench, "Company", "Phone").await, "isSubscribedField": true, "isDisplayAlwaysField": false});
    let path = format!("CompanyWebhooks/{hook}/Fields");
    bench.create(&path, field).await;
    receiver.fail(2);
    bench.ticket("Not taken").await;
    receiver.next().await;
    let phone = json!({"id": 174, "phone": "02 5550 0199"});
    bench.call(Method::PATCH, "Companies", &phone).await;
    let call = receiver.next().await;
    eventually("both are logged", async || logs(&bench).await.len() == 2).await;
    let told = logs(&bench).await;
    let columns = |row: &Value| {
        [
            row["accountWebhookID"].clone(),
            row["contactWebhookID"].clone(),
        ]
    };
    assert_eq!(columns(&told[0]), [Value::Null, Value::Null], "a ticket's");
    assert_eq!(columns(&told[1]), [json!(hook), Value::Null], "a company's");
    assert_eq!(told[1]["payload"], call.text);
    assert_eq!(told[1]["sequenceNumber"], 1);
    assert_eq!(
        told[1]["errorMessage"],
        "The remote server returned an error: (500)."
    );
    let path = format!("WebhookEventErrorLogs/{}", told[0]["id"]);
    let (status, _) = bench.call(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    let refused = bench.errors(Method::DELETE, &path, Value::Null).await;
    assert!(refused.contains("No matching records found"), "{refused}");
    let day = 24 * 60 * 60;
    for (days, left) in [(29, 1), (2, 0)] {
        let later = json!({"advanceSeconds": days * day});
        bench.hands("clock", later).await;
        assert_eq!(logs(&bench).await.len(), left);
    }
}
