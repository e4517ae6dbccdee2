//! Items, pages, batches, metadata.

use domain::{Told, Value};

use super::*;
use crate::{
    Access, Company, Contact, Entity as _, Filter, Query, Resource, Role, Ticket, WebhookKind,
};

/// Answers a query as Autotask does: filter `gt id`, ascending, at most `MaxRecords`.
fn ten_companies(request: &Received) -> ResponseTemplate {
    let asked = body(request);
    let after = asked["filter"][1]["value"].as_i64().unwrap_or(-1);
    let rows = usize::try_from(asked["MaxRecords"].as_i64().unwrap()).unwrap();
    let items: Vec<Json> = (0..10)
        .filter(|id| *id > after)
        .take(rows)
        .map(|id| json!({ "id": id }))
        .collect();
    ok(&json!({"items": items, "pageDetails": {"count": items.len(), "nextPageUrl": null}}))
}

#[tokio::test]
async fn pages_are_walked_by_id_from_company_0_to_the_last() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path(below("Companies/query")))
        .respond_with(ten_companies)
        .mount(&server)
        .await;
    let query = Query::everything().page_rows(4);
    let all: Vec<Company> = client(&server).query_all(&query).await.unwrap();
    assert_eq!(
        all.iter().map(|row| row.id).collect::<Vec<_>>(),
        (0..10).collect::<Vec<_>>()
    );
    let requests = received(&server).await;
    assert_eq!(requests.len(), 3);
    let first = body(&requests[0]);
    assert_eq!(
        first["filter"],
        json!([{"op": "gte", "field": "id", "value": 0}])
    );
    assert_eq!(first["IncludeFields"][0], "id");
    assert_eq!(
        body(&requests[1])["filter"][1],
        json!({"op": "gt", "field": "id", "value": 3})
    );
}

#[tokio::test]
async fn a_server_that_does_not_advance_is_an_error_and_no_endless_loop() {
    let same = ok(&json!({"items": [{"id": 1}, {"id": 2}]}));
    let server = server("POST", "Companies/query", same).await;
    let query = Query::everything().page_rows(2);
    let error = client(&server)
        .query_all::<Company>(&query)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error:?}");
    assert_eq!(received(&server).await.len(), 2);
}

#[tokio::test]
async fn a_cut_page_is_an_error_and_never_no_rows() {
    for cut in ["", r#"{"items":[{"id":1}"#, "{}"] {
        let answer = ResponseTemplate::new(200).set_body_string(cut);
        let server = server("POST", "Companies/query", answer).await;
        let rows = client(&server)
            .query_all::<Company>(&Query::everything())
            .await;
        assert!(rows.is_err(), "{cut}");
    }
}

#[tokio::test]
async fn a_missing_item_is_none_in_both_of_its_forms() {
    for answer in [ok(&json!({"item": null})), refusal(404, "Not found")] {
        let server = server("GET", "Tickets/7", answer).await;
        assert_eq!(client(&server).get::<Ticket>(7).await.unwrap(), None);
    }
}

/// What a zone answers where the path does not exist, and what IIS shows in its place.
fn no_such_path() -> [ResponseTemplate; 2] {
    let message = "No HTTP resource was found that matches the request URI.";
    [
        ResponseTemplate::new(404).set_body_json(json!({ "Message": message })),
        ResponseTemplate::new(404)
            .set_body_string("<html>404 - File or directory not found.</html>"),
    ]
}

#[tokio::test]
async fn a_missing_path_is_never_a_missing_record() {
    for answer in no_such_path() {
        let server = MockServer::start().await;
        Mock::given(wiremock::matchers::any())
            .respond_with(answer)
            .mount(&server)
            .await;
        let client = client(&server);
        let webhooks = client.webhooks(WebhookKind::Ticket);
        for failure in [
            client.get::<Ticket>(7).await.map(drop),
            client.by_ids::<Ticket>(&[7], &[]).await.map(drop),
            client.fields::<Ticket>().await.map(drop),
            client.threshold().await.map(drop),
            webhooks.get(12).await.map(drop),
            webhooks.list().await.map(drop),
            webhooks.fields(12).await.map(drop),
        ] {
            assert!(
                matches!(failure, Err(Error::NoSuchCall { .. })),
                "{failure:?}"
            );
        }
    }
}

#[tokio::test]
async fn only_user_defined_fields_may_have_no_path() {
    let [told, page] = no_such_path();
    let at = "Resources/entityInformation/userDefinedFields";
    let server_of_none = server("GET", at, told).await;
    assert_eq!(
        client(&server_of_none).udfs::<Resource>().await.unwrap(),
        []
    );
    let starting = server("GET", at, page).await;
    assert!(
        client(&starting).udfs::<Resource>().await.is_err(),
        "a page says nothing about fields"
    );
}

#[tokio::test]
async fn a_webhook_that_is_gone_is_none_and_has_no_fields_to_tell() {
    let server = server("GET", "TicketWebhooks/12", refusal(404, "Not found")).await;
    let client = client(&server);
    let webhooks = client.webhooks(WebhookKind::Ticket);
    assert_eq!(webhooks.get(12).await.unwrap(), None);
    let error = webhooks.fields(12).await.unwrap_err();
    assert!(matches!(error, Error::Gone { .. }), "{error:?}");
}

#[tokio::test]
async fn user_defined_fields_that_were_not_told_are_empty_only_by_id() {
    let row = json!({"id": 7, "isActive": 1, "lastActivityDate": "2026-11-23T01:02:03.4567"});
    let server = server("GET", "Contacts/7", ok(&json!({ "item": row }))).await;
    Mock::given(method("POST"))
        .and(path(below("Contacts/query")))
        .respond_with(ok(&json!({ "items": [row] })))
        .mount(&server)
        .await;
    let client = client(&server);
    let by_id: Contact = client.get(7).await.unwrap().unwrap();
    assert_eq!(by_id.udf("Jim2"), Told::Empty);
    assert_eq!(by_id.is_active, Told::Is(1));
    assert_eq!(
        by_id.value("lastActivityDate"),
        Some(Value::text("2026-11-23T01:02:03.456Z"))
    );
    assert_eq!(by_id.value("email"), None);
    let udfs = ["Jim2".to_owned()];
    let queried: Vec<Contact> = client.by_ids(&[7, 7], &udfs).await.unwrap();
    assert_eq!(queried[0].udf("Jim2"), Told::Not);
    let asked = body(&received(&server).await[1]);
    assert_eq!(
        asked["filter"],
        json!([{"op": "in", "field": "id", "value": [7]}])
    );
    assert!(
        asked["IncludeFields"]
            .as_array()
            .unwrap()
            .contains(&json!("Jim2"))
    );
}

#[tokio::test]
async fn ids_are_read_200_a_call_and_none_costs_no_call() {
    let server = server("POST", "Tickets/query", ok(&json!({"items": []}))).await;
    let client = client(&server);
    let ids: Vec<i64> = (0..450).collect();
    assert!(client.by_ids::<Ticket>(&ids, &[]).await.unwrap().is_empty());
    assert_eq!(received(&server).await.len(), 3);
    assert!(client.by_ids::<Ticket>(&[], &[]).await.unwrap().is_empty());
    assert_eq!(received(&server).await.len(), 3);
}

#[tokio::test]
async fn rates_keep_their_digits() {
    let answer = r#"{"items":[{"id":1,"hourlyRate":0.1,"hourlyFactor":12345678901234567.8901}]}"#;
    let answer = ResponseTemplate::new(200).set_body_string(answer);
    let server = server("POST", "Roles/query", answer).await;
    let roles: Vec<Role> = client(&server)
        .query_all(&Query::everything())
        .await
        .unwrap();
    assert_eq!(roles[0].value("hourlyRate"), Some(Value::text("0.1")));
    assert_eq!(
        roles[0].value("hourlyFactor"),
        Some(Value::text("12345678901234567.8901"))
    );
}

#[tokio::test]
async fn a_wrong_value_is_named_by_its_place_and_not_told() {
    let rows = json!({"items": [{"id": 1}, {"id": 2, "dueDateTime": "Jane Citizen"}]});
    let server = server("POST", "Tickets/query", ok(&rows)).await;
    let error = client(&server)
        .query_all::<Ticket>(&Query::everything())
        .await
        .unwrap_err();
    let shown = error.to_string();
    assert!(shown.contains("items[1].dueDateTime"), "{shown}");
    assert!(!shown.contains("Jane"), "{shown}");
}

#[tokio::test]
async fn rows_are_counted_without_being_read() {
    let server = server(
        "POST",
        "Tickets/query/count",
        ok(&json!({"queryCount": 123})),
    )
    .await;
    let filter = Filter::not_exists("externalID");
    assert_eq!(client(&server).count::<Ticket>(&filter).await.unwrap(), 123);
}

#[tokio::test]
async fn metadata_are_read_and_an_entity_without_user_defined_fields_has_none() {
    let priority = json!({"name": "priority", "dataType": "integer", "length": 0, "isRequired": true,
        "isPickList": true, "referenceEntityType": null, "picklistValues": [
            {"value": "1", "label": "High", "isDefaultValue": false, "sortOrder": 1, "parentValue": "", "isActive": true}]});
    let fields = ok(&json!({ "fields": [priority] }));
    let server = server("GET", "Tickets/entityInformation/fields", fields).await;
    let info = json!({"info": {"name": "Ticket", "canCreate": true, "userAccessForQuery": "Restricted", "userAccessForDelete": 0}});
    Mock::given(path(below("Tickets/entityInformation")))
        .respond_with(ok(&info))
        .mount(&server)
        .await;
    let client = client(&server);
    let fields = client.fields::<Ticket>().await.unwrap();
    assert_eq!(fields[0].picklist_values[0].label, "High");
    assert!(fields[0].is_required && !fields[0].is_read_only);
    let info = client.entity_information::<Ticket>().await.unwrap();
    assert_eq!(info.user_access_for_query, Access::Restricted);
    assert_eq!(info.user_access_for_delete, Access::None);
    assert_eq!(info.user_access_for_create, Access::Unknown);
    assert!(client.udfs::<Resource>().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_hourly_allowance_is_read() {
    let told = json!({"externalRequestThreshold": 10000, "requestThresholdTimeframe": 60, "currentTimeframeRequestCount": 1234});
    let server = server("GET", "ThresholdInformation", ok(&told)).await;
    let threshold = client(&server).threshold().await.unwrap();
    assert_eq!(
        (threshold.limit, threshold.minutes, threshold.used),
        (10_000, 60, 1234)
    );
}
