//! Webhooks from subscription to the last try.

mod receiver;

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::{API_RESOURCE, Options};
use super::bench::{Bench, eventually};
use receiver::Receiver;

const SECRET: &str = "0f1e2d3c4b5a";

fn quick() -> Options {
    Options {
        webhook_retry_delay: Duration::from_millis(20),
        ..Options::default()
    }
}

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

#[tokio::test]
async fn a_webhook_is_ready_once_it_watches_a_field_and_no_longer_without() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = bench
        .create("TicketWebhooks", subscription(&receiver))
        .await;
    let path = format!("TicketWebhooks/{hook}");
    let made = bench.item(&path).await;
    assert_eq!(
        (&made["isReady"], &made["ownerResourceID"]),
        (&json!(false), &json!(API_RESOURCE))
    );
    assert!(
        made["webhookGUID"]
            .as_str()
            .is_some_and(|guid| guid.len() == 36)
    );
    let shown = json!({"fieldID": 1, "isSubscribedField": false, "isDisplayAlwaysField": true});
    bench.create(&format!("{path}/Fields"), shown).await;
    assert_eq!(
        bench.item(&path).await["isReady"],
        false,
        "it only shows a field"
    );
    let (_, udfs) = bench
        .get("TicketWebhookUdfFields/entityInformation/fields")
        .await;
    let choices = udfs["fields"]
        .as_array()
        .and_then(|all| all.iter().find(|field| field["name"] == "udfFieldID"))
        .expect("it is there");
    let udf: i64 = choices["picklistValues"][0]["value"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("a number");
    let watched =
        json!({"udfFieldID": udf, "isSubscribedField": true, "isDisplayAlwaysField": false});
    let field = bench
        .create(&format!("{path}/UdfFields"), watched.clone())
        .await;
    assert_eq!(bench.item(&path).await["isReady"], true);
    assert!(
        bench
            .errors(Method::POST, &format!("{path}/UdfFields"), watched)
            .await
            .contains("already has this value")
    );
    bench
        .call(
            Method::DELETE,
            &format!("{path}/UdfFields/{field}"),
            &Value::Null,
        )
        .await;
    assert_eq!(bench.item(&path).await["isReady"], false);
}

#[tokio::test]
async fn a_wrong_webhook_is_refused() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let with = |name: &str, value: Value| {
        let mut body = subscription(&receiver);
        body[name] = value;
        body
    };
    let cases = [
        (
            "name",
            json!("x".repeat(51)),
            "name must be less than or equal to 50 characters",
        ),
        (
            "secretKey",
            Value::Null,
            "Missing Required Field: secretKey.",
        ),
        (
            "deactivationUrl",
            json!("ftp://x"),
            "deactivationUrl must be an https address.",
        ),
        (
            "sendThresholdExceededNotification",
            json!(true),
            "must be false when there is no notificationEmailAddress",
        ),
    ];
    for (name, value, sentence) in cases {
        let told = bench
            .errors(Method::POST, "TicketWebhooks", with(name, value))
            .await;
        assert!(told.contains(sentence), "{name}: {told}");
    }
    bench
        .create("TicketWebhooks", with("isActive", json!(false)))
        .await;
    let told = bench
        .errors(Method::POST, "TicketWebhooks", subscription(&receiver))
        .await;
    assert!(
        told.contains("same URL and callout type already exists"),
        "even an inactive one counts: {told}"
    );
    bench
        .create("ContactWebhooks", subscription(&receiver))
        .await;
    assert_eq!(
        bench
            .post("TicketWebhookFields", json!({"webhookID": 11}))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn create_update_and_delete_are_told_signed_and_numbered() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    let guid = bench.item(&format!("TicketWebhooks/{hook}")).await["webhookGUID"].clone();
    bench
        .hands("clock", json!({"now": "2026-11-23T01:02:03.456Z"}))
        .await;
    let set = json!({"companyID": 174, "title": "O'Brien & Söhne"});
    let id = bench
        .hands(
            "create",
            json!({"entity": "Tickets", "by": 29_682_885, "set": set}),
        )
        .await["id"]
        .clone();
    let call = receiver.next().await;
    assert_eq!(call.path, "/hook");
    assert!(call.is_signed_with(SECRET), "{call:?}");
    assert!(
        call.text
            .contains(r#""Title":"O\u0027Brien \u0026 S\u00F6hne""#),
        "{}",
        call.text
    );
    assert!(
        call.text.is_ascii() && !call.text.contains(": "),
        "{}",
        call.text
    );
    let mut told = call.json();
    let number = told["Fields"]["TicketNumber"].take();
    assert_eq!(number, "T20261123.0001", "shown always");
    assert_eq!(
        told,
        json!({
            "Action": "Create", "Guid": guid, "EntityType": "Ticket", "Id": id, "EventTime": "2026-11-23T01:02:03Z",
            "Fields": {"Title": "O'Brien & Söhne", "TicketNumber": null}, "SequenceNumber": 1, "PersonID": 29_682_885,
        })
    );
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": id, "set": {"priority": 1}}),
        )
        .await;
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": id, "set": {"title": "Renamed"}}),
        )
        .await;
    let told = receiver.next().await.json();
    assert_eq!(
        (&told["Action"], &told["SequenceNumber"]),
        (&json!("Update"), &json!(2)),
        "an unwatched field says nothing"
    );
    assert_eq!(
        told["Fields"],
        json!({"Title": "Renamed", "TicketNumber": number})
    );
    bench
        .hands("delete", json!({"entity": "Tickets", "id": id}))
        .await;
    let told = receiver.next().await.json();
    assert_eq!(
        (&told["Action"], &told["Fields"], &told["SequenceNumber"]),
        (&json!("Delete"), &json!({}), &json!(3))
    );
}

#[tokio::test]
async fn an_excluded_resource_says_nothing_and_others_do() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    let id = bench.ticket("Echo").await;
    assert_eq!(
        receiver.next().await.json()["PersonID"],
        API_RESOURCE,
        "the API is told of like people"
    );
    bench
        .create(
            &format!("TicketWebhooks/{hook}/ExcludedResources"),
            json!({"resourceID": API_RESOURCE}),
        )
        .await;
    bench
        .call(
            Method::PATCH,
            "Tickets",
            &json!({"id": id, "title": "Ours"}),
        )
        .await;
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": id, "set": {"title": "Theirs"}}),
        )
        .await;
    assert_eq!(receiver.next().await.json()["Fields"]["Title"], "Theirs");
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
async fn a_deleted_webhook_calls_its_deactivation_address_and_takes_its_fields_along() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    bench
        .call(
            Method::DELETE,
            &format!("TicketWebhooks/{hook}"),
            &Value::Null,
        )
        .await;
    let call = receiver.next().await;
    assert_eq!(
        (call.path.as_str(), &call.json()["Action"]),
        ("/gone", &json!("Deactivated"))
    );
    assert!(call.is_signed_with(SECRET));
    assert_eq!(
        bench
            .rows(
                "TicketWebhookFields",
                json!([{"op": "exist", "field": "id"}])
            )
            .await
            .len(),
        0
    );
    bench.ticket("Nobody hears").await;
    assert_eq!(
        bench.hands("stats", Value::Null).await["webhooks"]["pending"],
        0
    );
}

#[tokio::test]
async fn notes_contacts_and_companies_have_their_own_webhooks() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    for (singular, label) in [
        ("Company", "Phone"),
        ("Contact", "First Name"),
        ("TicketNote", "Description"),
    ] {
        let hook = bench
            .create(&format!("{singular}Webhooks"), subscription(&receiver))
            .await;
        let field = json!({"fieldID": number(&bench, singular, label).await, "isSubscribedField": true, "isDisplayAlwaysField": false});
        bench
            .create(&format!("{singular}Webhooks/{hook}/Fields"), field)
            .await;
    }
    bench
        .call(
            Method::PATCH,
            "Companies",
            &json!({"id": 174, "phone": "02 5550 0199"}),
        )
        .await;
    let told = receiver.next().await.json();
    assert_eq!(
        (&told["EntityType"], &told["Fields"]),
        (&json!("Account"), &json!({"Phone": "02 5550 0199"}))
    );
    bench
        .create(
            "Companies/174/Contacts",
            json!({"firstName": "Zoë", "lastName": "Ng", "isActive": 1}),
        )
        .await;
    let told = receiver.next().await.json();
    assert_eq!(
        (&told["EntityType"], &told["Fields"]),
        (&json!("Contact"), &json!({"FirstName": "Zoë"}))
    );
    bench
        .create(
            "Tickets/8001/Notes",
            json!({"description": "Rang", "noteType": 1, "publish": 1}),
        )
        .await;
    assert_eq!(receiver.next().await.json()["EntityType"], "TicketNote");
}

#[tokio::test]
async fn a_user_defined_field_can_be_watched() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = bench
        .create("TicketWebhooks", subscription(&receiver))
        .await;
    let udf =
        json!({"udfFieldID": 29_682_904, "isSubscribedField": true, "isDisplayAlwaysField": false});
    bench
        .create(&format!("TicketWebhooks/{hook}/UdfFields"), udf)
        .await;
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": 8001, "udf": {"Jim2 sync": "HELD"}}),
        )
        .await;
    assert_eq!(
        receiver.next().await.json()["Fields"],
        json!({"Jim2 sync": "HELD"})
    );
}
