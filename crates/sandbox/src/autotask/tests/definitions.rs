//! The definitions of user-defined fields: made, refused, changed, and what records have of them.

use std::collections::BTreeMap;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::{Denial, Options};
use super::bench::Bench;

const DEFINITIONS: &str = "UserDefinedFieldDefinitions";
const CONTACT: i64 = 2;
const TICKET: i64 = 9;
const TEXT: i64 = 1;

fn text(name: &str, of: i64) -> Value {
    json!({"name": name, "udfType": of, "dataType": TEXT})
}

/// The names of an entity's fields; none where its metadata tells that it has no such fields.
async fn names(bench: &Bench, entity: &str) -> Option<Vec<String>> {
    let path = format!("{entity}/entityInformation/userDefinedFields");
    let (status, told) = bench.get(&path).await;
    let names = told["fields"].as_array()?.iter();
    assert_eq!(status, StatusCode::OK);
    Some(
        names
            .map(|field| field["name"].as_str().expect("a name").to_owned())
            .collect(),
    )
}

async fn fresh() -> Bench {
    Bench::start_with(Options {
        crossbill_udfs: false,
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn a_tenant_that_never_saw_crossbill_has_its_own_fields_only() {
    let bench = fresh().await;
    assert_eq!(names(&bench, "Tickets").await, None);
    assert_eq!(
        names(&bench, "Companies").await.expect("it has some"),
        ["Customer ranking", "Contract review", "Seats"]
    );
    let (_, info) = bench.get("Tickets/entityInformation").await;
    assert_eq!(info["info"]["hasUserDefinedFields"], false);
    assert!(
        bench
            .item("Tickets/7001")
            .await
            .get("userDefinedFields")
            .is_none()
    );
}

#[tokio::test]
async fn a_field_that_is_made_is_empty_everywhere_and_is_written_read_and_queried() {
    let bench = fresh().await;
    let id = bench.create(DEFINITIONS, text("Jim2 Job#", TICKET)).await;
    assert_eq!(
        names(&bench, "Tickets").await.expect("it has one"),
        ["Jim2 Job#"]
    );
    let made = bench.item(&format!("{DEFINITIONS}/{id}")).await;
    assert_eq!(
        (&made["isActive"], &made["isRequired"], &made["sortOrder"]),
        (&json!(true), &json!(false), &json!(1))
    );
    assert!(made["createDate"].is_string(), "{made}");
    let field = |value: Value| json!([{"name": "Jim2 Job#", "value": value}]);
    for ticket in bench
        .rows("Tickets", json!([{"op": "gt", "field": "id", "value": 0}]))
        .await
    {
        assert_eq!(ticket["userDefinedFields"], field(Value::Null));
    }
    let body = json!({"id": 7001, "userDefinedFields": field(json!("5001"))});
    bench.call(Method::PATCH, "Tickets", &body).await;
    let found = bench
        .rows(
            "Tickets",
            json!([{"op": "eq", "field": "Jim2 Job#", "udf": true, "value": "5001"}]),
        )
        .await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["userDefinedFields"], field(json!("5001")));
}

#[tokio::test]
async fn a_definition_that_makes_no_sense_is_refused_in_autotasks_way() {
    let bench = Bench::start().await;
    let with = |more: Value| {
        let mut body = text("New", TICKET);
        for (name, value) in more.as_object().expect("fields") {
            body[name] = value.clone();
        }
        body
    };
    for (body, sentence) in [
        (
            json!({"udfType": TICKET, "dataType": TEXT}),
            "Missing Required Field: name.",
        ),
        (
            json!({"name": "New"}),
            "Missing Required Field: dataType. | Missing Required Field: udfType.",
        ),
        (
            text("New", 99),
            "Picklist value [99] does not exist for udfType.",
        ),
        (
            with(json!({"dataType": 99})),
            "Picklist value [99] does not exist for dataType.",
        ),
        (
            text(&"x".repeat(46), TICKET),
            "name must be less than or equal to 45 characters",
        ),
        (
            text("JIM2 JOB#", TICKET),
            "A user-defined field with the name JIM2 JOB# already exists for Ticket.",
        ),
        (
            with(json!({"isRequired": true})),
            "isRequired must be false for a user-defined field of Ticket.",
        ),
        (
            with(json!({"isEncrypted": true})),
            "isEncrypted must be false where isProtected is false.",
        ),
    ] {
        let told = bench.errors(Method::POST, DEFINITIONS, body.clone()).await;
        assert!(told.contains(sentence), "{body}: {told}");
    }
    bench.create(DEFINITIONS, text("Jim2 Job#", CONTACT)).await;
}

#[tokio::test]
async fn a_definition_is_renamed_and_switched_off_and_never_deleted_or_of_another_kind() {
    let bench = Bench::start().await;
    let path = format!("{DEFINITIONS}/29682904");
    let body = json!({"id": 7001, "userDefinedFields": [{"name": "Jim2 sync", "value": "HELD"}]});
    bench.call(Method::PATCH, "Tickets", &body).await;
    for (name, value) in [("udfType", CONTACT), ("dataType", 3)] {
        let body = json!({"id": 29_682_904, name: value});
        let told = bench.errors(Method::PATCH, DEFINITIONS, body).await;
        assert_eq!(told, format!("{name} cannot be changed after creation."));
    }
    let (status, _) = bench.call(Method::DELETE, &path, &Value::Null).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);

    let change = async |change: Value| {
        let (status, _) = bench.call(Method::PATCH, DEFINITIONS, &change).await;
        assert_eq!(status, StatusCode::OK, "{change}");
        let ticket = bench.item("Tickets/7001").await;
        let udfs = ticket["userDefinedFields"].as_array().expect("a list");
        udfs.last().expect("there are others").clone()
    };
    let renamed = change(json!({"id": 29_682_904, "name": "Sync"})).await;
    assert_eq!(renamed, json!({"name": "Sync", "value": "HELD"}));
    let other = change(json!({"id": 29_682_904, "isActive": false})).await;
    assert_eq!(other["name"], "Jim2 invoice#");
    let back = change(json!({"id": 29_682_904, "isActive": true})).await;
    assert_eq!(back, renamed);
}

#[tokio::test]
async fn a_user_without_the_right_makes_none_and_is_told_so() {
    for (denial, status) in [
        (Denial::Forbidden, StatusCode::FORBIDDEN),
        (Denial::Text, StatusCode::INTERNAL_SERVER_ERROR),
        (Denial::Silence, StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let bench = Bench::start_with(Options {
            denied: BTreeMap::from([(DEFINITIONS.to_owned(), denial)]),
            ..Options::default()
        })
        .await;
        let (answered, told) = bench.post(DEFINITIONS, text("New", TICKET)).await;
        assert_eq!(answered, status, "{told}");
        let names = names(&bench, "Tickets").await.expect("it has some");
        assert!(!names.contains(&"New".to_owned()), "{names:?}");
    }
}

#[tokio::test]
async fn an_entity_has_only_so_many_active_fields() {
    let bench = Bench::start().await;
    for number in 0..100 {
        let body = text(&format!("Field {number}"), CONTACT);
        bench.create(DEFINITIONS, body).await;
    }
    let told = bench
        .errors(Method::POST, DEFINITIONS, text("One more", CONTACT))
        .await;
    assert_eq!(
        told,
        "Contact cannot have more than 100 active user-defined fields."
    );
    let mut idle = text("One more", CONTACT);
    idle["isActive"] = json!(false);
    bench.create(DEFINITIONS, idle).await;
}
