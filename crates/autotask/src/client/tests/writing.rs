//! Creating, changing, deleting, and webhooks.

use super::*;
use crate::{Company, Contact, Draft, Subscription, Ticket, TicketNote, WebhookDraft, WebhookKind};

fn written() -> ResponseTemplate {
    ok(&json!({"itemId": 12}))
}

#[tokio::test]
async fn children_are_written_under_their_parent_and_changed_by_the_id_in_the_body() {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(written())
        .mount(&server)
        .await;
    let client = client(&server);
    let draft = Draft::new().set("title", "x");
    assert_eq!(client.create::<Ticket>((), &draft).await.unwrap(), 12);
    assert_eq!(client.create::<TicketNote>(7, &draft).await.unwrap(), 12);
    client.update::<Company>((), 0, &draft).await.unwrap();
    client.update::<Contact>(174, 9, &draft).await.unwrap();
    client.delete::<Contact>(174, 9).await.unwrap();
    let requests = received(&server).await;
    let lines: Vec<String> = requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.url.path()))
        .collect();
    let expected = [
        ("POST", "Tickets"),
        ("POST", "Tickets/7/Notes"),
        ("PATCH", "Companies"),
        ("PATCH", "Companies/174/Contacts"),
        ("DELETE", "Companies/174/Contacts/9"),
    ]
    .map(|(verb, at)| format!("{verb} {}", below(at)));
    assert_eq!(lines, expected);
    assert_eq!(body(&requests[2]), json!({"id": 0, "title": "x"}));
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_maybe_done() {
    let late = written().set_delay(Duration::from_secs(30));
    let page = ResponseTemplate::new(200).set_body_string("<html>");
    for answer in [
        late,
        page,
        ResponseTemplate::new(502),
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_body_string(r#"{"itemId":"#),
        ok(&json!({})),
    ] {
        let server = server("POST", "Tickets", answer).await;
        let zone = format!("{}/ATServicesRest", server.uri()).parse().unwrap();
        let client = client_of(Settings {
            zone_url: Some(zone),
            deadline: Duration::from_millis(200),
            ..settings(&server)
        });
        let error = client
            .create::<Ticket>((), &Draft::new())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::MaybeDone(_)), "{error:?}");
        assert_eq!(received(&server).await.len(), 1, "nothing is written twice");
    }
}

#[tokio::test]
async fn a_refused_write_is_surely_not_done_and_keeps_every_reason() {
    let answer = ResponseTemplate::new(500).set_body_json(json!({"errors": ["one", "two"]}));
    let server = server("POST", "Tickets", answer).await;
    let error = client(&server)
        .create::<Ticket>((), &Draft::new())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Invalid { messages, .. } if messages == ["one", "two"]));
}

#[tokio::test]
async fn deleting_what_is_gone_is_gone() {
    let text = "No message. No matching records found. The logged in Resource may not have the \
                required permissions to delete the data.";
    for answer in [refusal(500, text), refusal(404, "Not found")] {
        let server = server("DELETE", "Companies/1/Contacts/9", answer).await;
        let error = client(&server).delete::<Contact>(1, 9).await.unwrap_err();
        assert!(matches!(error, Error::Gone { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_webhook_is_made_in_its_steps() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .respond_with(written())
        .mount(&server)
        .await;
    let ready = json!({"item": {"id": 12, "isActive": true, "isReady": true, "webhookGUID": "g"}});
    Mock::given(path(below("TicketWebhooks/12")))
        .respond_with(ok(&ready))
        .mount(&server)
        .await;
    let client = client(&server);
    let webhooks = client.webhooks(WebhookKind::Ticket);
    let draft = WebhookDraft {
        name: "crossbill tickets".to_owned(),
        webhook_url: "https://hooks.example/t".to_owned(),
        deactivation_url: "https://hooks.example/t/off".to_owned(),
        secret: "hunter2hunter2".into(),
        notification_email: String::new(),
    };
    assert!(!format!("{draft:?}").contains("hunter2"));
    let id = webhooks.create(&draft).await.unwrap();
    webhooks
        .add_field(id, 2, Subscription::Watched)
        .await
        .unwrap();
    webhooks
        .add_udf_field(id, 29_682_801, Subscription::WatchedAndAlwaysSent)
        .await
        .unwrap();
    webhooks.exclude(id, 29_682_999).await.unwrap();
    assert!(webhooks.get(id).await.unwrap().unwrap().calls());
    let requests = received(&server).await;
    let made = body(&requests[0]);
    assert_eq!(made["secretKey"], "hunter2hunter2");
    assert_eq!(made["sendThresholdExceededNotification"], false);
    assert_eq!(made.get("notificationEmailAddress"), None);
    let field = json!({"webhookID": 12, "fieldID": 2, "isSubscribedField": true, "isDisplayAlwaysField": false});
    assert_eq!(body(&requests[1]), field);
    assert_eq!(requests[2].url.path(), below("TicketWebhooks/12/UdfFields"));
    assert_eq!(
        body(&requests[3]),
        json!({"webhookID": 12, "resourceID": 29_682_999})
    );
}

#[tokio::test]
async fn a_request_shows_neither_its_body_nor_a_secret() {
    let draft = Draft::new().set("description", "Jane Citizen");
    let request = Request {
        operation: "autotask.webhook.create",
        entity: "webhook",
        method: Method::POST,
        path: "TicketWebhooks",
        body: Some([&br#"{"secretKey":"hunter2"}"#[..], &draft.body(None)].concat()),
        effect: Effect::Write,
    };
    let shown = format!("{request:?}");
    assert!(shown.contains("TicketWebhooks"), "{shown}");
    // The body as bytes would read 104, 117, 110, …
    for told in ["hunter2", "Jane", "104, 117"] {
        assert!(!shown.contains(told), "{shown}");
    }
}

#[tokio::test]
async fn a_webhook_without_fields_does_not_call() {
    let idle = json!({"items": [{"id": 12, "name": "ours", "isActive": true, "isReady": false}]});
    let server = server("POST", "TicketNoteWebhooks/query", ok(&idle)).await;
    let client = client(&server);
    let webhooks = client.webhooks(WebhookKind::TicketNote);
    assert!(!webhooks.list().await.unwrap()[0].calls());
    assert!(webhooks.udf_choices().await.unwrap().is_empty());
    let requests = received(&server).await;
    assert_eq!(requests.len(), 1);
    assert_eq!(
        body(&requests[0]),
        json!({"MaxRecords": 500, "filter": [{"op": "gte", "field": "id", "value": 0}]}),
        "all fields, as none is named"
    );
}
