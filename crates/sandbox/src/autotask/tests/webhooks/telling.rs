//! What is told of a change, to whom, how often and in what order.

use reqwest::Method;
use serde_json::json;

use super::super::super::API_RESOURCE;
use super::super::bench::Bench;
use super::receiver::Receiver;
use super::{SECRET, number, subscription, watch_tickets};

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
async fn a_user_defined_field_that_was_made_just_now_can_be_watched_too() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let definition = json!({"name": "Rack", "udfType": 9, "dataType": 1});
    let udf = bench
        .create("UserDefinedFieldDefinitions", definition)
        .await;
    let hook = bench
        .create("TicketWebhooks", subscription(&receiver))
        .await;
    let field =
        json!({"udfFieldID": udf, "isSubscribedField": true, "isDisplayAlwaysField": false});
    bench
        .create(&format!("TicketWebhooks/{hook}/UdfFields"), field)
        .await;
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": 7001, "udf": {"Rack": "B7"}}),
        )
        .await;
    assert_eq!(
        receiver.next().await.json()["Fields"],
        json!({"Rack": "B7"})
    );
}

#[tokio::test]
async fn a_contact_that_goes_is_told_by_its_tickets_too() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let contact = json!({"firstName": "Ann", "lastName": "Lee", "isActive": 1});
    let contact = bench.create("Companies/174/Contacts", contact).await;
    let ticket =
        json!({"entity": "Tickets", "set": {"companyID": 174, "title": "x", "contactID": contact}});
    bench.hands("create", ticket).await;
    for (singular, label) in [("Ticket", "Contact ID"), ("Contact", "First Name")] {
        let hook = bench
            .create(&format!("{singular}Webhooks"), subscription(&receiver))
            .await;
        let field = json!({"fieldID": number(&bench, singular, label).await, "isSubscribedField": true, "isDisplayAlwaysField": false});
        bench
            .create(&format!("{singular}Webhooks/{hook}/Fields"), field)
            .await;
    }
    let path = format!("Companies/174/Contacts/{contact}");
    bench.call(Method::DELETE, &path, &json!(null)).await;
    let mut told = [receiver.next().await.json(), receiver.next().await.json()];
    told.sort_by_key(|event| event["EntityType"].to_string());
    let [left, without] = told;
    assert_eq!(
        (&left["EntityType"], &left["Action"]),
        (&json!("Contact"), &json!("Delete"))
    );
    assert_eq!(
        (
            &without["EntityType"],
            &without["Action"],
            &without["Fields"]
        ),
        (
            &json!("Ticket"),
            &json!("Update"),
            &json!({"ContactID": null})
        )
    );
}

#[tokio::test]
async fn a_company_that_goes_is_told_by_its_contacts_too() {
    let (bench, receiver) = (Bench::start().await, Receiver::start().await);
    let company = json!({"companyName": "Short-lived", "companyType": 1, "phone": "02 5550 0101", "ownerResourceID": 29_682_885});
    let company = bench.create("Companies", company).await;
    let contact = json!({"firstName": "Ann", "lastName": "Lee", "isActive": 1});
    let path = format!("Companies/{company}/Contacts");
    let contact = bench.create(&path, contact).await;
    let hook = bench
        .create("ContactWebhooks", subscription(&receiver))
        .await;
    let field = json!({"fieldID": number(&bench, "Contact", "First Name").await, "isSubscribedField": true, "isDisplayAlwaysField": false});
    bench
        .create(&format!("ContactWebhooks/{hook}/Fields"), field)
        .await;
    let gone = json!({"entity": "Companies", "id": company});
    bench.hands("delete", gone).await;
    let told = receiver.next().await.json();
    assert_eq!(
        (&told["Action"], &told["Id"]),
        (&json!("Delete"), &json!(contact))
    );
}
