//! Creating, changing and deleting by the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::API_RESOURCE;
use super::bench::{Bench, answer, ticket};

#[tokio::test]
async fn a_created_ticket_gets_its_number_its_author_and_its_dates() {
    let bench = Bench::start().await;
    bench
        .hands("clock", json!({"now": "2026-12-01T03:04:05.678Z"}))
        .await;
    let id = bench.ticket("Printer jam").await;
    let second = bench.ticket("Printer jam again").await;
    let made = bench.item(&format!("Tickets/{id}")).await;
    assert_eq!(made["ticketNumber"], "T20261201.0001");
    assert_eq!(
        bench.item(&format!("Tickets/{second}")).await["ticketNumber"],
        "T20261201.0002"
    );
    assert_eq!(made["creatorResourceID"], API_RESOURCE);
    for date in [
        "createDate",
        "lastActivityDate",
        "lastTrackedModificationDateTime",
    ] {
        assert_eq!(made[date], "2026-12-01T03:04:05.678Z", "{date}");
    }
    assert_eq!(made["completedDate"], Value::Null);
}

#[tokio::test]
async fn patch_changes_what_it_names_and_put_empties_the_rest() {
    let bench = Bench::start().await;
    let mut body = ticket("Slow network");
    body["description"] = json!("since Monday");
    body["userDefinedFields"] = json!([{"name": "Jim2 Job#", "value": "5001"}]);
    let id = bench.create("Tickets", body).await;
    let path = format!("Tickets/{id}");
    let change = json!({"ID": id, "title": "Slow network at 4 pm", "userDefinedFields": [{"name": "jim2 sync", "value": "held"}]});
    assert_eq!(
        bench.call(Method::PATCH, "Tickets", &change).await,
        (StatusCode::OK, json!({"itemId": id}))
    );
    let patched = bench.item(&path).await;
    assert_eq!(
        (&patched["title"], &patched["description"]),
        (&json!("Slow network at 4 pm"), &json!("since Monday"))
    );
    assert_eq!(patched["userDefinedFields"][0]["value"], "5001");
    assert_eq!(patched["userDefinedFields"][3]["value"], "held");
    let mut put = ticket("Slow network");
    put["id"] = json!(id);
    assert_eq!(
        bench.call(Method::PUT, "Tickets", &put).await.0,
        StatusCode::OK
    );
    let replaced = bench.item(&path).await;
    assert_eq!(
        (
            &replaced["description"],
            &replaced["userDefinedFields"][0]["value"]
        ),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        replaced["ticketNumber"], patched["ticketNumber"],
        "what the system gives stays"
    );
}

#[tokio::test]
async fn a_required_value_that_is_refused_is_not_called_missing_as_well() {
    let bench = Bench::start().await;
    let mut body = ticket("Wrong");
    body["priority"] = json!(99);
    let told = bench.errors(Method::POST, "Tickets", body).await;
    assert_eq!(told, "Picklist value [99] does not exist for priority.");
}

#[tokio::test]
async fn a_wrong_ticket_is_refused_with_autotasks_sentences() {
    let bench = Bench::start().await;
    let cases = [
        (
            json!({"priority": 99}),
            "Picklist value [99] does not exist for priority.",
        ),
        (
            json!({"companyID": 4}),
            "Reference value on field: companyID of type: Company does not exist or is invalid.",
        ),
        (
            json!({"title": "x".repeat(256)}),
            "title must be less than or equal to 255 characters",
        ),
        (json!({"title": null}), "Missing Required Field: title."),
        (json!({"title": ""}), "Missing Required Field: title."),
        (json!({"queueID": null}), "Missing Required Field: queueID"),
        (
            json!({"assignedResourceID": 29_682_885}),
            "When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID.",
        ),
        (
            json!({"status": true}),
            "Unexpected character encountered while parsing value: t.",
        ),
        (
            json!({"dueDateTime": "tomorrow"}),
            "Could not convert tomorrow to datetime.",
        ),
        (
            json!({"contractID": 1}),
            "Reference value on field: contractID",
        ),
        (
            json!({"userDefinedFields": [{"name": "Colour", "value": "red"}]}),
            "The user-defined field Colour does not exist for Ticket.",
        ),
    ];
    for (change, sentence) in cases {
        let mut body = ticket("Wrong");
        body.as_object_mut()
            .expect("an object")
            .extend(change.as_object().cloned().expect("an object"));
        let told = bench.errors(Method::POST, "Tickets", body).await;
        assert!(told.contains(sentence), "{change}: {told}");
    }
    assert_eq!(
        bench
            .rows(
                "Tickets",
                json!([{"op": "eq", "field": "title", "value": "Wrong"}])
            )
            .await,
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn every_mistake_is_told_at_once() {
    let bench = Bench::start().await;
    let told = bench
        .errors(
            Method::POST,
            "Tickets",
            json!({"priority": 99, "status": 98}),
        )
        .await;
    for part in ["[99]", "[98]", "companyID", "title"] {
        assert!(told.contains(part), "{part}: {told}");
    }
}

#[tokio::test]
async fn unknown_and_read_only_fields_are_passed_over() {
    let bench = Bench::start().await;
    let mut body = ticket("Quiet");
    body["colour"] = json!("red");
    body["lastActivityDate"] = json!("1999-01-01T00:00:00Z");
    body["ticketNumber"] = json!("T19990101.0001");
    let id = bench.create("Tickets", body).await;
    let made = bench.item(&format!("Tickets/{id}")).await;
    assert_ne!(made["ticketNumber"], "T19990101.0001");
    assert!(made["lastActivityDate"].as_str() > Some("2000"));
}

#[tokio::test]
async fn a_contact_is_written_below_its_company_only_and_its_activity_is_a_number() {
    let bench = Bench::start().await;
    let contact = json!({"firstName": "Ann", "lastName": "O'Hara", "isActive": 1});
    let id = bench
        .create("Companies/174/Contacts", contact.clone())
        .await;
    assert_eq!(
        bench.item(&format!("Contacts/{id}")).await["companyID"],
        174
    );
    assert_eq!(
        bench.post("Contacts", contact.clone()).await.0,
        StatusCode::NOT_FOUND
    );
    let told = bench
        .errors(
            Method::POST,
            "Companies/174/Contacts",
            json!({"firstName": "A", "lastName": "B", "isActive": true}),
        )
        .await;
    assert!(
        told.contains("Unexpected character encountered while parsing value: t."),
        "{told}"
    );
    let told = bench
        .errors(
            Method::PATCH,
            "Companies/174/Contacts",
            json!({"id": id, "companyID": 175}),
        )
        .await;
    assert!(
        told.contains("175 in the body is not the 174 of the address"),
        "{told}"
    );
    let told = bench
        .errors(
            Method::PATCH,
            "Companies/175/Contacts",
            json!({"id": id, "title": "CEO"}),
        )
        .await;
    assert!(told.contains("No matching records found"), "{told}");
    assert_eq!(
        bench
            .call(Method::DELETE, &format!("Contacts/{id}"), &Value::Null)
            .await
            .0,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let path = format!("Companies/174/Contacts/{id}");
    assert_eq!(
        bench.call(Method::DELETE, &path, &Value::Null).await,
        (StatusCode::OK, json!({"itemId": id}))
    );
    let told = bench.errors(Method::DELETE, &path, Value::Null).await;
    assert_eq!(
        told,
        "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data."
    );
}

#[tokio::test]
async fn a_write_in_somebodys_name_tells_both() {
    let bench = Bench::start().await;
    let request = bench
        .request(Method::POST, "Tickets")
        .header("ImpersonationResourceId", "29682885")
        .json(&ticket("In her name"));
    let (_, made) = answer(request).await;
    let made = bench.item(&format!("Tickets/{}", made["itemId"])).await;
    assert_eq!(
        (
            &made["creatorResourceID"],
            &made["impersonatorCreatorResourceID"]
        ),
        (&json!(29_682_885), &json!(API_RESOURCE))
    );
    let request = bench
        .request(Method::POST, "Tickets")
        .header("ImpersonationResourceId", "1")
        .json(&ticket("In nobody's name"));
    assert_eq!(answer(request).await.0, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn an_update_needs_an_id_that_exists() {
    let bench = Bench::start().await;
    assert!(
        bench
            .errors(Method::PATCH, "Tickets", json!({"title": "x"}))
            .await
            .contains("must name the id")
    );
    assert!(
        bench
            .errors(Method::PATCH, "Tickets", json!({"id": 1, "title": "x"}))
            .await
            .contains("No matching records found")
    );
    assert_eq!(
        bench
            .call(Method::PATCH, "Tickets/7001", &json!({"title": "x"}))
            .await
            .0,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
