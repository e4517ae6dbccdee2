//! Which of many records are still there.

use autotask::{Company, Draft, Naming, Presence, Query, Ticket, TicketCharge};
use sandbox::{autotask::Options, screen::Screen};
use serde_json::json;

use super::{start, ticket_draft};

const COMPANIES: Presence = Presence::by_id("Companies", "company");
const ITEMS: Presence = Presence {
    path: "BillingItems",
    name: "billing item",
    by: &[
        by("time-entry", "timeEntryID"),
        by("ticket-charge", "ticketChargeID"),
    ],
};

const fn by(word: &'static str, column: &'static str) -> Naming {
    Naming {
        word,
        column,
        part: Some("subType"),
    }
}

async fn calls(screen: &Screen) -> u64 {
    let stats = screen.stats().await.unwrap();
    stats["calls"]["total"].as_u64().unwrap()
}

#[tokio::test]
async fn those_of_many_that_are_there_are_told_two_hundred_a_call() {
    let (autotask, client) = start(Options::default()).await;
    let companies: Vec<Company> = client.query_all(&Query::everything()).await.unwrap();
    let there: Vec<String> = companies.iter().map(|one| one.id.to_string()).collect();
    let gone = (900_000..900_000 + 401 - there.len()).map(|id| id.to_string());
    let asked: Vec<String> = there.iter().cloned().chain(gone).collect();
    let screen = Screen::at(&autotask.base_url());
    let before = calls(&screen).await;
    assert_eq!(client.present(&COMPANIES, &asked).await.unwrap(), there);
    assert_eq!(calls(&screen).await - before, 3, "for 401");
    let none = client.present(&COMPANIES, &[]).await.unwrap();
    assert!(none.is_empty());
    assert_eq!(calls(&screen).await - before, 3);
    // Nothing is known of what cannot be asked after.
    let odd = ["wombat".to_owned()];
    assert_eq!(client.present(&COMPANIES, &odd).await.unwrap(), odd);
}

#[tokio::test]
async fn a_posted_item_is_there_by_its_source_until_it_is_taken_back() {
    let (autotask, client) = start(Options::default()).await;
    let draft = ticket_draft(&client).await;
    let ticket = client.create::<Ticket>((), &draft).await.unwrap();
    let draft = Draft::new()
        .set("name", "Toner")
        .set("chargeType", 1)
        .set("billingCodeID", 29_682_810)
        .set("datePurchased", "2026-11-20T00:00:00.000Z")
        .set_decimal("unitQuantity", 3.into())
        .set_decimal("unitPrice", 12.into());
    let screen = Screen::at(&autotask.base_url());
    let mut ids = Vec::new();
    let mut items = Vec::new();
    for _ in 0..2 {
        let charge = client.create::<TicketCharge>(ticket, &draft).await.unwrap();
        let post = json!({"entity": "TicketCharges", "id": charge});
        let item = screen.act("post", &post).await.unwrap()["id"].clone();
        ids.push(format!("ticket-charge:{charge}:1"));
        items.push(item);
    }
    assert_eq!(client.present(&ITEMS, &ids).await.unwrap(), ids);
    let item = json!({"item": items[0]});
    screen.act("unpost", &item).await.unwrap();
    let other_part = ids[1].replace(":1", ":2");
    let asked = [ids.clone(), vec![other_part]].concat();
    assert_eq!(client.present(&ITEMS, &asked).await.unwrap(), ids[1..]);
}
