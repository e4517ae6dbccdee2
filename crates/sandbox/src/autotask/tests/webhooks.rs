//! Webhooks from subscription to the last try.

mod failing;
mod receiver;
mod subscription;
mod telling;
mod trouble;

use serde_json::{Value, json};

use super::bench::Bench;
use receiver::Receiver;

const SECRET: &str = "0f1e2d3c4b5a";

fn subscription(receiver: &Receiver) -> Value {
    json!({
        "name": "test", "webhookUrl": receiver.url("hook"), "deactivationUrl": receiver.url("gone"), "secretKey": SECRET, "isActive": true,
        "isSubscribedToCreateEvents": true, "isSubscribedToUpdateEvents": true, "isSubscribedToDeleteEvents": true,
        "sendThresholdExceededNotification": false,
    })
}

/// The number under which webhooks know a field.
async fn number(bench: &Bench, singular: &str, label: &str) -> i64 {
    let (_, told) = bench
        .get(&format!("{singular}WebhookFields/entityInformation/fields"))
        .await;
    let fields = told["fields"].as_array().expect("fields");
    let choices = fields
        .iter()
        .find(|field| field["name"] == "fieldID")
        .and_then(|field| field["picklistValues"].as_array())
        .expect("choices");
    let choice = choices
        .iter()
        .find(|choice| choice["label"] == label)
        .unwrap_or_else(|| panic!("no {label}"));
    choice["value"]
        .as_str()
        .and_then(|value| value.parse().ok())
        .expect("a number")
}

/// A webhook on tickets that watches the title and always shows the number.
async fn watch_tickets(bench: &Bench, receiver: &Receiver) -> i64 {
    let hook = bench.create("TicketWebhooks", subscription(receiver)).await;
    for (label, watched) in [("Title", true), ("Ticket Number", false)] {
        let field = json!({"fieldID": number(bench, "Ticket", label).await, "isSubscribedField": watched, "isDisplayAlwaysField": !watched});
        bench
            .create(&format!("TicketWebhooks/{hook}/Fields"), field)
            .await;
    }
    hook
}
