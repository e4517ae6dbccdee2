//! Webhooks that go wrong on demand.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::bench::{Bench, eventually};
use super::receiver::{Call, Receiver};
use super::{SECRET, watch_tickets};

/// A stand-in with this fault, and somebody who watches its tickets.
async fn with(fault: Value) -> (Bench, Receiver, i64) {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    bench.hands("fault", fault).await;
    (bench, receiver, hook)
}

fn title(call: &Call) -> Value {
    call.json()["Fields"]["Title"].clone()
}

fn number(call: &Call) -> Value {
    call.json()["SequenceNumber"].clone()
}

#[tokio::test]
async fn a_repeated_webhook_comes_five_times_the_same_to_the_letter() {
    let (bench, receiver, _) = with(json!({"name": "repeated-webhook", "count": 1})).await;
    let title =
        |title: &str| json!({"entity": "Tickets", "set": {"companyID": 174, "title": title}});
    bench.hands("create", title("Five times")).await;
    bench.hands("create", title("Once")).await;
    let first = receiver.next().await;
    for _ in 0..4 {
        assert_eq!(receiver.next().await.text, first.text);
    }
    assert!(receiver.next().await.text.contains("Once"));
}

#[tokio::test]
async fn a_late_copy_comes_once_more_behind_newer_events() {
    let late = json!({"name": "late-copy", "count": 1, "value": "2s"});
    let (bench, receiver, _) = with(late).await;
    bench.ticket("first").await;
    let first = receiver.next().await;
    bench.ticket("second").await;
    assert_eq!(title(&receiver.next().await), "second");
    assert_eq!(receiver.next().await.text, first.text);
}

#[tokio::test]
async fn a_lost_webhook_leaves_a_gap_and_no_trace() {
    let (bench, receiver, _) = with(json!({"name": "lost-webhook", "count": 1})).await;
    bench.ticket("lost").await;
    bench.ticket("told").await;
    let call = receiver.next().await;
    assert_eq!((title(&call), number(&call)), (json!("told"), json!(2)));
    let all = json!([{"op": "exist", "field": "id"}]);
    assert!(bench.rows("WebhookEventErrorLogs", all).await.is_empty());
}

#[tokio::test]
async fn sequence_numbers_can_be_left_out() {
    let gap = json!({"name": "sequence-gap", "count": 1, "value": 7});
    let (bench, receiver, _) = with(gap).await;
    for expected in [8, 9] {
        bench.ticket("told").await;
        assert_eq!(number(&receiver.next().await), expected);
    }
}

#[tokio::test]
async fn a_delayed_webhook_holds_back_those_behind_it() {
    let late = json!({"name": "delayed-webhook", "count": 1, "value": "300ms"});
    let (bench, receiver, _) = with(late).await;
    let begun = Instant::now();
    bench.ticket("first").await;
    bench.ticket("second").await;
    assert_eq!(title(&receiver.next().await), "first");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(title(&receiver.next().await), "second");
}

#[tokio::test]
async fn a_reordered_webhook_is_overtaken_by_those_behind_it() {
    let late = json!({"name": "reordered-webhook", "count": 1, "value": "2s"});
    let (bench, receiver, _) = with(late).await;
    bench.ticket("first").await;
    bench.ticket("second").await;
    let calls = [receiver.next().await, receiver.next().await];
    assert_eq!(
        calls.each_ref().map(|call| (title(call), number(call))),
        [(json!("second"), json!(2)), (json!("first"), json!(1))]
    );
}

#[tokio::test]
async fn webhooks_over_the_hours_threshold_come_when_there_is_room() {
    let (bench, receiver, _) = with(json!({"name": "webhook-threshold", "value": 2})).await;
    bench
        .hands("clock", json!({"now": "2026-11-23T01:00:00Z"}))
        .await;
    for title in ["one", "two", "three", "four"] {
        bench.ticket(title).await;
    }
    let pending = async |count: u64| {
        eventually("so many wait", async || {
            bench.hands("stats", Value::Null).await["webhooks"]["pending"] == count
        })
        .await;
    };
    assert_eq!(title(&receiver.next().await), "one");
    assert_eq!(title(&receiver.next().await), "two");
    pending(2).await;
    bench.hands("clock", json!({"advanceSeconds": 3600})).await;
    assert_eq!(title(&receiver.next().await), "three");
    assert_eq!(title(&receiver.next().await), "four");
    bench.ticket("five").await;
    pending(1).await;
    let off = json!({"name": "webhook-threshold", "on": false});
    bench.hands("fault", off).await;
    assert_eq!(title(&receiver.next().await), "five");
}

#[tokio::test]
async fn the_last_key_can_be_spelt_otherwise() {
    let (bench, receiver, _) = with(json!({"name": "lower-person-id", "count": 1})).await;
    for key in [r#""PersonId":"#, r#""PersonID":"#] {
        bench.ticket("told").await;
        let call = receiver.next().await;
        assert!(call.text.contains(key), "{}", call.text);
        assert!(call.is_signed_with(SECRET));
    }
}

#[tokio::test]
async fn the_deactivation_address_can_be_called_unsigned_and_with_the_barest_body() {
    for (value, keys) in [("unsigned", 8), ("bare", 2)] {
        let odd = json!({"name": "odd-deactivation", "value": value});
        let (bench, receiver, hook) = with(odd).await;
        let guid = bench.item(&format!("TicketWebhooks/{hook}")).await["webhookGUID"].clone();
        let path = format!("TicketWebhooks/{hook}");
        bench.call(Method::DELETE, &path, &Value::Null).await;
        let call = receiver.next().await;
        assert_eq!(call.path, "/gone");
        assert!(call.is_unsigned(), "{value}");
        let told = call.json();
        assert_eq!(told.as_object().map(serde_json::Map::len), Some(keys));
        assert_eq!(
            (&told["Action"], &told["Guid"]),
            (&json!("Deactivated"), &guid)
        );
    }
}
