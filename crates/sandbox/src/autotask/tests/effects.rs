//! What else changes when a record is written or deleted.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::super::{API_RESOURCE, Options};
use super::bench::{Bench, ticket};

const TIME: &str = "2026-11-23T01:00:00.000Z";

#[tokio::test]
async fn a_note_moves_the_activity_of_its_ticket_and_company_but_not_the_tracked_date() {
    let bench = Bench::start().await;
    let id = bench.ticket("Quiet ticket").await;
    let before = bench.item(&format!("Tickets/{id}")).await;
    bench.hands("clock", json!({"now": TIME})).await;
    let note = bench
        .create(
            &format!("Tickets/{id}/Notes"),
            json!({"description": "Rang back", "noteType": 1, "publish": 1}),
        )
        .await;
    assert_eq!(
        bench.item(&format!("TicketNotes/{note}")).await["ticketID"],
        id
    );
    let after = bench.item(&format!("Tickets/{id}")).await;
    assert_eq!(after["lastActivityDate"], TIME);
    assert_eq!(
        after["lastTrackedModificationDateTime"],
        before["lastTrackedModificationDateTime"]
    );
    assert_eq!(bench.item("Companies/174").await["lastActivityDate"], TIME);
}

#[tokio::test]
async fn only_tracked_fields_move_the_tracked_date() {
    let bench = Bench::start().await;
    let id = bench.ticket("Tracked").await;
    bench.hands("clock", json!({"now": TIME})).await;
    let path = format!("Tickets/{id}");
    bench
        .call(
            Method::PATCH,
            "Tickets",
            &json!({"id": id, "externalID": "5001"}),
        )
        .await;
    let after = bench.item(&path).await;
    assert_eq!(after["lastActivityDate"], TIME);
    assert_ne!(after["lastTrackedModificationDateTime"], TIME);
    bench
        .call(Method::PATCH, "Tickets", &json!({"id": id, "status": 5}))
        .await;
    let after = bench.item(&path).await;
    assert_eq!(after["lastTrackedModificationDateTime"], TIME);
    assert_eq!(
        (&after["completedDate"], &after["completedByResourceID"]),
        (&json!(TIME), &json!(API_RESOURCE))
    );
    bench
        .call(Method::PATCH, "Tickets", &json!({"id": id, "status": 1}))
        .await;
    assert_eq!(
        bench.item(&path).await["completedDate"],
        Value::Null,
        "opened again"
    );
}

/// The number of the newest ticket.
async fn newest(bench: &Bench) -> Value {
    let tickets = bench.hands("state", Value::Null).await["Tickets"].take();
    let tickets = tickets.as_array().cloned().unwrap_or_default();
    let newest = tickets.into_iter().max_by_key(|ticket| {
        let number = ticket["ticketNumber"].as_str().map(str::to_owned);
        number.unwrap_or_default()
    });
    newest.expect("there are tickets")
}

#[tokio::test]
async fn a_ticket_and_a_contact_move_the_activity_of_their_company() {
    let bench = Bench::start().await;
    bench.hands("clock", json!({"now": TIME})).await;
    bench.ticket("Moves its company").await;
    assert_eq!(bench.item("Companies/174").await["lastActivityDate"], TIME);
    bench.hands("clock", json!({"advanceSeconds": 60})).await;
    let contact = json!({"firstName": "Ann", "lastName": "Lee", "isActive": 1});
    bench.create("Companies/174/Contacts", contact).await;
    assert_eq!(
        bench.item("Companies/174").await["lastActivityDate"],
        "2026-11-23T01:01:00.000Z"
    );
}

#[tokio::test]
async fn a_deleted_contact_is_taken_off_its_tickets_as_a_change_of_theirs() {
    let bench = Bench::start().await;
    let contact = json!({"firstName": "Ann", "lastName": "Lee", "isActive": 1});
    let contact = bench.create("Companies/174/Contacts", contact).await;
    let mut body = ticket("For Ann");
    body["contactID"] = json!(contact);
    let id = bench.create("Tickets", body).await;
    bench.hands("clock", json!({"now": TIME})).await;
    let path = format!("Companies/174/Contacts/{contact}");
    bench.call(Method::DELETE, &path, &Value::Null).await;
    let after = bench.item(&format!("Tickets/{id}")).await;
    assert_eq!(after["contactID"], Value::Null);
    assert_eq!(after["lastActivityDate"], TIME);
    assert_eq!(after["lastTrackedModificationDateTime"], TIME);
    assert_eq!(after["lastActivityResourceID"], API_RESOURCE);
}

#[tokio::test]
async fn a_deleted_company_takes_its_contacts_along() {
    let bench = Bench::start().await;
    let company = json!({"companyName": "Short-lived", "companyType": 1, "phone": "02 5550 0101", "ownerResourceID": 29_682_885});
    let company = bench.create("Companies", company).await;
    let contact = json!({"firstName": "Ann", "lastName": "Lee", "isActive": 1});
    let path = format!("Companies/{company}/Contacts");
    let contact = bench.create(&path, contact).await;
    let gone = json!({"entity": "Companies", "id": company});
    bench.hands("delete", gone).await;
    assert_eq!(
        bench.item(&format!("Contacts/{contact}")).await,
        Value::Null
    );
}

#[tokio::test]
async fn a_number_is_not_given_again_when_its_ticket_is_gone() {
    let bench = Bench::start().await;
    bench
        .hands("clock", json!({"now": "2026-12-01T03:04:05Z"}))
        .await;
    bench.ticket("stays").await;
    let last = bench.ticket("goes").await;
    let gone = json!({"entity": "Tickets", "id": last});
    bench.hands("delete", gone).await;
    let next = bench.ticket("comes").await;
    assert_eq!(
        bench.item(&format!("Tickets/{next}")).await["ticketNumber"],
        "T20261201.0003"
    );
}

#[tokio::test]
async fn nor_is_one_that_was_there_from_the_start() {
    let bench = Bench::start().await;
    let newest = newest(&bench).await;
    let day = newest["createDate"].clone();
    bench.hands("clock", json!({"now": day})).await;
    let gone = json!({"entity": "Tickets", "id": newest["id"]});
    bench.hands("delete", gone).await;
    let next = bench.ticket("comes").await;
    let next = bench.item(&format!("Tickets/{next}")).await;
    assert!(
        next["ticketNumber"].as_str() > newest["ticketNumber"].as_str(),
        "{} after {}",
        next["ticketNumber"],
        newest["ticketNumber"]
    );
}

#[tokio::test]
async fn a_note_that_is_edited_or_deleted_moves_its_ticket_only_where_that_is_so() {
    for note_edits_move_tickets in [true, false] {
        let bench = Bench::start_with(Options {
            note_edits_move_tickets,
            ..Options::default()
        })
        .await;
        bench.hands("clock", json!({"now": TIME})).await;
        let id = bench.ticket("Noted on").await;
        let note = bench
            .create(
                &format!("Tickets/{id}/Notes"),
                json!({"description": "Rang back", "noteType": 1, "publish": 1}),
            )
            .await;
        let activity =
            async || bench.item(&format!("Tickets/{id}")).await["lastActivityDate"].take();
        for act in ["edit", "delete"] {
            let before = activity().await;
            bench.hands("clock", json!({"advanceSeconds": 60})).await;
            let body = json!({"entity": "TicketNotes", "id": note, "by": 29_682_885, "set": {"title": "Again"}});
            bench.hands(act, body).await;
            let moves = activity().await != before;
            assert_eq!(moves, note_edits_move_tickets, "{act}");
        }
    }
}

#[tokio::test]
async fn what_is_attached_moves_its_ticket_is_logged_when_it_goes_and_is_told_without_its_data() {
    let bench = Bench::start().await;
    bench.hands("clock", json!({"now": TIME})).await;
    let id = bench.ticket("With a picture").await;
    let path = format!("Tickets/{id}");
    let activity = async || bench.item(&path).await["lastActivityDate"].take();
    let before = activity().await;
    bench.hands("clock", json!({"advanceSeconds": 60})).await;
    let body = json!({"attachmentType": "FILE_ATTACHMENT", "fullPath": "a.png", "publish": 1, "title": "a.png"});
    let made = bench.create(&format!("{path}/Attachments"), body).await;
    assert_ne!(activity().await, before);
    let told = bench.item(&format!("TicketAttachments/{made}")).await;
    assert_eq!(
        (&told["parentID"], &told["ticketID"]),
        (&json!(id), &json!(id))
    );
    assert!(told.get("data").is_none() && told["attachDate"].is_string());
    let gone = json!({"entity": "TicketAttachments", "id": made, "by": 29_682_885});
    bench.hands("delete", gone).await;
    let query = json!({"filter": [{"op": "eq", "field": "ticketID", "value": id}]});
    let (_, logs) = bench.post("DeletedTicketActivityLogs/query", query).await;
    let log = &logs["items"][0];
    assert_eq!(
        (&log["typeID"], &log["noteOrAttachmentTitle"]),
        (&json!(3), &json!("a.png"))
    );
}

#[tokio::test]
async fn a_note_of_a_company_is_somebodys_below_its_company_and_does_not_end_before_it_starts() {
    let bench = Bench::start().await;
    let note = json!({
        "actionType": 2, "assignedResourceID": 29_682_885, "note": "Rang", "startDateTime": "2026-11-23T01:00:00Z",
        "endDateTime": "2026-11-23T01:00:00Z",
    });
    let path = "Companies/174/Notes";
    let made = bench.create(path, note.clone()).await;
    assert_eq!(
        bench.item(&format!("CompanyNotes/{made}")).await["companyID"],
        174
    );
    for (field, value, says) in [
        (
            "assignedResourceID",
            json!(29_682_999),
            "assignedResourceID",
        ),
        ("actionType", json!(null), "actionType"),
        (
            "endDateTime",
            json!("2026-11-23T00:59:00Z"),
            "endDateTime must not be before",
        ),
    ] {
        let mut wrong = note.clone();
        wrong[field] = value;
        let told = bench.errors(Method::POST, path, wrong).await;
        assert!(told.contains(says), "{told}");
    }
    let (status, _) = bench.post("CompanyNotes", note).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "below its company only");
    let gone = bench
        .call(Method::DELETE, &format!("{path}/{made}"), &json!(null))
        .await;
    assert!(!gone.0.is_success(), "no call deletes it");
}
