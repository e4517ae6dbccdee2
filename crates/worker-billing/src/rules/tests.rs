//! The rules through [`sync::plan`], on items and lines as the clients tell them.

mod freezing;
mod keeping_out;
mod sequences;
mod updating;

use autotask::{BillingItem, Company, Contract, Invoice};
use domain::{Cause, Key, Problem, System, Told, Value};
use jim2::{Job, JobStock};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use sync::{Act, CODE_STOCK, Facts, Half, Known, Mapping, Next, Plan, Shadow, plan};

use super::*;
use crate::{
    ORDER,
    halves::{self, Around},
};

/// A site that carries billing since the first of November: company 174 is card 12, ticket 7001 has job 5001.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    let stock = |code: &str| Mapping {
        to: Some(code.to_owned()),
        path: Vec::new(),
    };
    for (code, to) in [("10", "PARTS"), ("1", "LAB.REMOTE")] {
        let key = (CODE_STOCK.to_owned(), System::Autotask, code.to_owned());
        facts.mappings.insert(key, stock(to));
    }
    facts.creates = vec![(KIND, System::Jim2)];
    facts.settings.extend([
        ("billing_by".to_owned(), json!("ours")),
        ("billing_from".to_owned(), json!("2026-11-01T00:00:00Z")),
    ]);
    facts.pairs.extend([
        (Key::new(COMPANY, System::Autotask, 174), 12.into()),
        (Key::new(TICKET, System::Autotask, 7001), 5001.into()),
    ]);
    facts
}

/// A posted charge of a ticket, changed by `changes`.
fn item(changes: &Json) -> BillingItem {
    let mut item = json!({
        "id": 30_795_001, "billingItemType": 4, "subType": 1, "companyID": 174, "ticketID": 7001,
        "contractID": null, "invoiceID": null, "billingCodeID": 10, "roleID": null, "projectID": null,
        "itemName": "Toner", "description": "Toner, black", "quantity": 3, "rate": 12.345,
        "extendedPrice": 37.04, "internalCurrencyExtendedPrice": 37.04, "taxDollars": 3.7,
        "postedOnTime": "2026-11-20T01:02:03Z", "webServiceDate": null, "ticketChargeID": 123,
    });
    for (name, value) in changes.as_object().cloned().unwrap_or_default() {
        item[name] = value;
    }
    serde_json::from_value(item).unwrap()
}

/// The half that an item is, with what was read around it.
fn half(item: &BillingItem, around: Around<'_>) -> Half {
    let column = |name: &str| {
        let value = autotask::Entity::value(item, name);
        value.as_ref().and_then(Value::as_number)
    };
    let source = Source::named(column, item.sub_type.get().copied()).unwrap();
    halves::item(source, item, around)
}

fn alone(changes: &Json) -> Half {
    half(&item(changes), Around::default())
}

/// The line that our own write made of the charge.
fn line() -> JobStock {
    let decimal = |text: &str| Told::Is(text.parse::<Decimal>().unwrap());
    JobStock {
        job_no: 5001,
        line_id: 2,
        stock_code: Told::Is("PARTS".to_owned()),
        qty: decimal("3"),
        supplied_qty: decimal("3"),
        unit_price_tf: decimal("12.345"),
        unit_price_tp: decimal("13.5795"),
        description: Told::Is("Toner, black [AT C123.1]".to_owned()),
        ..JobStock::default()
    }
}

fn job(invoice: Option<i64>, ready: bool) -> Job {
    Job {
        job_no: 5001,
        cust_no: Told::Is(12),
        ready: Told::Is(ready),
        inv_no: invoice.map_or(Told::Empty, Told::Is),
        ..Job::default()
    }
}

fn known(autotask: Half, jim2: Option<Half>, shadow: Option<Shadow>) -> Known {
    Known {
        autotask_id: jim2.as_ref().map(|_| autotask.id.clone()),
        jim2_id: jim2.as_ref().map(|half| half.id.clone()),
        autotask: Some(autotask),
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

/// The plan for an item that has no line yet.
fn create(item: Half, facts: &Facts) -> Plan {
    plan(&BillingRules, &known(item, None, None), facts)
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems
        .iter()
        .map(|problem| problem.code.as_str())
        .collect()
}

/// What the line is made with.
fn made(plan: &Plan) -> &sync::Fields {
    plan.acts.iter().find_map(Act::fields).unwrap()
}

#[test]
fn a_posted_charge_becomes_a_line_on_its_tickets_job_at_the_price_that_was_posted() {
    let plan = create(alone(&json!({})), &facts());
    assert_eq!(plan.next, Next::Write, "{:?}", plan.problems);
    let fields = made(&plan);
    for (name, value) in [
        ("job", 5001.into()),
        ("customer", 12.into()),
        ("stock_code", "PARTS".into()),
        ("net", "37.04".into()),
        ("split", "3 x 12.345".into()),
        ("description", Value::from("Toner, black [AT C123.1]")),
    ] {
        assert_eq!(fields.get(name), Some(&value), "{name}");
    }
}

#[test]
fn all_that_is_missing_is_told_at_once_with_the_money() {
    let facts = Facts {
        mappings: [].into(),
        pairs: [].into(),
        ..facts()
    };
    let plan = create(alone(&json!({})), &facts);
    assert_eq!(plan.next, Next::Hold);
    let ticket = Key::new(TICKET, System::Autotask, 7001);
    assert_eq!(plan.awaits, [ticket], "it is told that work waits for it");
    assert_eq!(
        codes(&plan.problems),
        ["not-paired-yet", "not-paired-yet", "lookup-missing"]
    );
    assert!(
        plan.problems[0]
            .says
            .contains("Toner ($37.04 ex GST) cannot go to Jim2"),
        "{}",
        plan.problems[0].says
    );
}

#[test]
fn a_rate_that_was_rounded_on_posting_goes_as_one_of_the_whole_with_the_hours_in_words() {
    let worked = json!({
        "ticketChargeID": null, "timeEntryID": 40, "billingCodeID": 1, "quantity": 0.3333, "rate": 150.005,
        "extendedPrice": 50.01, "internalCurrencyExtendedPrice": 50.01, "description": "Fixed it",
    });
    let plan = create(alone(&worked), &facts());
    let fields = made(&plan);
    assert_eq!(fields["split"], "1 x 50.01".into());
    let words = "Fixed it (0.3333 h at $150.005) [AT T40.1]";
    assert_eq!(fields["description"], words.into());
}

#[test]
fn a_long_description_is_cut_before_its_mark_and_never_after_it() {
    let plan = create(alone(&json!({"description": "é".repeat(2000)})), &facts());
    let words = made(&plan)["description"].as_text().unwrap();
    assert_eq!(words.chars().count(), 1000);
    assert!(words.ends_with("é [AT C123.1]"), "{words}");
}

#[test]
fn who_pays_by_the_contract_is_the_customer_of_the_line() {
    let contract: Contract =
        serde_json::from_value(json!({"id": 9, "billToCompanyID": 180})).unwrap();
    let around = Around {
        contract: Some(&contract),
        ..Around::default()
    };
    let own = item(&json!({"contractID": 9}));
    let mut facts = facts();
    let plan = create(half(&own, around), &facts);
    assert_eq!(
        codes(&plan.problems),
        ["not-paired-yet"],
        "company 180 has no card"
    );
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 180), 44.into());
    let plan = create(half(&own, around), &facts);
    assert_eq!(made(&plan)["customer"], 44.into());
}

#[test]
fn what_hangs_on_no_ticket_goes_to_the_job_of_its_project_or_invoice() {
    for (changes, order) in [
        (
            json!({"ticketChargeID": null, "projectChargeID": 5, "ticketID": null, "projectID": 8}),
            "P8@174",
        ),
        (
            json!({"ticketChargeID": null, "timeEntryID": 5, "ticketID": null, "projectID": 8}),
            "P8@174",
        ),
        (
            json!({"ticketChargeID": null, "milestoneID": 5, "projectID": 8, "invoiceID": 3}),
            "I3@174",
        ),
        (
            json!({"ticketChargeID": null, "contractServicePeriodID": 5, "ticketID": null, "invoiceID": 3}),
            "I3@174",
        ),
    ] {
        let mut facts = facts();
        let plan = create(alone(&changes), &facts);
        let key = Key::new(ORDER, System::Autotask, order);
        assert_eq!(plan.awaits, std::slice::from_ref(&key), "{changes}");
        assert_eq!(codes(&plan.problems), ["not-paired-yet"], "{changes}");
        facts.pairs.insert(key, 5009.into());
        let plan = create(alone(&changes), &facts);
        assert_eq!(made(&plan)["job"], 5009.into(), "{changes}");
        assert_eq!(made(&plan)["order_of_job"], order.into(), "{changes}");
    }
}

#[test]
fn all_of_an_invoice_is_paid_by_whoever_gets_it() {
    let invoice: Invoice = serde_json::from_value(json!({"id": 3, "companyID": 175})).unwrap();
    let around = Around {
        invoice: Some(&invoice),
        ..Around::default()
    };
    let own = json!({"ticketChargeID": null, "milestoneID": 5, "ticketID": null, "invoiceID": 3});
    let half = half(&item(&own), around);
    assert_eq!(half.fact("order"), Some(&"I3@175".into()));
    assert_eq!(half.fact("payer"), Some(&175.into()));
}

#[test]
fn what_somebody_else_pays_for_goes_to_a_job_of_its_own_once_that_is_there() {
    let mut facts = facts();
    let plan = create(alone(&json!({})), &facts);
    assert_eq!(made(&plan)["job"], 5001.into());
    assert_eq!(made(&plan)["apart"], "T7001@174".into());
    let order = Key::new(ORDER, System::Autotask, "T7001@174");
    facts.pairs.insert(order, 5002.into());
    let plan = create(alone(&json!({})), &facts);
    assert_eq!(made(&plan)["job"], 5002.into());
    assert_eq!(made(&plan).get("apart"), None);
}

#[test]
fn a_foreign_currency_an_untold_amount_and_twins_are_problems_before_writing() {
    let company: Company = serde_json::from_value(json!({"id": 174, "currencyID": 3})).unwrap();
    let mut dollars = facts();
    dollars
        .settings
        .insert("billing_currency".to_owned(), json!(1));
    let in_currency = Around {
        company: Some(&company),
        ..Around::default()
    };
    let twin = Around {
        many: 2,
        ..Around::default()
    };
    let own = item(&json!({}));
    let foreign = item(&json!({"internalCurrencyExtendedPrice": 56.3}));
    let untold: BillingItem = serde_json::from_value(json!({
        "id": 1, "companyID": 174, "ticketID": 7001, "billingCodeID": 10, "ticketChargeID": 123,
        "postedOnTime": "2026-11-20T01:02:03Z",
    }))
    .unwrap();
    for (half, facts, code) in [
        (
            half(&foreign, Around::default()),
            facts(),
            "not-australian-dollars",
        ),
        (half(&own, in_currency), dollars, "not-australian-dollars"),
        (half(&own, twin), facts(), "two-items-of-one-source"),
        (half(&untold, Around::default()), facts(), "amount-not-told"),
    ] {
        let plan = create(half, &facts);
        assert_eq!(codes(&plan.problems), [code]);
    }
}

#[test]
fn rule_9_a_purchase_order_that_the_job_does_not_name_is_in_the_lines_text_and_told() {
    let alone = "Toner, black [AT C123.1]";
    let named = "Toner, black (PO 4711) [AT C123.1]";
    for (order, of_job, words) in [
        ("4711", Some("4711"), alone),
        (" po 7 ", Some("PO 7"), alone),
        ("", Some("4712"), alone),
        ("4711", Some("4712"), named),
        ("4711", None, named),
    ] {
        let around = Around {
            po_of_job: of_job,
            ..Around::default()
        };
        let own = item(&json!({"purchaseOrderNumber": order}));
        let plan = create(half(&own, around), &facts());
        assert_eq!(
            made(&plan)["description"],
            words.into(),
            "{order:?} {of_job:?}"
        );
        let told = plan.notices.iter().map(|notice| notice.lost.to_string());
        let expected = Vec::from_iter((words == named).then(|| "4711".to_owned()));
        assert_eq!(told.collect::<Vec<_>>(), expected, "{order:?} {of_job:?}");
    }
}

#[test]
fn an_invoice_that_is_half_attached_is_waited_for() {
    let own =
        item(&json!({"ticketChargeID": null, "milestoneID": 5, "ticketID": null, "invoiceID": 3}));
    let half_attached = Around {
        unattached: Some(Decimal::new(3333, 2)),
        ..Around::default()
    };
    let mut facts = facts();
    let order = Key::new(ORDER, System::Autotask, "I3@174");
    facts.pairs.insert(order, 5009.into());
    let plan = create(half(&own, half_attached), &facts);
    assert_eq!(
        made(&plan)["unattached"],
        "33.33".into(),
        "for the hands to heed"
    );
}
