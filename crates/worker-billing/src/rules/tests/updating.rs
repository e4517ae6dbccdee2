//! What becomes of a line whose item was changed, taken back or posted again.

use super::*;
use crate::source::KINDS;

/// The shadow that making the line left behind.
fn shadow() -> Shadow {
    create(alone(&json!({})), &facts()).shadow
}

/// The plan for the charge as it is now and its line as we made it.
fn again(now: Half, line: &JobStock, job: &Job) -> Plan {
    let jim2 = halves::line(line, Some(job));
    plan(
        &BillingRules,
        &known(now, Some(jim2), Some(shadow())),
        &facts(),
    )
}

/// The same, on an open job of a site as it is now.
pub(super) fn again_on(now: Half, facts: &Facts) -> Plan {
    let jim2 = halves::line(&line(), Some(&open()));
    plan(
        &BillingRules,
        &known(now, Some(jim2), Some(shadow())),
        facts,
    )
}

fn open() -> Job {
    job(None, false)
}

fn written(plan: &Plan) -> Vec<(&str, String)> {
    let updates = plan.acts.iter().filter_map(Act::fields);
    let fields = updates.flat_map(|fields| fields.iter());
    fields
        .map(|(name, value)| (name.as_str(), value.to_string()))
        .collect()
}

#[test]
fn posting_again_under_a_new_id_writes_no_line_and_marks_the_new_item() {
    let plan = again(alone(&json!({"id": 30_795_099})), &line(), &open());
    assert!(written(&plan).is_empty());
    assert!(
        matches!(
            plan.acts.as_slice(),
            [Act::Refer {
                on: System::Autotask,
                ..
            }]
        ),
        "{:?}",
        plan.acts
    );
    let carried = json!({"id": 30_795_099, "webServiceDate": "2026-11-21T00:00:00Z"});
    assert_eq!(again(alone(&carried), &line(), &open()).next, Next::InStep);
}

#[test]
fn posting_again_at_another_amount_changes_the_line_and_adds_none() {
    let now =
        json!({"quantity": 4, "extendedPrice": 49.38, "internalCurrencyExtendedPrice": 49.38});
    let plan = again(alone(&now), &line(), &open());
    assert_eq!(
        written(&plan),
        [
            ("net", "49.38".to_owned()),
            ("split", "4 x 12.345".to_owned())
        ]
    );
}

#[test]
fn an_item_that_was_taken_back_leaves_a_line_of_nothing() {
    let source = Source {
        kind: &KINDS[1],
        id: 123,
        sub_type: Some(1),
    };
    let gone = halves::taken_back(source, "Toner");
    let plan = again(gone.clone(), &line(), &open());
    assert_eq!(
        written(&plan),
        [
            (
                "description",
                "Taken back in Autotask: Toner [AT C123.1]".to_owned()
            ),
            ("net", "0".to_owned()),
            ("split", "0 x 0".to_owned()),
        ]
    );
    let never_written = create(gone, &facts());
    assert!(
        matches!(never_written.next, Next::Ignore(_)),
        "{:?}",
        never_written.next
    );
}

#[test]
fn a_change_after_the_invoice_is_a_return_with_job_invoice_and_money() {
    let now =
        json!({"quantity": 4, "extendedPrice": 49.38, "internalCurrencyExtendedPrice": 49.38});
    for (job, code, words) in [
        (
            job(Some(90_001), false),
            "line-invoiced",
            "Raise a Return From Customer on job 5001 / invoice 90001 for $37.04",
        ),
        (job(None, true), "job-ready", "take Ready off job 5001"),
    ] {
        let plan = again(alone(&now), &line(), &job);
        assert!(written(&plan).is_empty(), "nothing is written on it");
        assert_eq!(codes(&plan.problems), [code, code]);
        assert!(
            plan.problems[0].remedy.step.contains(words),
            "{:?}",
            plan.problems[0]
        );
    }
}

#[test]
fn what_jim2_rounded_with_tax_is_compared_by_what_it_comes_to() {
    let decimal = |text: &str| Told::Is(text.parse::<Decimal>().unwrap());
    let rounded = JobStock {
        qty: decimal("1"),
        supplied_qty: decimal("1"),
        unit_price_tf: decimal("37.0364"),
        unit_price_tp: decimal("40.74"),
        ..line()
    };
    let carried = json!({"webServiceDate": "2026-11-21T00:00:00Z"});
    let plan = again(alone(&carried), &rounded, &open());
    assert_eq!(plan.next, Next::InStep, "{:?}", plan.acts);
    let off_by_a_cent = JobStock {
        unit_price_tp: decimal("40.75"),
        unit_price_tf: decimal("37.0455"),
        ..rounded
    };
    let plan = again(alone(&carried), &off_by_a_cent, &open());
    assert_eq!(
        written(&plan),
        [("net", "37.04".to_owned())],
        "not a silent cent"
    );
}

#[test]
fn a_line_that_names_another_source_is_not_written_on() {
    let other = JobStock {
        description: Told::Is("Drive [AT C999.1]".to_owned()),
        ..line()
    };
    let plan = again(alone(&json!({})), &other, &open());
    assert_eq!(codes(&plan.problems), ["not-the-same-record"]);
    assert!(plan.acts.is_empty());
    let unmarked = JobStock {
        description: Told::Is("Toner, nicer words".to_owned()),
        ..line()
    };
    let plan = again(alone(&json!({})), &unmarked, &open());
    assert_eq!(
        written(&plan),
        [("description", "Toner, black [AT C123.1]".to_owned())]
    );
}

#[test]
fn an_item_that_is_sold_as_something_else_now_is_a_standing_problem() {
    let plan = again(alone(&json!({"billingCodeID": 1})), &line(), &open());
    assert_eq!(codes(&plan.problems), ["stock-code-differs"]);
    assert!(
        plan.problems[0].says.contains("sold as LAB.REMOTE now"),
        "{:?}",
        plan.problems[0]
    );
}

#[test]
fn a_source_that_was_deleted_leaves_a_line_of_nothing_behind() {
    let gone = Known {
        autotask: None,
        ..known(
            alone(&json!({})),
            Some(halves::line(&line(), Some(&open()))),
            Some(shadow()),
        )
    };
    let buried = plan(&BillingRules, &gone, &facts());
    assert_eq!(buried.next, Next::Bury);
    assert_eq!(
        written(&buried),
        [
            (
                "description",
                "Taken back in Autotask [AT C123.1]".to_owned()
            ),
            ("net", "0".to_owned()),
            ("split", "0 x 0".to_owned()),
        ]
    );
    let invoiced = Known {
        jim2: Some(halves::line(&line(), Some(&job(Some(90_001), false)))),
        ..gone
    };
    let held = plan(&BillingRules, &invoiced, &facts());
    assert_eq!(held.next, Next::Hold);
    assert!(
        held.problems[0]
            .remedy
            .step
            .contains("Return From Customer")
    );
}

#[test]
fn a_second_posting_beside_a_line_that_is_there_is_told_and_not_swallowed() {
    let twin = Around {
        many: 2,
        ..Around::default()
    };
    let carried = item(&json!({"webServiceDate": "2026-11-21T00:00:00Z"}));
    let plan = again(half(&carried, twin), &line(), &open());
    assert_eq!(codes(&plan.problems), ["two-items-of-one-source"]);
    assert!(written(&plan).is_empty());
}

#[test]
fn what_is_held_holds_up_what_was_posted_less_what_is_on_the_line() {
    let more =
        json!({"quantity": 4, "extendedPrice": 49.38, "internalCurrencyExtendedPrice": 49.38});
    let untold = json!({"extendedPrice": null, "internalCurrencyExtendedPrice": null});
    let jim2 = halves::line(&line(), Some(&open()));
    for (autotask, jim2, owed) in [
        (Some(alone(&json!({}))), None, Some(3_704)),
        (Some(alone(&more)), Some(&jim2), Some(1_234)),
        (None, Some(&jim2), Some(-3_704)),
        (Some(alone(&untold)), None, None),
    ] {
        let owed = owed.map(|cents| Decimal::new(cents, 2));
        assert_eq!(BillingRules.owed(autotask.as_ref(), jim2), owed);
    }
}
