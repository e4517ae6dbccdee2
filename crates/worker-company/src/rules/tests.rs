//! Every rule of companies, through `sync::plan`.

mod compared;
mod creating;
mod equal;
mod notes;

use chrono::{DateTime, Utc};
use domain::{Cause, Told};
use jim2::CardFile;
use serde_json::json;
use sync::{Act, Known, Next, Plan, SIGNED_OFF, Shadow, Way, plan};

use super::*;
use crate::{CompanySettings, halves};

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn facts() -> Facts {
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now());
    facts.creates = System::BOTH.map(|on| (KIND, on)).to_vec();
    let settings = [
        ("default.phone", json!("02 9000 0000")),
        ("default.owner", json!("7")),
    ];
    facts
        .settings
        .extend(settings.map(|(name, value)| (name.to_owned(), value)));
    for (list, number, word) in [("country", "13", "Australia"), ("technician", "29", "JC")] {
        for (on, from, to) in [
            (System::Autotask, number, word),
            (System::Jim2, word, number),
        ] {
            let mapping = sync::Mapping {
                to: Some(to.to_owned()),
                path: Vec::new(),
            };
            facts
                .mappings
                .insert((list.to_owned(), on, from.to_owned()), mapping);
        }
    }
    facts
}

/// A company with `changes` over an ordinary one.
fn company(changes: &serde_json::Value) -> Half {
    let mut told = json!({
        "id": 174, "companyName": "O'Brien & Sons", "companyType": 1, "taxID": "51824753556",
        "address1": "Level 2", "address2": "9 Bay St", "city": "Perth", "state": "Western Australia",
        "postalCode": "6000", "countryID": 13, "phone": "08 9000 0000", "isActive": true,
        "userDefinedFields": [{"name": "Jim2 CardNo", "value": null}, {"name": "Jim2 opt-out", "value": null},
            {"name": "Jim2 credit hold", "value": null}],
    });
    for (name, value) in changes.as_object().unwrap() {
        told[name] = value.clone();
    }
    let company = serde_json::from_value(told).unwrap();
    halves::of_company(&company, &CompanySettings::default())
}

fn udf(name: &str, value: &str) -> serde_json::Value {
    let all = ["Jim2 CardNo", "Jim2 opt-out", "Jim2 credit hold"];
    let told = all.map(|it| json!({"name": it, "value": (it == name).then_some(value)}));
    json!({ "userDefinedFields": told })
}

fn linked(changes: &serde_json::Value) -> Half {
    let mut all = udf("Jim2 CardNo", "12");
    for (name, value) in changes.as_object().unwrap() {
        all[name] = value.clone();
    }
    company(&all)
}

fn card(change: impl FnOnce(&mut CardFile)) -> Half {
    let is = |text: &str| Told::Is(text.to_owned());
    let mut card = CardFile {
        card_no: 12,
        card_code: is("OBRIEN"),
        name: is("O'Brien & Sons"),
        abn: is("51 824 753 556"),
        street_address: is("Level 2\n9 Bay St"),
        suburb: is("Perth"),
        state: is("WA"),
        post_code: is("6000"),
        country: is("Australia"),
        is_customer: Told::Is(true),
        active: Told::Is(true),
        acc_mgr_init: is("JC"),
        phone: is("0890000000"),
        credit_hold: Told::Is(false),
        ..CardFile::default()
    };
    change(&mut card);
    halves::of_card(&card)
}

fn known(autotask: Option<Half>, jim2: Option<Half>) -> Known {
    Known {
        autotask_id: autotask.as_ref().map(|half| half.id.clone()),
        jim2_id: jim2.as_ref().map(|half| half.id.clone()),
        autotask,
        jim2,
        generation: 1,
        shadow: None,
        children: Vec::new(),
        cause: Cause::Live,
        evidence: Vec::new(),
    }
}

/// All that is remembered of a pair that was linked and not looked at yet.
fn before() -> Shadow {
    Shadow {
        baseline: Some(now()),
        ..Shadow::default()
    }
}

/// What is planned for a pair that agreed on the ordinary values before.
fn planned(autotask: Half, jim2: Half) -> Plan {
    let agreed = known(Some(linked(&json!({}))), Some(card(|_| ())));
    let agreed = plan(&CompanyRules, &agreed, &facts());
    assert_eq!(
        agreed.next,
        Next::InStep,
        "{:?} {:?}",
        agreed.acts,
        agreed.notices
    );
    let now = Known {
        shadow: Some(agreed.shadow),
        ..known(Some(autotask), Some(jim2))
    };
    plan(&CompanyRules, &now, &facts())
}

fn written(plan: &Plan, on: System, field: &str) -> Option<String> {
    plan.acts.iter().find_map(|act| match act {
        Act::Update {
            on: there, fields, ..
        }
        | Act::Create {
            on: there, fields, ..
        } if *there == on => fields.get(field).map(ToString::to_string),
        Act::Create { .. }
        | Act::Update { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => None,
    })
}

fn codes(plan: &Plan) -> Vec<&str> {
    plan.problems.iter().map(|it| it.code.as_str()).collect()
}

#[test]
fn who_is_affected_by_a_held_company_is_that_company() {
    let half = company(&json!({}));
    let ours = CompanyRules.belongs_to(Some(&half), None);
    assert_eq!(ours, Some(Key::new(KIND, System::Autotask, 174)));
    assert_eq!(CompanyRules.belongs_to(None, None), None);
}

#[test]
fn who_is_affected_by_any_other_held_record_is_the_company_or_card_that_it_names() {
    let naming = |fact| {
        let mut half = Half::new(5, "a record");
        half.know(fact, Some(12.into()));
        half
    };
    let rules = crate::LocationRules;
    let autotask = naming("company");
    for (jim2, on) in [("customer", System::Jim2), ("card", System::Jim2)] {
        let jim2 = naming(jim2);
        let card = rules.belongs_to(None, Some(&jim2));
        assert_eq!(card, Some(Key::new(KIND, on, 12)));
        let company = rules.belongs_to(Some(&autotask), Some(&jim2));
        assert_eq!(company, Some(Key::new(KIND, System::Autotask, 12)));
    }
    assert_eq!(rules.belongs_to(Some(&naming("title")), None), None);
}
