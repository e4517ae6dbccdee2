//! Webhooks as records: when they are ready, what is refused, how they end.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::super::{API_RESOURCE, Options};
use super::super::bench::Bench;
use super::receiver::Receiver;
use super::{SECRET, subscription, watch_tickets};

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
async fn a_field_can_stop_being_watched_but_not_become_another() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    let path = format!("TicketWebhooks/{hook}");
    let (_, fields) = bench.get(&format!("{path}/Fields")).await;
    let title = &fields["items"][0];
    let change = |name: &str, value: Value| json!({"id": title["id"], name: value});
    let other = change("fieldID", json!(2));
    let told = bench
        .errors(Method::PATCH, &format!("{path}/Fields"), other)
        .await;
    assert_eq!(told, "fieldID cannot be changed after creation.");
    let unwatched = change("isSubscribedField", json!(false));
    let (status, told) = bench
        .call(Method::PATCH, &format!("{path}/Fields"), &unwatched)
        .await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!(bench.item(&path).await["isReady"], false);
}

#[tokio::test]
async fn a_changed_secret_signs_what_is_told_from_then_on() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    let rotated = json!({"id": hook, "secretKey": "another one"});
    bench.call(Method::PATCH, "TicketWebhooks", &rotated).await;
    bench.ticket("Signed anew").await;
    let call = receiver.next().await;
    assert!(call.is_signed_with("another one") && !call.is_signed_with(SECRET));
}

#[tokio::test]
async fn so_many_webhooks_of_an_entity_can_be_active_and_no_more() {
    let options = Options {
        webhook_cap: 1,
        ..Options::default()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    let hook = bench
        .create("TicketWebhooks", subscription(&receiver))
        .await;
    let mut second = subscription(&receiver);
    second["webhookUrl"] = json!(receiver.url("second"));
    let told = bench
        .errors(Method::POST, "TicketWebhooks", second.clone())
        .await;
    assert!(told.contains("1 active webhooks"), "{told}");
    bench
        .create("ContactWebhooks", subscription(&receiver))
        .await;
    second["isActive"] = json!(false);
    let second = bench.create("TicketWebhooks", second).await;
    let on = json!({"id": second, "isActive": true});
    let told = bench
        .errors(Method::PATCH, "TicketWebhooks", on.clone())
        .await;
    assert!(told.contains("1 active webhooks"), "{told}");
    let off = json!({"id": hook, "isActive": false});
    bench.call(Method::PATCH, "TicketWebhooks", &off).await;
    let (status, _) = bench.call(Method::PATCH, "TicketWebhooks", &on).await;
    assert_eq!(status, StatusCode::OK);
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
            "deactivationUrl must be an https address at port 443.",
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
async fn a_strict_tenant_takes_https_addresses_only() {
    let options = Options {
        webhook_https_only: true,
        ..Options::default()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    let told = bench
        .errors(Method::POST, "TicketWebhooks", subscription(&receiver))
        .await;
    assert!(
        told.contains("webhookUrl must be an https address at port 443."),
        "{told}"
    );
    let mut body = subscription(&receiver);
    body["deactivationUrl"] = json!("https://hooks.example:443/gone");
    body["webhookUrl"] = json!("https://hooks.example:8443/hook");
    let told = bench
        .errors(Method::POST, "TicketWebhooks", body.clone())
        .await;
    assert_eq!(told, "webhookUrl must be an https address at port 443.");
    body["webhookUrl"] = json!("https://hooks.example/hook");
    bench.create("TicketWebhooks", body).await;
}

#[tokio::test]
async fn an_owner_who_is_switched_off_takes_login_and_webhooks_along() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let hook = watch_tickets(&bench, &receiver).await;
    let owner = json!({"entity": "Resources", "id": API_RESOURCE, "set": {"isActive": false}});
    bench.hands("edit", owner).await;
    assert_eq!(receiver.next().await.path, "/gone");
    assert_eq!(bench.get("Tickets/7001").await.0, StatusCode::UNAUTHORIZED);
    let state = bench.hands("state", Value::Null).await;
    assert_eq!(
        (
            &state["TicketWebhooks"][0]["id"],
            &state["TicketWebhooks"][0]["isActive"]
        ),
        (&json!(hook), &json!(false))
    );
}
