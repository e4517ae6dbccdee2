//! The rules through [`sync::plan`].

use autotask::Invoice;
use chrono::DateTime;
use domain::{Cause, Told};
use jim2::InvoicedJob;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use sync::{Act, Known, Next, Plan, Shadow, plan};

use super::*;
use crate::invoice::halves::{self, Fate};

fn facts() -> Facts {
    Facts::empty(chrono_tz::Australia::Sydney, DateTime::UNIX_EPOCH)
}

fn invoice(changes: &Json) -> Half {
    let mut told = json!({
        "id": 900, "invoiceNumber": "900", "isVoided": false, "webServiceDate": null, "paidDate": null,
    });
    for (name, value) in changes.as_object().cloned().unwrap_or_default() {
        told[name] = value;
    }
    let told: Invoice = serde_json::from_value(told).unwrap();
    halves::autotask(&told)
}

fn row(paid: Option<&str>, credited: i64) -> InvoicedJob {
    let at = |text: &str| text.parse().unwrap();
    InvoicedJob {
        inv_no: 30_001,
        inv_date: Told::Is(at("2026-11-29T20:00:00Z")),
        job_no: 5001,
        cust_no: Told::Is(1001),
        total: Told::Is(Decimal::ONE_HUNDRED),
        tax: Told::Not,
        paid: Told::Not,
        credited: Told::Is(credited.into()),
        paid_date: paid.map_or(Told::Empty, |paid| Told::Is(at(paid))),
    }
}

fn billed(fates: &[Fate], rows: &[InvoicedJob]) -> Half {
    halves::jim2(900, fates, rows, chrono_tz::Australia::Sydney)
}

fn known(autotask: Half, jim2: Half, shadow: Option<Shadow>) -> Known {
    Known {
        autotask_id: Some(autotask.id.clone()),
        jim2_id: Some(jim2.id.clone()),
        autotask: Some(autotask),
        jim2: Some(jim2),
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

fn of(autotask: Half, jim2: Half) -> Plan {
    plan(&InvoiceRules, &known(autotask, jim2, None), &facts())
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}

const ONE: &[Fate] = &[Fate::Invoiced(30_001)];

#[test]
fn both_halves_name_each_other() {
    let (autotask, jim2) = (invoice(&json!({})), billed(&[], &[]));
    assert_eq!(autotask.points_to.unwrap().to, jim2.id);
    assert_eq!(jim2.points_to.unwrap().to, autotask.id);
}

#[test]
fn number_and_date_are_told_once_there_are_any_and_the_payment_once_it_is_whole() {
    let before = of(invoice(&json!({})), billed(&[Fate::OnJob], &[]));
    assert_eq!((before.next, before.problems), (Next::InStep, vec![]));
    let told = |paid| {
        let plan = of(invoice(&json!({})), billed(ONE, &[row(paid, 0)]));
        assert_eq!(plan.problems, []);
        plan.acts.iter().find_map(Act::fields).unwrap().clone()
    };
    let expected = |more: &[(&str, &str)]| -> sync::Fields {
        let all = [("number", "30001"), ("date", "2026-11-30")];
        let all = all.iter().chain(more);
        all.map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect()
    };
    assert_eq!(told(None), expected(&[]));
    let paid = told(Some("2026-12-01T20:00:00Z"));
    assert_eq!(paid, expected(&[("paid", "2026-12-02")]));
}

#[test]
fn a_pair_that_is_found_after_jim2_invoiced_is_told_at_once() {
    let shadow = Shadow {
        baseline: Some(DateTime::UNIX_EPOCH),
        ..Shadow::default()
    };
    let jim2 = billed(ONE, &[row(None, 0)]);
    let known = known(invoice(&json!({})), jim2, Some(shadow));
    let plan = plan(&InvoiceRules, &known, &facts());
    assert_eq!(plan.next, Next::Write, "{plan:?}");
}

#[test]
fn what_was_told_is_not_told_again_and_a_number_that_a_person_changed_is() {
    let told = json!({"invoiceNumber": "30001", "webServiceDate": "2026-11-30T00:00:00Z"});
    let jim2 = || billed(ONE, &[row(None, 0)]);
    let first = of(invoice(&told), jim2());
    assert_eq!(first.next, Next::InStep);
    let mut edited = told;
    edited["invoiceNumber"] = json!("MY-7");
    let known = known(invoice(&edited), jim2(), Some(first.shadow));
    let plan = plan(&InvoiceRules, &known, &facts());
    let fields = plan.acts.iter().find_map(Act::fields).unwrap();
    assert_eq!(fields["number"], "30001".into());
}

#[test]
fn what_jim2_takes_back_undoes_nothing_and_is_told_to_finance() {
    let told = json!({
        "invoiceNumber": "30001", "webServiceDate": "2026-11-30T00:00:00Z", "paidDate": "2026-12-02T00:00:00Z",
    });
    let paid = Some("2026-12-01T20:00:00Z");
    for (fates, rows, expected) in [
        (ONE, vec![row(paid, 0)], vec![]),
        (ONE, vec![row(None, 0)], vec!["payment-taken-back"]),
        (ONE, vec![row(paid, 110)], vec!["invoice-credited"]),
        (
            &[Fate::OnJob][..],
            vec![],
            vec!["invoice-withdrawn", "payment-taken-back"],
        ),
        // Billed by others: not ours to speak of.
        (&[Fate::NoLine][..], vec![], vec![]),
    ] {
        let plan = of(invoice(&told), billed(fates, &rows));
        assert_eq!(codes(&plan), expected);
        assert_eq!(plan.acts, []);
    }
}

#[test]
fn more_numbers_than_autotask_has_room_for_are_a_problem_and_are_not_cut() {
    let fates: Vec<Fate> = (0..20).map(|more| Fate::Invoiced(30_001 + more)).collect();
    let plan = of(invoice(&json!({})), billed(&fates, &[]));
    assert_eq!(codes(&plan), ["too-many-invoices"]);
    assert_eq!(plan.acts, []);
}

#[test]
fn a_voided_invoice_is_left_alone_unless_jim2_had_billed_it() {
    let voided = json!({"isVoided": true});
    let plan = of(invoice(&voided), billed(&[Fate::OnJob], &[]));
    assert_eq!((plan.next, plan.problems), (Next::InStep, vec![]));
    let told = json!({
        "isVoided": true, "invoiceNumber": "30001", "webServiceDate": "2026-11-30T00:00:00Z",
    });
    let plan = of(invoice(&told), billed(&[], &[]));
    assert_eq!(codes(&plan), ["invoice-voided"]);
    assert!(plan.problems[0].says.contains("30001"), "{plan:?}");
    assert_eq!(plan.acts, []);
}
