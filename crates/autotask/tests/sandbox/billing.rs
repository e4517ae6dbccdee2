//! Charges, contracts, billing items and invoices.

use autotask::{
    BillingItem, Contract, ContractService, ContractServiceUnit, Draft, Entity, Error, Filter,
    Invoice, Product, Query, Service, Ticket, TicketCharge,
};
use domain::Told;
use reqwest::Method;
use rust_decimal::Decimal;
use sandbox::autotask::{Autotask, Options};
use serde_json::{Value, json};

use super::{start, ticket_draft};

/// The material code for hardware of the stand-in's provider.
const HARDWARE: i64 = 29_682_810;

fn dollars(text: &str) -> Told<Decimal> {
    Told::Is(text.parse().unwrap())
}

/// What people do in Autotask's own screens.
async fn hand(autotask: &Autotask, deed: &str, body: Value) -> Value {
    let http = rest::Client::new(&rest::Settings::default()).unwrap();
    let url = format!("{}/sandbox/{deed}", autotask.base_url());
    let request = http.request(Method::POST, url).json(&body);
    http.send("hand", request).await.unwrap().json().unwrap()
}

fn charge(quantity: &str, price: &str) -> Draft {
    Draft::new()
        .set("name", "Toner")
        .set("chargeType", 1)
        .set("billingCodeID", HARDWARE)
        .set("datePurchased", "2026-11-20T00:00:00.000Z")
        .set_decimal("unitQuantity", quantity.parse().unwrap())
        .set_decimal("unitPrice", price.parse().unwrap())
}

#[tokio::test]
async fn a_posted_charge_is_found_by_its_column_to_the_cent() {
    let (autotask, client) = start(Options::default()).await;
    let draft = ticket_draft(&client).await;
    let ticket = client.create::<Ticket>((), &draft).await.unwrap();
    let id = client
        .create::<TicketCharge>(ticket, &charge("3", "12.345"))
        .await
        .unwrap();
    let made: TicketCharge = client.get(id).await.unwrap().unwrap();
    assert_eq!(made.billable_amount, dollars("37.035"));
    assert_eq!(made.is_billed, Told::Is(false));
    let posted = hand(
        &autotask,
        "post",
        json!({"entity": "TicketCharges", "id": id}),
    )
    .await;
    let found = client
        .where_in::<BillingItem, _>("ticketChargeID", &[id], &[])
        .await
        .unwrap();
    let item = &found[0];
    assert_eq!((found.len(), Some(item.id)), (1, posted["id"].as_i64()));
    assert_eq!(item.rate, dollars("12.345"));
    assert_eq!(item.extended_price, dollars("37.04"));
    assert_eq!(item.tax_dollars, dollars("3.7"));
    assert_eq!(item.total_amount, dollars("40.74"));
    assert_eq!(item.time_entry_id, Told::Empty);

    let error = client
        .update::<TicketCharge>(ticket, id, &Draft::new().set("unitQuantity", 1))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("is billed"), "{error}");
}

#[tokio::test]
async fn an_item_is_marked_and_an_invoice_takes_number_and_date() {
    let (autotask, client) = start(Options::default()).await;
    let draft = ticket_draft(&client).await;
    let ticket = client.create::<Ticket>((), &draft).await.unwrap();
    let id = client
        .create::<TicketCharge>(ticket, &charge("1", "100"))
        .await
        .unwrap();
    let body = json!({"entity": "TicketCharges", "id": id});
    let item = hand(&autotask, "post", body).await["id"].as_i64().unwrap();
    let at = "2026-11-24T01:02:03Z".parse().unwrap();
    let mark = Draft::new().set_time("webServiceDate", at);
    client.update::<BillingItem>((), item, &mark).await.unwrap();
    let item: BillingItem = client.get(item).await.unwrap().unwrap();
    assert_eq!(item.web_service_date, Told::Is(at));

    let company = item.company_id.get().unwrap();
    let made = hand(&autotask, "invoice", json!({"company": company})).await;
    let invoice = made["id"].as_i64().unwrap();
    let change = Draft::new()
        .set("invoiceNumber", "90001, 90002")
        .set_time("paidDate", at);
    client
        .update::<Invoice>((), invoice, &change)
        .await
        .unwrap();
    let told: Invoice = client.get(invoice).await.unwrap().unwrap();
    assert_eq!(told.invoice_number, Told::Is("90001, 90002".to_owned()));
    let day = "2026-11-24T00:00:00Z".parse().unwrap();
    assert_eq!(told.paid_date, Told::Is(day), "only the date is kept");
    assert_eq!(told.invoice_total, dollars("110"));
    let attached = client
        .where_in::<BillingItem, _>("invoiceID", &[invoice], &[])
        .await
        .unwrap();
    assert_eq!(attached.len(), 1);
}

#[tokio::test]
async fn a_contracts_services_are_read_with_their_units() {
    let (autotask, client) = start(Options::default()).await;
    let customers = Query::of(Filter::gt("id", 0)).page_rows(1);
    let company = client
        .query_page::<autotask::Company>(&customers, None)
        .await
        .unwrap();
    let draft = Draft::new()
        .set("companyID", company.items[0].id)
        .set("contractName", "Managed")
        .set("contractType", 7)
        .set("startDate", "2026-01-01T00:00:00.000Z")
        .set("endDate", "2027-12-31T00:00:00.000Z")
        .set("status", 1)
        .set("timeReportingRequiresStartAndStopTimes", 0);
    let contract = client.create::<Contract>((), &draft).await.unwrap();
    let service = &all::<Service>(&client).await[0];
    let body = json!({"entity": "ContractServiceAdjustments", "set": {
        "contractID": contract, "serviceID": service.id, "effectiveDate": "2026-10-01", "unitChange": 4,
        "adjustedUnitPrice": 41.5,
    }});
    hand(&autotask, "create", body).await;
    hand(
        &autotask,
        "run-services",
        json!({"contract": contract, "month": "2026-11"}),
    )
    .await;
    let services = all::<ContractService>(&client).await;
    assert_eq!(services[0].service_id, Told::Is(service.id));
    let units = all::<ContractServiceUnit>(&client).await;
    assert_eq!(units[0].units, Told::Is(4));
    let items = client
        .where_in::<BillingItem, _>("contractServicePeriodID", &[units[0].id], &[])
        .await
        .unwrap();
    assert_eq!(items[0].extended_price, dollars("166"));
    assert!(all::<Product>(&client).await[0].sku.get().is_some());
    let nothing = client.get::<Contract>(1).await;
    assert!(matches!(nothing, Ok(None) | Err(Error::Gone { .. })));
}

async fn all<E: Entity>(client: &autotask::Client) -> Vec<E> {
    client.query_all(&Query::everything()).await.unwrap()
}
