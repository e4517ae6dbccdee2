//! Values that depend on other records, other fields, or the kind of a user-defined field.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::API_RESOURCE;
use super::bench::{Bench, ticket};

#[tokio::test]
async fn references_to_inactive_people_and_assignments_to_api_users_are_refused() {
    let bench = Bench::start().await;
    let contact = bench
        .create(
            "Companies/174/Contacts",
            json!({"firstName": "Jo", "lastName": "Left", "isActive": 0}),
        )
        .await;
    let mut body = ticket("For nobody");
    body["contactID"] = json!(contact);
    let told = bench.errors(Method::POST, "Tickets", body.clone()).await;
    assert_eq!(
        told,
        "Reference value on field: contactID of type: Contact does not exist or is invalid."
    );
    bench
        .hands(
            "edit",
            json!({"entity": "Contacts", "id": contact, "set": {"isActive": 1}}),
        )
        .await;
    bench.create("Tickets", body).await;
    let mut body = ticket("For the machine");
    body["assignedResourceID"] = json!(API_RESOURCE);
    body["assignedResourceRoleID"] = bench
        .rows("Roles", json!([{"op": "exist", "field": "id"}]))
        .await[0]["id"]
        .clone();
    assert!(
        bench
            .errors(Method::POST, "Tickets", body)
            .await
            .contains("assignedResourceID of type: Resource")
    );
}

#[tokio::test]
async fn a_resource_that_has_left_is_refused() {
    let bench = Bench::start().await;
    let off = json!({"entity": "Resources", "id": 29_682_885, "set": {"isActive": false}});
    bench.hands("edit", off).await;
    let told = bench
        .errors(
            Method::PATCH,
            "Companies",
            json!({"id": 174, "ownerResourceID": 29_682_885}),
        )
        .await;
    assert_eq!(
        told,
        "Reference value on field: ownerResourceID of type: Resource does not exist or is invalid."
    );
}

#[tokio::test]
async fn a_sub_issue_belongs_to_its_issue() {
    let bench = Bench::start().await;
    let id = bench.ticket("Paper jam").await;
    let patch = |change: Value| {
        let mut body = json!({"id": id});
        body.as_object_mut()
            .expect("an object")
            .extend(change.as_object().cloned().expect("an object"));
        body
    };
    let stray = "Picklist value [121] does not exist for subIssueType.";
    for wrong in [
        json!({"subIssueType": 121}),
        json!({"issueType": 10, "subIssueType": 121}),
    ] {
        let told = bench.errors(Method::PATCH, "Tickets", patch(wrong)).await;
        assert_eq!(told, stray);
    }
    let right = patch(json!({"issueType": 12, "subIssueType": 121}));
    assert_eq!(
        bench.call(Method::PATCH, "Tickets", &right).await.0,
        StatusCode::OK
    );
    let moved = patch(json!({"issueType": 10}));
    assert_eq!(bench.errors(Method::PATCH, "Tickets", moved).await, stray);
    let both = patch(json!({"issueType": 10, "subIssueType": null}));
    assert_eq!(
        bench.call(Method::PATCH, "Tickets", &both).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_value_that_nobody_can_choose_any_more_is_refused() {
    let bench = Bench::start().await;
    let (_, fields) = bench.get("Companies/entityInformation/fields").await;
    let mut fields = fields["fields"].as_array().into_iter().flatten();
    let segment = fields
        .find(|field| field["name"] == "marketSegmentID")
        .expect("it is there");
    let mut values = segment["picklistValues"].as_array().into_iter().flatten();
    let gone = values
        .find(|value| value["isActive"] == false)
        .expect("one is inactive");
    let told = bench
        .errors(
            Method::PATCH,
            "Companies",
            json!({"id": 174, "marketSegmentID": gone["value"]}),
        )
        .await;
    assert_eq!(
        told,
        "Picklist value [29682773] does not exist for marketSegmentID."
    );
}

#[tokio::test]
async fn a_user_defined_field_takes_values_of_its_kind_and_tells_them_as_text() {
    let bench = Bench::start().await;
    let udf = |name: &str, value: Value| json!({"id": 174, "userDefinedFields": [{"name": name, "value": value}]});
    for (name, value, sentence) in [
        (
            "Customer ranking",
            json!("Platinum"),
            "Picklist value [Platinum] does not exist for Customer ranking.",
        ),
        (
            "Contract review",
            json!("soon"),
            "Could not convert soon to datetime. Path 'Contract review'.",
        ),
        (
            "Seats",
            json!("many"),
            "Could not convert many to double. Path 'Seats'.",
        ),
        (
            "Jim2 CardNo",
            json!("x".repeat(256)),
            "Jim2 CardNo must be less than or equal to 255 characters",
        ),
    ] {
        let told = bench
            .errors(Method::PATCH, "Companies", udf(name, value))
            .await;
        assert_eq!(told, sentence);
    }
    for (name, value, told) in [
        ("Customer ranking", json!("Gold"), json!("Gold")),
        (
            "Contract review",
            json!("2026-11-30T13:00:00Z"),
            json!("2026-11-30T00:00:00"),
        ),
        ("Seats", json!(25), json!("25")),
        ("Seats", json!(""), Value::Null),
        ("Seats", json!("9.5"), json!("9.5")),
    ] {
        let body = udf(name, value);
        bench.call(Method::PATCH, "Companies", &body).await;
        let company = bench.item("Companies/174").await;
        let mut udfs = company["userDefinedFields"]
            .as_array()
            .into_iter()
            .flatten();
        let udf = udfs.find(|udf| udf["name"] == name).expect("it is there");
        assert_eq!(udf["value"], told, "{body}");
    }
}

#[tokio::test]
async fn numbers_and_dates_of_user_defined_fields_are_compared_as_such() {
    let bench = Bench::start().await;
    let udfs =
        json!([{"name": "Seats", "value": 9}, {"name": "Contract review", "value": "2026-11-30"}]);
    let body = json!({"id": 174, "userDefinedFields": udfs});
    bench.call(Method::PATCH, "Companies", &body).await;
    for (field, op, value, found) in [
        ("Seats", "lt", json!(10), 1),
        ("Seats", "lt", json!("10"), 1),
        ("Seats", "gte", json!(10), 0),
        ("Contract review", "gte", json!("2026-11-30T00:00:00Z"), 1),
        ("Contract review", "lt", json!("2026-11-30"), 0),
    ] {
        let condition = json!([{"op": op, "field": field, "udf": true, "value": value}]);
        let rows = bench.rows("Companies", condition.clone()).await;
        assert_eq!(rows.len(), found, "{condition}");
    }
}

#[tokio::test]
async fn the_metadata_tells_the_kinds_of_user_defined_fields() {
    let bench = Bench::start().await;
    let (_, told) = bench
        .get("Companies/entityInformation/userDefinedFields")
        .await;
    let mut fields = told["fields"].as_array().into_iter().flatten();
    let mut kind = |name: &str| {
        let field = fields.find(|field| field["name"] == name);
        let field = field.expect("it is there");
        let choices = field["picklistValues"].as_array().map(Vec::len);
        (field["type"].clone(), field["isPickList"].clone(), choices)
    };
    assert_eq!(
        kind("Customer ranking"),
        (json!("string"), json!(true), Some(3))
    );
    assert_eq!(
        kind("Contract review"),
        (json!("datetime"), json!(false), None)
    );
    assert_eq!(kind("Seats"), (json!("double"), json!(false), None));
}
