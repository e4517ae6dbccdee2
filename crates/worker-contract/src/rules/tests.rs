//! The rules through [`sync::plan`], on contracts and projects as the clients tell them.

use std::collections::HashMap;

use autotask::{Company, Contract};
use domain::{Cause, Key, System, Told, Value};
use jim2::Project;
use serde_json::{Value as Json, json};
use sync::{Act, Facts, Fields, Half, Known, Mapping, Next, Plan, Shadow, Way};

use super::*;
use crate::{ContractSettings, halves};

const A: System = System::Autotask;
const J: System = System::Jim2;

/// A site in Sydney where company 174 is card 1001 and company 175 is card 1002.
fn facts() -> Facts {
    let now = "2026-11-23T00:00:00Z".parse().unwrap();
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now);
    for (system, value, to) in [(A, "1", "Booked"), (J, "Booked", "1")] {
        let key = ("contractStatus".to_owned(), system, value.to_owned());
        let mapping = Mapping {
            to: Some(to.to_owned()),
            path: Vec::new(),
        };
        facts.mappings.insert(key, mapping);
    }
    facts.creates = vec![(KIND, J)];
    facts.settings = HashMap::from([("project.type".to_owned(), json!("Managed Service"))]);
    let card = |company: i64, card: i64| (Key::new(COMPANY, A, company), card.into());
    facts.pairs = HashMap::from([card(174, 1001), card(175, 1002)]);
    facts
}

fn merge(told: &mut Json, changes: Json) {
    if let Json::Object(changes) = changes {
        for (name, value) in changes {
            told[name] = value;
        }
    }
}

/// Managed services for company 174, changed by `changes`.
fn contract(changes: Json) -> Half {
    let mut told = json!({
        "id": 29_683_201, "contractName": "Managed services", "contractNumber": "C-100", "contractType": 7,
        "contractCategory": null, "companyID": 174, "billToCompanyID": null, "purchaseOrderNumber": "PO 9",
        "startDate": "2026-01-01T00:00:00Z", "endDate": "2026-12-31T00:00:00Z", "status": 1,
        "lastModifiedDateTime": "2026-11-22T00:00:00Z",
    });
    merge(&mut told, changes);
    let contract: Contract = serde_json::from_value(told).unwrap();
    let mut half = halves::contract(&contract, Some("3 × Managed workstation".to_owned()));
    let company = json!({"id": 174, "companyName": "Harbour", "companyType": 1});
    let company: Company = serde_json::from_value(company).unwrap();
    halves::whose(&mut half, &company, &ContractSettings::of(&facts()));
    half
}

/// Its project.
fn project() -> Project {
    let day = |day: &str| Told::Is(day.parse().unwrap());
    let word = |word: &str| Told::Is(word.to_owned());
    Project {
        project_no: 301,
        code: word("C-100"),
        cust_no: Told::Is(1001),
        ship_no: Told::Is(1001),
        type_name: word("Managed Service"),
        status: word("Booked"),
        cust_ref: word("PO 9"),
        billing_item_desc: word("Managed services"),
        date_in: day("2026-01-01"),
        date_out: day("2026-12-31"),
        last_modified: Told::Not,
    }
}

fn known(autotask: Option<Half>, jim2: Option<Half>, shadow: Option<Shadow>) -> Known {
    Known {
        autotask_id: autotask.as_ref().map(|half| half.id.clone()),
        jim2_id: jim2.as_ref().map(|half| half.id.clone()),
        autotask,
        jim2,
        generation: 1,
        shadow,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

/// What comes of a contract that is alone.
fn alone(contract: Half, facts: &Facts) -> Plan {
    sync::plan(&ContractRules, &known(Some(contract), None, None), facts)
}

/// What comes of a pair that agreed on both as they are by themselves.
fn together(contract: Half, project: &Project, facts: &Facts) -> Plan {
    let agreed = known(
        Some(self::contract(json!({}))),
        Some(halves::project(&self::project())),
        Some(Shadow::default()),
    );
    let shadow = sync::plan(&ContractRules, &agreed, facts).shadow;
    let known = known(Some(contract), Some(halves::project(project)), Some(shadow));
    sync::plan(&ContractRules, &known, facts)
}

fn written(plan: &Plan, on: System) -> Fields {
    let mut all = Fields::new();
    for act in plan.acts.iter().filter(|act| act.on() == on) {
        all.extend(act.fields().cloned().unwrap_or_default());
    }
    all
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    let owned = |(name, value): (&str, Value)| (name.to_owned(), value);
    fields.into_iter().map(owned).collect()
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn equal_halves_ask_for_nothing() {
    let plan = together(contract(json!({})), &project(), &facts());
    assert_eq!((&plan.next, codes(&plan)), (&Next::InStep, vec![]));
}

#[test]
fn what_changed_on_one_side_goes_to_the_other() {
    let changed = contract(json!({
        "contractName": "Managed services plus", "endDate": "2027-06-30T00:00:00Z", "purchaseOrderNumber": "PO 10",
    }));
    let plan = together(changed, &project(), &facts());
    let expected = fields([
        ("name", "Managed services plus".into()),
        ("ends", "2027-06-30".into()),
        ("cust_ref", "PO 10".into()),
    ]);
    assert_eq!(
        (written(&plan, J), written(&plan, A)),
        (expected, Fields::new())
    );

    let changed = Project {
        cust_ref: Told::Is("PO 11".to_owned()),
        date_in: Told::Is("2026-02-01".parse().unwrap()),
        ..project()
    };
    let plan = together(contract(json!({})), &changed, &facts());
    let expected = fields([
        ("cust_ref", "PO 11".into()),
        ("starts", "2026-02-01".into()),
    ]);
    assert_eq!(
        (written(&plan, A), written(&plan, J)),
        (expected, Fields::new())
    );
}

#[test]
fn autotask_decides_where_both_changed() {
    let theirs = Project {
        billing_item_desc: Told::Is("Theirs".to_owned()),
        ..project()
    };
    let plan = together(contract(json!({"contractName": "Ours"})), &theirs, &facts());
    assert_eq!(written(&plan, J), fields([("name", "Ours".into())]));
    assert_eq!(plan.notices[0].what, "conflict");
}

#[test]
fn blank_overwrites_nothing() {
    let blank = Project {
        cust_ref: Told::Empty,
        billing_item_desc: Told::Empty,
        date_out: Told::Empty,
        ..project()
    };
    let plan = together(contract(json!({})), &blank, &facts());
    assert_eq!(plan.next, Next::InStep, "{:?}", plan.acts);
    let plan = together(
        contract(json!({"purchaseOrderNumber": null})),
        &project(),
        &facts(),
    );
    assert_eq!(plan.next, Next::InStep, "{:?}", plan.acts);
}

#[test]
fn a_status_without_a_counterpart_holds_nothing_but_itself() {
    let changed = contract(json!({"status": 0, "contractName": "Other"}));
    let plan = together(changed, &project(), &facts());
    assert_eq!(codes(&plan), ["lookup-missing"]);
    assert_eq!(written(&plan, J), fields([("name", "Other".into())]));
}

#[test]
fn a_project_of_another_customer_is_told_and_never_written() {
    let other = Project {
        cust_no: Told::Is(1003),
        ..project()
    };
    let plan = together(contract(json!({"contractName": "Other"})), &other, &facts());
    assert_eq!(codes(&plan), ["customer-differs"]);
    assert_eq!(
        written(&plan, J),
        fields([("name", "Other".into())]),
        "it holds nothing back"
    );
    // Who pays may be somebody else, and what is not paired says nothing.
    for (payer, customer) in [(json!(175), 1002), (json!(175), 1001), (json!(null), 1001)] {
        let project = Project {
            cust_no: Told::Is(customer),
            ..project()
        };
        let contract = contract(json!({"billToCompanyID": payer}));
        assert_eq!(codes(&together(contract, &project, &facts())), [""; 0]);
    }
    let plan = together(contract(json!({"companyID": 999})), &other, &facts());
    assert_eq!(codes(&plan), [""; 0]);
}

#[test]
fn what_is_sold_is_told_only_where_the_site_wants_it() {
    let plan = together(contract(json!({})), &project(), &facts());
    assert_eq!(codes(&plan), [""; 0]);
    let mut facts = facts();
    let key = (KIND, SERVICES.name.to_owned());
    facts.rules.insert(key, (Way::ToJim2, A));
    let plan = together(contract(json!({})), &project(), &facts);
    assert_eq!(codes(&plan), ["billing-lines-by-hand"]);
    assert!(plan.problems[0].says.contains("3 × Managed workstation"));
    assert_eq!(written(&plan, J), Fields::new());
    // A new project has no billing lines either: the problem is told, and the project is made.
    let plan = alone(contract(json!({})), &facts);
    assert_eq!(
        (codes(&plan), &plan.next),
        (vec!["billing-lines-by-hand"], &Next::Write)
    );
}

#[test]
fn a_contract_becomes_a_project_of_whoever_pays() {
    let plan = alone(contract(json!({"billToCompanyID": 175})), &facts());
    let Some(Act::Create {
        reference, fields, ..
    }) = plan.acts.first()
    else {
        panic!("{plan:?}");
    };
    assert_eq!(reference, "C-100");
    let expected = self::fields([
        ("name", "Managed services".into()),
        ("starts", "2026-01-01".into()),
        ("ends", "2026-12-31".into()),
        ("status", "Booked".into()),
        ("cust_ref", "PO 9".into()),
        ("code", "C-100".into()),
        ("type", "Managed Service".into()),
        ("customer", 1002.into()),
        ("ship", 1001.into()),
    ]);
    assert_eq!(*fields, expected);
}

#[test]
fn what_is_not_to_be_made_is_nobodys_problem() {
    let mut off = facts();
    off.creates.clear();
    let mut filtered = facts();
    filtered.filters = HashMap::from([((KIND, "types".to_owned()), json!([1, 3]))]);
    let mut categories = facts();
    categories.filters =
        HashMap::from([((KIND, "categories".to_owned()), json!({"except": [12]}))]);
    for (changes, facts, reason) in [
        (json!({}), &off, "off"),
        (json!({"companyID": 0}), &facts(), "provider"),
        (json!({"status": 0}), &facts(), "not active"),
        (
            json!({"endDate": "2026-11-22T00:00:00Z"}),
            &facts(),
            "ended",
        ),
        (json!({}), &filtered, "type is filtered out"),
        (
            json!({"contractCategory": 12}),
            &categories,
            "category is filtered out",
        ),
    ] {
        let Next::Ignore(said) = alone(contract(changes), facts).next else {
            panic!("{reason}: it is not left alone");
        };
        assert!(said.contains(reason), "{said}");
    }
    let plan = alone(contract(json!({"contractCategory": 13})), &categories);
    assert_eq!(plan.next, Next::Write);
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let mut bare = facts();
    bare.settings.clear();
    bare.pairs.clear();
    let plan = alone(contract(json!({"billToCompanyID": 175})), &bare);
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(
        codes(&plan),
        [
            "company-not-paired",
            "company-not-paired",
            "setting-missing"
        ]
    );
    let plan = alone(contract(json!({})), &bare);
    assert_eq!(codes(&plan), ["company-not-paired", "setting-missing"]);
}

#[test]
fn a_project_alone_makes_no_contract() {
    let known = known(None, Some(halves::project(&project())), None);
    let plan = sync::plan(&ContractRules, &known, &facts());
    let reason = "contracts are made in Autotask".to_owned();
    assert_eq!(plan.next, Next::Ignore(reason));
}

#[test]
fn only_what_is_in_use_and_somebodys_is_looked_for() {
    for (half, on, expected) in [
        (contract(json!({})), A, true),
        (contract(json!({"companyID": 0})), A, false),
        (contract(json!({"status": 0})), A, false),
        (halves::project(&project()), J, true),
    ] {
        assert_eq!(ContractRules.seeks(on, &half), expected, "{half:?}");
    }
    for status in ["Template", "FINISH", "cancel"] {
        let project = Project {
            status: Told::Is(status.to_owned()),
            ..project()
        };
        assert!(
            !ContractRules.seeks(J, &halves::project(&project)),
            "{status}"
        );
    }
}
