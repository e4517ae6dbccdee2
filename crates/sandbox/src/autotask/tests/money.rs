//! Charges, billing items, invoices and contracts, by the API and by a bookkeeper's hands.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::bench::Bench;

/// A material code, a code for labour.
const HARDWARE: i64 = 29_682_810;
const REMOTE: i64 = 29_682_801;

#[expect(clippy::needless_pass_by_value, reason = "cases are literals")]
fn charge(name: &str, quantity: Value, price: Value) -> Value {
    json!({
        "name": name, "chargeType": 1, "billingCodeID": HARDWARE, "datePurchased": "2026-11-20",
        "unitQuantity": quantity, "unitPrice": price,
    })
}

/// A ticket with a posted charge: ticket, charge and billing item.
async fn posted(bench: &Bench, quantity: Value, price: Value) -> (i64, i64, i64) {
    let ticket = bench.ticket("Sold").await;
    let path = format!("Tickets/{ticket}/Charges");
    let id = bench.create(&path, charge("Toner", quantity, price)).await;
    (ticket, id, post(bench, "TicketCharges", id).await)
}

async fn post(bench: &Bench, entity: &str, id: i64) -> i64 {
    let made = bench
        .hands("post", json!({"entity": entity, "id": id}))
        .await;
    made["id"].as_i64().expect("an id")
}

async fn item(bench: &Bench, id: i64) -> Value {
    bench.item(&format!("BillingItems/{id}")).await
}

async fn refused(bench: &Bench, deed: &str, body: Value) -> String {
    let (status, told) = bench.sandbox(deed, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{deed}: {told}");
    told["error"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_charge_is_of_a_material_code_and_takes_its_price_where_none_is_sent() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Sold").await;
    let path = format!("Tickets/{ticket}/Charges");
    let mut body = charge("Toner", json!(2), json!(12.345));
    body["billingCodeID"] = json!(REMOTE);
    let told = bench.errors(Method::POST, &path, body).await;
    assert_eq!(told, "billingCodeID must be a material code.");
    let told = bench.errors(Method::POST, &path, json!({})).await;
    for name in ["name", "chargeType", "datePurchased", "unitQuantity"] {
        assert!(
            told.contains(&format!("Missing Required Field: {name}.")),
            "{told}"
        );
    }
    let id = bench
        .create(&path, charge("Toner", json!(3), json!(12.345)))
        .await;
    let told = bench.item(&format!("TicketCharges/{id}")).await;
    assert_eq!(told["billableAmount"], json!(37.035));
    assert_eq!(told["isBilled"], json!(false));
    let products = bench
        .rows(
            "Products",
            json!([{"op": "eq", "field": "sku", "value": "SSD.1TB"}]),
        )
        .await;
    let body = json!({
        "name": "Drive", "chargeType": 1, "productID": products[0]["id"], "datePurchased": "2026-11-20",
        "unitQuantity": 1,
    });
    let id = bench.create(&path, body).await;
    let told = bench.item(&format!("TicketCharges/{id}")).await;
    assert_eq!(told["unitPrice"].as_f64(), Some(149.0));
}

#[tokio::test]
async fn a_billed_charge_is_neither_changed_nor_deleted_before_it_is_taken_back() {
    let bench = Bench::start().await;
    let (ticket, charge, item) = posted(&bench, json!(2), json!(10)).await;
    let path = format!("Tickets/{ticket}/Charges");
    let more = json!({"id": charge, "unitQuantity": 5});
    let told = bench.errors(Method::PATCH, &path, more.clone()).await;
    assert!(told.contains("is billed"), "{told}");
    let one = format!("{path}/{charge}");
    let told = bench.errors(Method::DELETE, &one, Value::Null).await;
    assert!(told.contains("is billed"), "{told}");
    bench.hands("unpost", json!({"item": item})).await;
    assert_eq!(self::item(&bench, item).await, Value::Null);
    let (status, _) = bench.call(Method::PATCH, &path, &more).await;
    assert_eq!(status, StatusCode::OK);
    let again = post(&bench, "TicketCharges", charge).await;
    assert_ne!(again, item, "a new id each time");
    assert_eq!(self::item(&bench, again).await["quantity"], json!(5));
    assert_eq!(
        refused(
            &bench,
            "post",
            json!({"entity": "TicketCharges", "id": charge})
        )
        .await,
        format!("TicketCharges {charge} is posted already")
    );
}

#[tokio::test]
async fn an_item_is_rounded_to_the_cent_and_names_its_source() {
    let bench = Bench::start().await;
    for (quantity, price, extended, tax, total) in [
        (
            json!(3),
            json!(12.345),
            json!(37.04),
            json!(3.7),
            json!(40.74),
        ),
        (json!(-1), json!(50), json!(-50), json!(-5), json!(-55)),
        (json!(1), json!(0.05), json!(0.05), json!(0.01), json!(0.06)),
    ] {
        let (ticket, charge, id) = posted(&bench, quantity.clone(), price.clone()).await;
        let told = item(&bench, id).await;
        assert_eq!(told["ticketChargeID"], charge);
        assert_eq!(
            (&told["ticketID"], &told["companyID"]),
            (&json!(ticket), &json!(174))
        );
        let amounts = ["extendedPrice", "taxDollars", "totalAmount"].map(|name| told[name].clone());
        assert_eq!(amounts, [extended, tax, total], "{quantity} x {price}");
        assert_eq!(told["internalCurrencyTotalAmount"], told["totalAmount"]);
    }
}

#[tokio::test]
async fn what_is_free_of_gst_has_no_tax_and_a_foreign_currency_shows_in_the_internal_amounts() {
    let bench = Bench::start().await;
    let free = json!({"entity": "BillingCodes", "id": HARDWARE, "set": {"taxCategoryID": 2}});
    bench.hands("edit", free).await;
    let (_, charge, id) = posted(&bench, json!(1), json!(100)).await;
    assert_eq!(item(&bench, id).await["taxDollars"], json!(0));
    bench.hands("unpost", json!({"item": id})).await;
    let body = json!({"entity": "TicketCharges", "id": charge, "exchangeRate": "1.52"});
    let id = bench.hands("post", body).await["id"]
        .as_i64()
        .expect("an id");
    let told = item(&bench, id).await;
    assert_eq!(
        (
            &told["extendedPrice"],
            &told["internalCurrencyExtendedPrice"]
        ),
        (&json!(100), &json!(152))
    );
}

#[tokio::test]
async fn of_billing_items_and_invoices_only_the_documented_fields_are_written() {
    let bench = Bench::start().await;
    let (_, _, id) = posted(&bench, json!(1), json!(100)).await;
    let body = json!({"id": id, "webServiceDate": "2026-11-24T01:02:03Z", "rate": 1, "contractServiceID": 9});
    bench.call(Method::PATCH, "BillingItems", &body).await;
    let told = item(&bench, id).await;
    assert_eq!(told["webServiceDate"], "2026-11-24T01:02:03.000Z");
    assert_eq!(
        (&told["rate"], &told["contractServiceID"]),
        (&json!(100), &Value::Null)
    );
    let invoice = bench.hands("invoice", json!({"company": 174})).await["id"].clone();
    let body = json!({"id": invoice, "paidDate": "2026-11-24T13:00:00Z", "invoiceNumber": "90001", "invoiceTotal": 1});
    bench.call(Method::PATCH, "Invoices", &body).await;
    let told = bench.item(&format!("Invoices/{invoice}")).await;
    assert_eq!(
        told["paidDate"], "2026-11-24T00:00:00.000Z",
        "only the date is kept"
    );
    assert_eq!(
        (&told["invoiceNumber"], &told["invoiceTotal"]),
        (&json!("90001"), &json!(110))
    );
}

#[tokio::test]
async fn an_invoice_is_seen_half_attached_with_the_totals_of_all() {
    let bench = Bench::start().await;
    for _ in 0..3 {
        posted(&bench, json!(1), json!(33.33)).await;
    }
    let made = bench
        .hands(
            "invoice",
            json!({"company": 174, "from": "2020-01-01", "to": "2099-12-31", "attach": 1}),
        )
        .await;
    let id = made["id"].as_i64().expect("an id");
    let on_it = async || {
        let filter = json!([{"op": "eq", "field": "invoiceID", "value": id}]);
        bench.rows("BillingItems", filter).await.len()
    };
    assert_eq!(on_it().await, 1);
    let told = bench.item(&format!("Invoices/{id}")).await;
    assert_eq!(
        (&told["invoiceTotal"], &told["totalTaxValue"]),
        (&json!(109.98), &json!(9.99)),
        "rounded line by line"
    );
    bench
        .hands("attach", json!({"invoice": id, "items": 1}))
        .await;
    assert_eq!(on_it().await, 2);
    bench
        .hands("attach", json!({"invoice": id, "items": 9}))
        .await;
    assert_eq!(on_it().await, 3);
    let told = refused(&bench, "invoice", json!({"company": 174})).await;
    assert!(told.contains("nothing to invoice"), "{told}");
}

#[tokio::test]
async fn a_voided_invoice_frees_its_items_and_may_post_them_anew() {
    let bench = Bench::start().await;
    let (_, charge, old) = posted(&bench, json!(1), json!(10)).await;
    let invoice = bench.hands("invoice", json!({"company": 174})).await["id"].clone();
    assert!(
        refused(&bench, "unpost", json!({"item": old}))
            .await
            .contains("is on invoice")
    );
    let freed = bench
        .hands("void", json!({"invoice": invoice, "repost": true}))
        .await;
    let new = freed["items"][0].as_i64().expect("an id");
    assert_ne!(new, old);
    let told = item(&bench, new).await;
    assert_eq!(
        (&told["invoiceID"], &told["ticketChargeID"]),
        (&Value::Null, &json!(charge))
    );
    let told = bench.item(&format!("Invoices/{invoice}")).await;
    assert_eq!(told["isVoided"], json!(true));
    assert!(told["voidedDate"].is_string());
    assert!(
        refused(&bench, "void", json!({"invoice": invoice}))
            .await
            .contains("void already")
    );
}

#[tokio::test]
async fn an_adjustment_is_an_item_of_its_own_with_the_same_source() {
    let bench = Bench::start().await;
    let (_, charge, id) = posted(&bench, json!(4), json!(160)).await;
    let body = json!({"item": id, "quantity": -1});
    let own = bench.hands("adjust", body).await["id"]
        .as_i64()
        .expect("an id");
    let told = item(&bench, own).await;
    assert_eq!(told["ticketChargeID"], charge);
    assert_eq!(
        (&told["subType"], &told["extendedPrice"]),
        (&json!(2), &json!(-160))
    );
}

/// A contract for services of the first customer.
async fn contract(bench: &Bench, kind: i64) -> i64 {
    let body = json!({
        "companyID": 174, "contractName": "Managed", "contractType": kind, "startDate": "2026-01-01",
        "endDate": "2027-12-31", "status": 1, "timeReportingRequiresStartAndStopTimes": 0,
    });
    bench.create("Contracts", body).await
}

#[tokio::test]
async fn a_month_of_services_is_billed_once_with_what_was_adjusted_in_it() {
    let bench = Bench::start().await;
    let contract = contract(&bench, 7).await;
    let adjust = async |day: &str, change: i64, service: i64| {
        let body = json!({"contractID": contract, "serviceID": service, "effectiveDate": day, "unitChange": change});
        bench.create("ContractServiceAdjustments", body).await
    };
    adjust("2026-10-01", 10, 29_691_001).await;
    adjust("2026-11-16", -2, 29_691_001).await;
    let services = bench
        .rows(
            "ContractServices",
            json!([{"op": "eq", "field": "contractID", "value": contract}]),
        )
        .await;
    assert_eq!(services.len(), 1, "made by the first adjustment");
    let run = json!({"contract": contract, "month": "2026-11"});
    let made = bench.hands("run-services", run.clone()).await;
    let ids: Vec<i64> = made["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
        .collect();
    let (whole, part) = (item(&bench, ids[0]).await, item(&bench, ids[1]).await);
    assert_eq!(
        (&whole["quantity"], &whole["rate"], &whole["extendedPrice"]),
        (&json!(10), &json!(45), &json!(450))
    );
    assert!(whole["contractServicePeriodID"].is_number());
    assert_eq!(
        (&part["quantity"], &part["rate"], &part["extendedPrice"]),
        (&json!(-2), &json!(22.5), &json!(-45))
    );
    assert!(part["contractServiceAdjustmentID"].is_number());
    assert!(
        refused(&bench, "run-services", run)
            .await
            .contains("nothing to bill")
    );
    let units = bench
        .rows(
            "ContractServiceUnits",
            json!([{"op": "eq", "field": "contractID", "value": contract}]),
        )
        .await;
    assert_eq!(
        (&units[0]["units"], &units[0]["endDate"]),
        (&json!(10), &json!("2026-11-30T00:00:00.000Z"))
    );
}

#[tokio::test]
async fn services_belong_to_recurring_contracts_and_change_by_adjustments_only() {
    let bench = Bench::start().await;
    let (recurring, hours) = (contract(&bench, 7).await, contract(&bench, 4).await);
    let body = json!({"serviceID": 29_691_001, "unitPrice": 40});
    let path = format!("Contracts/{hours}/Services");
    let told = bench.errors(Method::POST, &path, body.clone()).await;
    assert!(told.contains("Recurring Service"), "{told}");
    let path = format!("Contracts/{recurring}/Services");
    let id = bench.create(&path, body).await;
    let change = json!({"id": id, "unitPrice": 99, "invoiceDescription": "Workstations"});
    bench.call(Method::PATCH, &path, &change).await;
    let told = bench.item(&format!("ContractServices/{id}")).await;
    assert_eq!(
        (&told["unitPrice"], &told["invoiceDescription"]),
        (&json!(40), &json!("Workstations"))
    );
    let (status, _) = bench.get("ContractServiceAdjustments/1").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "never readable");
}

#[tokio::test]
async fn blocks_retainers_milestones_and_expenses_are_posted_too() {
    let bench = Bench::start().await;
    let contract = contract(&bench, 4).await;
    let days =
        json!({"datePurchased": "2026-11-01", "startDate": "2026-11-01", "endDate": "2027-10-31"});
    let with_days = |mut body: Value| {
        for (name, value) in days.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        body
    };
    let report = json!({"name": "November", "submitterID": 29_682_885, "weekEnding": "2026-11-22"});
    let report = bench.create("ExpenseReports", report).await;
    let parking = json!({
        "description": "Parking", "expenseCategory": 2, "expenseDate": "2026-11-20", "haveReceipt": true,
        "isBillableToCompany": true, "paymentType": 1, "companyID": 174, "expenseCurrencyExpenseAmount": 18.5,
    });
    for (entity, path, body, column, amount) in [
        (
            "ContractBlocks",
            "Blocks",
            with_days(json!({"hours": 10, "hourlyRate": 150})),
            "contractBlockID",
            json!(1500),
        ),
        (
            "ContractRetainers",
            "Retainers",
            with_days(json!({"amount": 2000, "status": 1})),
            "contractID",
            json!(2000),
        ),
        (
            "ContractMilestones",
            "Milestones",
            json!({"title": "Half", "amount": 5000.5, "dateDue": "2026-11-30", "status": 1}),
            "milestoneID",
            json!(5000.5),
        ),
        ("ExpenseItems", "", parking, "expenseItemID", json!(18.5)),
    ] {
        let path = match path {
            "" => format!("Expenses/{report}/Items"),
            segment => format!("Contracts/{contract}/{segment}"),
        };
        let id = bench.create(&path, body).await;
        let told = item(&bench, post(&bench, entity, id).await).await;
        assert_eq!(told["extendedPrice"], amount, "{entity}");
        assert!(told[column].is_number(), "{entity}: {told}");
        assert_eq!(told["companyID"], 174, "{entity}");
    }
}

#[tokio::test]
async fn posted_time_is_billed_at_the_rate_of_its_role_and_covered_time_at_nothing() {
    let bench = Bench::start().await;
    let ticket = bench.ticket("Worked").await;
    let covering = contract(&bench, 7).await;
    for (under, extended) in [(Value::Null, 1.5), (json!(covering), 0.0)] {
        let entry = json!({
            "ticketID": ticket, "resourceID": 29_682_885, "roleID": 29_683_387, "billingCodeID": REMOTE,
            "contractID": under, "dateWorked": "2026-11-20", "hoursWorked": 1.5, "summaryNotes": "Fixed it",
        });
        let entry = bench.create("TimeEntries", entry).await;
        let told = item(&bench, post(&bench, "TimeEntries", entry).await).await;
        assert_eq!(
            (&told["timeEntryID"], &told["roleID"], &told["quantity"]),
            (&json!(entry), &json!(29_683_387), &json!(1.5))
        );
        let rate = bench.item("Roles/29683387").await["hourlyRate"].as_f64();
        let expected = extended * rate.expect("a rate");
        assert_eq!(told["extendedPrice"].as_f64(), Some(expected));
        let told = bench.item(&format!("TimeEntries/{entry}")).await;
        assert!(told["billingApprovalDateTime"].is_string());
    }
}

#[tokio::test]
async fn a_charge_of_a_project_is_billed_to_the_projects_company() {
    let bench = Bench::start().await;
    let body = json!({
        "companyID": 174, "projectName": "Move", "projectType": 8, "status": 8,
        "startDateTime": "2026-11-01", "endDateTime": "2026-12-31",
    });
    let project = bench.create("Projects", body).await;
    let path = format!("Projects/{project}/Charges");
    let id = bench
        .create(&path, charge("Rack", json!(1), json!(900)))
        .await;
    let told = item(&bench, post(&bench, "ProjectCharges", id).await).await;
    assert_eq!(
        (
            &told["projectChargeID"],
            &told["projectID"],
            &told["companyID"]
        ),
        (&json!(id), &json!(project), &json!(174))
    );
}
