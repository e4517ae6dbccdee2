//! What is told of a change, to whom, how often and in what order.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::super::super::{API_RESOURCE, Options, PersonIdCasing};
use super::super::bench::{Bench, eventually};
use super::receiver::Receiver;
use super::{SECRET, number, subscription, watch_tickets};

fn quick() -> Options {
    Options {
        webhook_retry_delay: Duration::from_millis(20),
        ..Options::default()
    }
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
            "Tickets/7001/Notes",
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
            json!({"entity": "Tickets", "id": 7001, "udf": {"Jim2 sync": "HELD"}}),
        )
        .await;
    assert_eq!(
        receiver.next().await.json()["Fields"],
        json!({"Jim2 sync": "HELD"})
    );
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_in_time_is_called_again_with_the_same_number() {
    let options = Options {
        webhook_timeout: Duration::from_millis(100),
        person_id_casing: PersonIdCasing::Lower,
        ..quick()
    };
    let (bench, receiver) = (Bench::start_with(options).await, Receiver::start().await);
    watch_tickets(&bench, &receiver).await;
    receiver.keep_silent(1);
    bench.ticket("Told twice").await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    assert_eq!(first.text, second.text);
    assert_eq!(first.json()["PersonId"], API_RESOURCE);
}

#[tokio::test]
async fn a_repeated_webhook_comes_five_times_the_same_to_the_letter() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    watch_tickets(&bench, &receiver).await;
    bench
        .hands(
            "fault",
            json!({"name": "repeated-webhook", "on": true, "count": 1}),
        )
        .await;
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
