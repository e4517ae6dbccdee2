//! Two people change the same thing before Crossbill has seen either.

use serde_json::json;

use crate::system::{SOON, Site, System, eventually, only_if, text};

#[tokio::test(flavor = "multi_thread")]
async fn of_two_purchase_orders_the_tickets_stands_and_the_jobs_is_in_the_journal() {
    let system = System::start(Site::default()).await;
    let ticket = system.hands.raise("Twelve new laptops").await;
    let number = system.hands.job_of(&ticket, SOON).await;
    system.quiet().await;

    system.crossbill(&["pause"]).await;
    let set = json!({"purchaseOrderNumber": "PO of the desk"});
    system
        .hands
        .edit_in_autotask("Tickets", ticket.id, set)
        .await;
    let set = json!({"custRef": "PO of finance"});
    system.hands.edit_in_jim2("Job", &number, set).await;
    system.crossbill(&["resume", "--yes"]).await;

    eventually(
        SOON,
        "the job has the ticket's purchase order",
        async || {
            let reference = text(&system.hands.job(&number).await, "CustRef");
            only_if(reference == "PO of the desk", reference)
        },
    )
    .await;
    system.quiet().await;
    let ticket = system.hands.ticket(ticket.id).await;
    assert_eq!(text(&ticket, "purchaseOrderNumber"), "PO of the desk");
    is_in_the_journal(&system, "PO of finance").await;
    system.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_names_the_cards_stands_and_the_companys_is_in_the_journal() {
    let system = System::start(Site::default()).await;
    let (company, card) = system.hands.customer().await;
    let (company_id, card_no) = (company.to_string(), card.to_string());

    system.crossbill(&["pause"]).await;
    let set = json!({"companyName": "As the desk calls them"});
    system
        .hands
        .edit_in_autotask("Companies", company, set)
        .await;
    let set = json!({"name": "As finance calls them"});
    system.hands.edit_in_jim2("CardFile", &card_no, set).await;
    system.crossbill(&["resume", "--yes"]).await;

    eventually(SOON, "the company has the card's name", async || {
        let company = system.hands.autotask.record("Companies", &company_id).await;
        let name = text(&company.unwrap().unwrap(), "companyName");
        only_if(name == "As finance calls them", name)
    })
    .await;
    system.quiet().await;
    let card = system
        .hands
        .jim2
        .record("CardFile", &card_no)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(text(&card, "name"), "As finance calls them");
    is_in_the_journal(&system, "As the desk calls them").await;
    system.agrees().await;
}

async fn is_in_the_journal(system: &System, lost: &str) {
    let conflicts = "select body::text from journal where what = 'conflict'";
    let conflicts = system.database.texts(conflicts).await;
    assert!(
        conflicts.iter().any(|it| it.contains(lost)),
        "{lost:?} was overwritten, and the journal does not tell: {conflicts:?}"
    );
}
