//! The rules through [`sync::plan`].

mod finishing;

use domain::{Cause, Order, OrderFor};
use serde_json::json;
use sync::{Act, Known, Mapping, Next, Plan, plan};

use super::*;
use crate::halves::{self, Source};

const A: System = System::Autotask;

const ORDER: Order = Order {
    of: OrderFor::Project,
    id: 12,
    payer: 175,
};

/// A site where companies 174 and 175 have the cards 1001 and 1002.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    facts.creates = vec![(KIND, System::Jim2)];
    let cards = [(174, 1001), (175, 1002)];
    let pairs = cards.map(|(company, card)| (Key::new(COMPANY, A, company), card.into()));
    facts.pairs.extend(pairs);
    facts
        .settings
        .insert("order.item".to_owned(), json!("SALE"));
    facts
}

fn order() -> Half {
    let told = json!({"id": 12, "projectNumber": "P2026.0004", "projectName": "Office move", "companyID": 174});
    halves::order(
        ORDER,
        Source::Project(&serde_json::from_value(told).unwrap()),
        None,
    )
}

fn job(changes: jim2::Job) -> Half {
    halves::job(&jim2::Job {
        job_no: 5001,
        cust_no: domain::Told::Is(1002),
        ..changes
    })
}

fn known(cause: Cause, job: Option<Half>) -> Known {
    let id = job.as_ref().map(|job| job.id.clone());
    Known {
        autotask: Some(order()),
        jim2: job,
        autotask_id: Some(ORDER.into()),
        jim2_id: id,
        generation: 1,
        cause,
        shadow: None,
        children: Vec::new(),
        evidence: Vec::new(),
    }
}

fn planned(known: &Known, facts: &Facts) -> Plan {
    plan(&OrderRules, known, facts)
}

#[test]
fn no_job_is_made_before_work_waits_for_one() {
    let plan = planned(&known(Cause::Live, None), &facts());
    assert!(matches!(plan.next, Next::Ignore(_)), "{plan:?}");
}

#[test]
fn a_job_is_made_for_who_pays_at_the_card_of_whose_work_it_is() {
    let plan = planned(&known(Cause::Work, None), &facts());
    let [
        Act::Create {
            reference, fields, ..
        },
        ..,
    ] = plan.acts.as_slice()
    else {
        panic!("{plan:?}")
    };
    assert_eq!(reference, "P12@175/1");
    let expected = [
        ("customer", 1002.into()),
        ("invoice_desc", "project P2026.0004 Office move".into()),
        ("item", "SALE".into()),
        ("ship", 1001.into()),
    ];
    let expected = expected.map(|(name, value): (&str, Value)| (name.to_owned(), value));
    assert_eq!(*fields, expected.into());
}

#[test]
fn a_job_waits_for_the_card_of_who_pays_and_for_an_item() {
    let mut facts = facts();
    facts.pairs.clear();
    facts.settings.clear();
    let plan = planned(&known(Cause::Work, None), &facts);
    let codes: Vec<_> = plan.problems.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["company-not-paired", "default-missing"]);
    assert_eq!(plan.next, Next::Hold);
    // The Item that tickets have without an issue type does as well.
    let mapping = Mapping {
        to: Some("SERVICE".to_owned()),
        path: Vec::new(),
    };
    let blank = ("issueType".to_owned(), A, String::new());
    facts.mappings.insert(blank, mapping);
    let plan = planned(&known(Cause::Work, None), &facts);
    assert_eq!(plan.problems.len(), 1, "{:?}", plan.problems);
}

#[test]
fn only_an_invoiced_job_is_followed_by_another_and_only_for_work() {
    let invoiced = || {
        job(jim2::Job {
            inv_no: domain::Told::Is(30_001),
            ..jim2::Job::default()
        })
    };
    let ready = || {
        job(jim2::Job {
            ready: domain::Told::Is(true),
            ..jim2::Job::default()
        })
    };
    for (cause, job, follows) in [
        (Cause::Work, invoiced(), true),
        (Cause::Live, invoiced(), false),
        (Cause::Work, ready(), false),
    ] {
        let plan = planned(&known(cause, Some(job)), &facts());
        assert_eq!(plan.next == Next::FollowOn, follows, "{plan:?}");
        assert_eq!(plan.acts, []);
    }
}

#[test]
fn a_job_that_was_copied_for_another_order_is_not_billed_on() {
    let named = |our_ref: &str| {
        let job = job(jim2::Job {
            our_ref: domain::Told::Is(our_ref.to_owned()),
            ..jim2::Job::default()
        });
        planned(&known(Cause::Work, Some(job)), &facts())
    };
    assert_eq!(named("P12@175/1").problems, []);
    let plan = named("P13@175/1");
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(plan.problems[0].code, "not-the-same-record");
}
