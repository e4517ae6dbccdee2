//! The hands against both stand-ins, over HTTP.

use serde_json::json;

use super::*;
use crate::hands::tests::Site;

#[tokio::test]
async fn the_lines_of_an_invoice_are_found_by_their_marks_and_so_is_the_way_back() {
    let site = Site::start().await;
    site.name_the_job().await;
    let hands = InvoiceHands(site.hands.clone());
    for price in ["10", "20"] {
        let source = site.posted("1", price).await;
        site.made(&source).await;
    }
    let body = json!({"company": crate::hands::tests::COMPANY_ID, "attach": 1});
    let made = site.person(System::Autotask, "invoice", body).await;
    let invoice = RecordId::from(made["id"].as_i64().unwrap());
    let found = hands.resolve(System::Autotask, vec![invoice.clone()]).await;
    assert_eq!(found.unwrap(), [[]], "half attached is not there yet");
    let rest = json!({"invoice": invoice.number(), "items": 1});
    site.person(System::Autotask, "attach", rest).await;
    let found = hands.resolve(System::Autotask, vec![invoice.clone()]).await;
    assert_eq!(found.unwrap(), [[invoice.clone()]]);

    let billed = RecordId::from(format!("billed:{invoice}"));
    let read = async || {
        let ids = std::slice::from_ref(&billed);
        hands.read(System::Jim2, ids).await.unwrap().remove(0)
    };
    let half = read().await;
    assert_eq!(half.fields["number"], Value::Empty);
    assert!(half.is("lines"));
    let number = site.invoiced().await;
    let half = read().await;
    assert_eq!(half.fields["number"], number.to_string().into());
    assert_eq!(half.fields["paid"], Value::Empty);
    site.person(System::Jim2, "pay", json!({"invoice": number}))
        .await;
    assert_ne!(read().await.fields["paid"], Value::Empty);

    let ids = vec![number.into(), billed.clone(), "1".into()];
    let found = hands.resolve(System::Jim2, ids).await.unwrap();
    assert_eq!(found, [vec![billed.clone()], vec![billed], vec![]]);
}

#[tokio::test]
async fn an_invoice_is_told_its_numbers_and_days() {
    let site = Site::start().await;
    let hands = InvoiceHands(site.hands.clone());
    site.posted("1", "10").await;
    let body = json!({"company": crate::hands::tests::COMPANY_ID});
    let made = site.person(System::Autotask, "invoice", body).await;
    let id = RecordId::from(made["id"].as_i64().unwrap());
    let fields = [
        ("number", "30001"),
        ("date", "2026-11-30"),
        ("paid", "2026-12-02"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), Value::from(value)));
    let act = Act::Update {
        on: System::Autotask,
        id: id.clone(),
        fields: fields.clone().into(),
    };
    hands.perform(&act).await.unwrap();
    let half = hands.read(System::Autotask, &[id]).await.unwrap().remove(0);
    assert_eq!(half.fields, fields.into());
}
