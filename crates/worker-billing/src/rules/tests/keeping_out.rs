//! What is not carried although nothing is wrong with it.

use super::*;

fn ignored(item: Half, facts: &Facts) -> String {
    let plan = create(item, facts);
    let Next::Ignore(reason) = plan.next else {
        panic!("{:?} {:?}", plan.next, plan.problems)
    };
    reason
}

fn with(name: &str, value: Json) -> Facts {
    let mut facts = facts();
    facts.settings.insert(name.to_owned(), value);
    facts
}

#[test]
fn two_connectors_never_bill_the_same_item() {
    let mut unset = facts();
    unset.settings.remove("billing_by");
    for facts in [
        unset,
        with("billing_by", json!("theirs")),
        with("billing_by", json!("off")),
    ] {
        assert!(ignored(alone(&json!({})), &facts).contains("billing_by"));
    }
}

#[test]
fn what_was_billed_before_the_cut_over_is_not_billed_again() {
    let old: Invoice =
        serde_json::from_value(json!({"id": 3, "createDateTime": "2026-10-31T00:00:00Z"})).unwrap();
    let on_old_invoice = Around {
        invoice: Some(&old),
        ..Around::default()
    };
    let mut unset = facts();
    unset.settings.remove("billing_from");
    for (half, facts, reason) in [
        (
            alone(&json!({"postedOnTime": "2026-10-31T23:59:59Z"})),
            facts(),
            "older than billing_from",
        ),
        (
            alone(&json!({"webServiceDate": "2026-11-20T00:00:00Z"})),
            facts(),
            "webServiceDate is set",
        ),
        (
            half(&item(&json!({"invoiceID": 3})), on_old_invoice),
            facts(),
            "older than billing_from",
        ),
        (alone(&json!({})), unset, "before billing_from is set"),
    ] {
        let told = ignored(half, &facts);
        assert!(told.contains(reason), "{told}");
    }
}

#[test]
fn an_item_waits_for_its_autotask_invoice_where_the_site_wants_that() {
    let facts = with("bill_when", json!("invoiced"));
    assert!(ignored(alone(&json!({})), &facts).contains("waits for its Autotask invoice"));
    let invoiced = create(alone(&json!({"invoiceID": 3})), &facts);
    assert_eq!(invoiced.next, Next::Write);
}

#[test]
fn what_belongs_to_no_ticket_waits_for_its_autotask_invoice_and_nobody_is_asked() {
    let own = json!({"ticketChargeID": null, "contractServicePeriodID": 5, "ticketID": null});
    assert_eq!(
        ignored(alone(&own), &facts()),
        "waits for its Autotask invoice"
    );
}

#[test]
fn covered_labour_makes_no_line_of_nothing_unless_it_is_to_be_shown() {
    let covered = json!({
        "ticketChargeID": null, "timeEntryID": 40, "billingCodeID": 1, "quantity": 1.5, "rate": 0,
        "extendedPrice": 0, "internalCurrencyExtendedPrice": 0, "taxDollars": 0,
    });
    let told = ignored(alone(&covered), &facts());
    assert!(told.contains("covered labour"), "{told}");
    let shown = Around {
        is_shown: true,
        ..Around::default()
    };
    let plan = create(half(&item(&covered), shown), &facts());
    assert_eq!(
        made(&plan)["split"],
        "1.5 x 0".into(),
        "the price is sent, so that Jim2 makes none"
    );
    let free = json!({"rate": 0, "extendedPrice": 0, "internalCurrencyExtendedPrice": 0});
    assert_eq!(
        create(alone(&free), &facts()).next,
        Next::Write,
        "goods that cost nothing are told"
    );
}

#[test]
fn the_providers_own_work_is_never_billed() {
    let plan = create(alone(&json!({"companyID": 0})), &facts());
    assert_eq!(codes(&plan.problems), ["own-company-pays"]);
}

#[test]
fn a_line_that_a_person_typed_makes_nothing_in_autotask() {
    let half = halves::line(&line(), None);
    let known = Known {
        autotask: None,
        autotask_id: None,
        jim2_id: Some(half.id.clone()),
        jim2: Some(half),
        ..known(alone(&json!({})), None, None)
    };
    let plan = plan(&BillingRules, &known, &facts());
    assert_eq!(
        plan.next,
        Next::Ignore("lines that people add are theirs".to_owned())
    );
}
