//! Cardfiles and their contacts.

use serde_json::{Value, json};

use super::site::Site;
use crate::jim2::ContactIds;

#[tokio::test]
async fn only_name_and_addresses_of_a_card_can_be_changed() {
    let site = Site::new().await;
    let card = format!("cardfiles/{}", site.customer().await);
    let before = site.get(&card).await.attributes()["address"].clone();
    let change = json!({ "name": "New Name", "address": { "suburb": "Parramatta" } });
    let reply = site.patch(&card, "CardFile", change).await;
    assert_eq!(reply.attributes()["name"], "New Name");
    assert_eq!(reply.attributes()["address"]["suburb"], "Parramatta");
    let street = &reply.attributes()["address"]["streetAddress"];
    assert_eq!(street, &before["streetAddress"], "what is not sent stays");
    for name in ["aBN", "cardCode", "customer", "contact"] {
        let reply = site.patch(&card, "CardFile", json!({ name: "x" })).await;
        assert_eq!(reply.refusal(), (403, "attribute-read-only"), "{name}");
    }
    let reply = site.patch(&card, "CardFile", json!({ "phone": "x" })).await;
    assert_eq!(reply.refusal(), (403, "attribute-unknown"));
    for (attributes, pointer) in [
        (json!({ "name": "x".repeat(101) }), "/data/attributes/name"),
        (
            json!({ "address": { "state": "NSWA" } }),
            "/data/attributes/address/state",
        ),
        (
            json!({ "address": { "postCode": "123456789" } }),
            "/data/attributes/address/postCode",
        ),
        (
            json!({ "delAddress": { "suburb": "x".repeat(51) } }),
            "/data/attributes/delAddress/suburb",
        ),
    ] {
        let reply = site.patch(&card, "CardFile", attributes).await;
        assert_eq!(reply.refusal(), (422, "too-long"));
        assert_eq!(reply.pointer(), pointer);
    }
    let reply = site.patch(&card, "CardFile", json!({ "name": "" })).await;
    assert_eq!(reply.refusal(), (422, "name-required"));
    site.stop().await;
}

#[tokio::test]
async fn users_are_cards_that_a_filter_finds() {
    let site = Site::new().await;
    let users = site
        .get("cardfiles?filter[User]=True&filter[UserInitials]=api")
        .await;
    assert_eq!(users.ids().len(), 1);
    let customers = site.get("cardfiles?filter[Customer]=True").await;
    assert!(!customers.ids().contains(&users.ids()[0]));
    site.stop().await;
}

#[tokio::test]
async fn a_contact_lives_through_create_change_and_delete() {
    let site = Site::new().await;
    let card = site.customer().await;
    let path = format!("cardfiles/{card}/contacts");
    let known = site.get(&path).await.ids().len();
    let person = json!({
        "firstName": "Zoë", "lastName": "O'Brien",
        "details": [{ "type": "email", "value": "zoe@example.com" }],
    });
    let reply = site.add(&path, "CardFileContact", person).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.attributes()["displayName"], "Zoë O'Brien");
    assert_eq!(reply.attributes()["details"][0]["type"], "EMail");
    let id = reply.body["data"]["id"].as_str().unwrap();
    assert_eq!(id, format!("{card}-{}", known + 1));

    let one = format!("{path}/{id}");
    let reply = site
        .patch(&one, "CardFileContact", json!({ "jobTitle": "CEO" }))
        .await;
    assert_eq!(reply.attributes()["jobTitle"], "CEO");
    for (attributes, refusal) in [
        (json!({ "isPrimary": true }), (403, "attribute-read-only")),
        (json!({ "email": "x" }), (403, "attribute-unknown")),
        (json!({ "firstName": "x".repeat(26) }), (422, "too-long")),
        (json!({ "displayName": "x".repeat(52) }), (422, "too-long")),
        (
            json!({ "details": [{ "type": "Pager" }] }),
            (422, "unknown-contact-type"),
        ),
        (
            json!({ "details": [{ "value": "x" }] }),
            (422, "field-required"),
        ),
    ] {
        let reply = site
            .patch(&one, "CardFileContact", attributes.clone())
            .await;
        assert_eq!(reply.refusal(), refusal, "{attributes}");
    }
    assert_eq!(site.delete(&one).await.status, 204);
    assert_eq!(site.get(&one).await.status, 404);
    site.stop().await;
}

#[tokio::test]
async fn an_older_build_numbers_contacts_within_their_card() {
    let site = Site::with(|options| options.contact_ids = ContactIds::ContactOnly).await;
    let card = site.customer().await;
    let path = format!("cardfiles/{card}/contacts");
    let person = json!({ "displayName": "Reception" });
    let reply = site.add(&path, "CardFileContact", person).await;
    let id = reply.body["data"]["id"].as_str().unwrap();
    assert!(!id.contains('-'));
    assert_eq!(site.get(&format!("{path}/{id}")).await.status, 200);
    assert_eq!(site.get(&format!("{path}/{card}-{id}")).await.status, 404);
    site.stop().await;
}

#[tokio::test]
async fn a_web_logon_belongs_to_one_person() {
    let site = Site::new().await;
    let path = format!("cardfiles/{}/contacts", site.customer().await);
    let person = |name: &str| json!({ "displayName": name, "webAccount": { "logonId": "a@b.c", "password": "x" } });
    let reply = site.add(&path, "CardFileContact", person("One")).await;
    let account = json!({ "enabled": true, "logonId": "a@b.c" });
    assert_eq!(reply.attributes()["webAccount"], account);
    let reply = site.add(&path, "CardFileContact", person("Two")).await;
    assert_eq!(reply.refusal(), (422, "logon-taken"));
    site.stop().await;
}

#[tokio::test]
async fn cardfilecreate_makes_the_documents_own_example() {
    let site = Site::new().await;
    let body = json!({
        "cardCode": "EXAMPLE1", "name": "Example card file", "customer": {}, "ship": true,
        "address": { "streetAddress": "1 A St", "suburb": "theBurbs", "state": "nsw",
            "postcode": "1234", "country": "Australia" },
        "deliveryAddress": { "suburb": "delBurbs", "state": "qld", "postcode": "4321" },
        "ACN": "ACN here", "ABN": "Put ABN here",
        "contacts": [{ "tile": "Dr", "firstName": "firstname1", "dob": "2001-12-31",
            "details": [{ "type": "EMail", "value": "some@one.com" }] }],
    });
    let reply = site.post("cardfilecreate", body.clone()).await;
    assert_eq!(reply.status, 201);
    assert_eq!(reply.body["cardCode"], "EXAMPLE1");
    let card = format!("cardfiles/{}", reply.body["cardNo"]);
    let told = site.get(&card).await;
    assert_eq!(told.attributes()["aBN"], "Put ABN here");
    assert_eq!(told.attributes()["delAddress"]["postCode"], "4321");
    assert!(told.attributes()["customer"].is_object());
    assert_eq!(site.get(&format!("{card}/contacts")).await.ids().len(), 1);

    let again = site.post("cardfilecreate", body).await;
    assert_eq!(again.refusal(), (409, "card-code-taken"));
    site.stop().await;
}

#[tokio::test]
async fn jim2_makes_a_code_from_the_name_and_keeps_codes_legal() {
    let site = Site::new().await;
    let create = |body: Value| site.post("cardfilecreate", body);
    let first = create(json!({ "name": "O'Neill & Söhne" })).await;
    assert_eq!(first.body["cardCode"], "ONEILL..SH");
    let second = create(json!({ "name": "O'Neill & Söhne", "cardCode": "" })).await;
    assert_eq!(second.body["cardCode"], "ONEILL..S2");
    let spaced = create(json!({ "name": "x", "cardCode": "a b" })).await;
    assert_eq!(spaced.body["cardCode"], "A.B");
    for (body, refusal) in [
        (
            json!({ "name": "x", "cardCode": "A&B" }),
            (422, "card-code-illegal"),
        ),
        (
            json!({ "name": "x", "cardCode": "ABCDEFGHIJK" }),
            (422, "too-long"),
        ),
        (json!({ "cardCode": "NONAME" }), (422, "name-required")),
        (json!({ "name": "x", "phone": "1" }), (422, "unknown-field")),
        (
            json!({ "name": "x", "customer": { "creditHold": true } }),
            (422, "unknown-field"),
        ),
    ] {
        assert_eq!(create(body.clone()).await.refusal(), refusal, "{body}");
    }
    let not_customer = create(json!({ "name": "Supplier" })).await;
    let card = site
        .get(&format!("cardfiles/{}", not_customer.body["cardNo"]))
        .await;
    assert!(card.attributes()["customer"].is_null());
    site.stop().await;
}

#[tokio::test]
async fn a_code_is_measured_in_capitals() {
    let site = Site::new().await;
    let body = json!({ "name": "x", "cardCode": "strasse.ß" });
    let reply = site.post("cardfilecreate", body).await;
    assert_eq!(reply.body["cardCode"], "STRASSE.SS");
    let body = json!({ "name": "x", "cardCode": "strassen.ß" });
    let reply = site.post("cardfilecreate", body).await;
    assert_eq!(reply.refusal(), (422, "too-long"));
    site.stop().await;
}

#[tokio::test]
async fn a_card_moves_with_its_people_in_the_filter_and_in_the_query() {
    let site = Site::new().await;
    let card = site.customer().await;
    site.hands("clock", json!({ "advanceSeconds": 60 })).await;
    let set = json!({ "cardNo": card, "displayName": "Reception" });
    let body = json!({ "entity": "CardFileContact", "by": "JC", "set": set });
    site.hands("create", body).await;
    let rows = site.query(&format!("crossbill_cardfiles&qp1={card}")).await;
    let (at, by) = (&rows[0][0]["LastModified"], &rows[0][0]["ModifiedBy"]);
    assert_eq!((at, by), (&json!("/Date(1795388460000)/"), &json!("JC")));
    let later = "cardfiles?filter[LastModified][-gte]=2026-11-22T23%3A01%3A00Z";
    assert_eq!(site.get(later).await.ids(), [card.to_string()]);
    site.stop().await;
}
