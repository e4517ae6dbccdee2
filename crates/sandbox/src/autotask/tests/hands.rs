//! What people do in Autotask's own screens.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::bench::Bench;

#[tokio::test]
async fn a_person_makes_changes_and_deletes_a_ticket() {
    let bench = Bench::start().await;
    let made = bench
        .hands("create", json!({"entity": "Tickets", "by": 29_682_885, "set": {"companyID": 174, "title": "By hand"}, "udf": {"Jim2 sync": "x"}}))
        .await;
    let id = made["id"].as_i64().expect("an id");
    let ticket = bench.item(&format!("Tickets/{id}")).await;
    assert_eq!(
        (&ticket["creatorResourceID"], &ticket["status"]),
        (&json!(29_682_885), &json!(1))
    );
    assert_eq!(ticket["userDefinedFields"][3]["value"], "x");
    bench
        .hands(
            "edit",
            json!({"entity": "Tickets", "id": id.to_string(), "set": {"title": "By hand, better"}}),
        )
        .await;
    assert_eq!(
        bench.item(&format!("Tickets/{id}")).await["title"],
        "By hand, better"
    );
    bench.hands("create", json!({"entity": "TicketNotes", "set": {"ticketID": id, "description": "gone with it"}})).await;
    bench
        .hands(
            "delete",
            json!({"entity": "Tickets", "id": id, "by": 29_682_885}),
        )
        .await;
    assert_eq!(bench.item(&format!("Tickets/{id}")).await, Value::Null);
    assert_eq!(
        bench
            .rows(
                "TicketNotes",
                json!([{"op": "eq", "field": "ticketID", "value": id}])
            )
            .await
            .len(),
        0
    );
    let log = bench
        .rows(
            "DeletedTicketLogs",
            json!([{"op": "eq", "field": "ticketID", "value": id}]),
        )
        .await;
    assert_eq!(
        (&log[0]["ticketTitle"], &log[0]["deletedByResourceID"]),
        (&json!("By hand, better"), &json!(29_682_885))
    );
}

#[tokio::test]
async fn what_a_person_cannot_do_is_told_in_a_sentence() {
    let bench = Bench::start().await;
    let cases = [
        (
            "create",
            json!({"entity": "Wombats"}),
            "no entity 'Wombats'",
        ),
        (
            "create",
            json!({"entity": "Tickets", "set": {"title": "No company"}}),
            "companyID",
        ),
        (
            "create",
            json!({"entity": "Tickets", "set": {"colour": "red"}}),
            "no field 'colour'",
        ),
        (
            "edit",
            json!({"entity": "Tickets", "id": 7001, "set": {"createDate": "2020-01-01"}}),
            "set by the system",
        ),
        (
            "edit",
            json!({"entity": "Tickets", "id": 1, "set": {"title": "x"}}),
            "No matching records",
        ),
        (
            "edit",
            json!({"entity": "Tickets", "id": 7001, "by": 5, "set": {"title": "x"}}),
            "no resource 5",
        ),
        (
            "delete",
            json!({"entity": "Companies", "id": 174}),
            "has tickets and cannot be deleted",
        ),
        ("clock", json!({"now": "soon"}), "the clock takes"),
        (
            "clock",
            json!({"advanceSeconds": i64::MAX}),
            "from the year 0 to the year 9999",
        ),
        (
            "clock",
            json!({"advanceSeconds": -100_000_000_000_i64}),
            "from the year 0 to the year 9999",
        ),
        ("dance", json!({}), "there is no POST /sandbox/dance"),
    ];
    for (deed, body, sentence) in cases {
        let (status, told) = bench.sandbox(deed, body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{deed} {body}: {told}");
        assert!(
            told["error"]
                .as_str()
                .is_some_and(|text| text.contains(sentence)),
            "{deed} {body}: {told}"
        );
    }
}

#[tokio::test]
async fn the_state_is_everything_as_the_api_tells_it() {
    let bench = Bench::start().await;
    let state = bench.hands("state", Value::Null).await;
    assert_eq!(state["Tickets"][0], bench.item("Tickets/7001").await);
    let ids: Vec<_> = state["Companies"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["id"].as_i64())
        .collect();
    assert_eq!(ids[..2], [0, 174]);
    assert!(ids.is_sorted());
}

#[tokio::test]
async fn a_deleted_note_is_logged_without_its_id() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("With a note").await;
    let note = bench
        .create(
            &format!("Tickets/{ticket}/Notes"),
            json!({"title": "Call", "description": "Rang", "noteType": 1, "publish": 1}),
        )
        .await;
    bench
        .hands("delete", json!({"entity": "TicketNotes", "id": note}))
        .await;
    let log = bench
        .rows(
            "DeletedTicketActivityLogs",
            json!([{"op": "eq", "field": "ticketID", "value": ticket}]),
        )
        .await;
    assert_eq!(
        (
            log.len(),
            &log[0]["noteOrAttachmentTitle"],
            &log[0]["typeID"]
        ),
        (1, &json!("Call"), &json!(1))
    );
}

#[tokio::test]
async fn a_part_of_the_state_can_be_looked_at() {
    let bench = Bench::start().await;
    let (_, told) = bench
        .sandbox("state?entity=Tickets&id=7001", Value::Null)
        .await;
    assert_eq!(told.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(told["Tickets"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["Tickets"][0]["id"], 7001);
    let (_, told) = bench
        .sandbox("state?entity=Tickets&after=7001", Value::Null)
        .await;
    assert_eq!(told["Tickets"][0]["id"], 7002);
    let (status, _) = bench.sandbox("state?after=yesterday", Value::Null).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}
