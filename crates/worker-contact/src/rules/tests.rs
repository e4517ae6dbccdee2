//! Every rule of contacts, through `sync::plan`.

mod creating;
mod equal;

use chrono::{DateTime, Utc};
use domain::{Cause, Evidence, Told};
use jim2::{ContactTypes, Detail};
use serde_json::json;
use sync::{Act, Known, Mapping, Next, Plan, Shadow, plan};

use super::*;
use crate::{ContactSettings, halves};

fn now() -> DateTime<Utc> {
    "2026-11-23T00:00:00Z".parse().unwrap()
}

fn facts() -> Facts {
    let mut facts = Facts::empty(chrono_tz::Australia::Sydney, now());
    facts.creates = System::BOTH.map(|on| (KIND, on)).to_vec();
    for (on, from, to) in [(System::Autotask, "3", "Ms"), (System::Jim2, "Ms", "3")] {
        let mapping = Mapping {
            to: Some(to.to_owned()),
            path: Vec::new(),
        };
        let place = ("prefix".to_owned(), on, from.to_owned());
        facts.mappings.insert(place, mapping);
    }
    for (on, from, to) in [(System::Autotask, 174, 12), (System::Jim2, 12, 174)] {
        facts.pairs.insert(Key::new(COMPANY, on, from), to.into());
    }
    facts
}

/// A contact with `changes` over an ordinary one, linked to `12-1`.
fn contact(changes: &serde_json::Value) -> Half {
    let mut told = json!({
        "id": 7, "companyID": 174, "externalID": "12-1", "firstName": "Ann", "lastName": "Lee",
        "middleInitial": "B", "namePrefix": 3, "title": "Owner", "emailAddress": "Ann@Lee.example",
        "phone": "(08) 9000 0000", "mobilePhone": "+61 412 345 678", "isActive": 1, "primaryContact": true,
    });
    for (name, value) in changes.as_object().unwrap() {
        told[name] = value.clone();
    }
    let contact = serde_json::from_value(told).unwrap();
    halves::of_contact(&contact, &ContactSettings::default())
}

fn unlinked(changes: &serde_json::Value) -> Half {
    let mut all = json!({"externalID": null});
    for (name, value) in changes.as_object().unwrap() {
        all[name] = value.clone();
    }
    contact(&all)
}

fn is(text: &str) -> Told<String> {
    Told::Is(text.to_owned())
}

fn person(change: impl FnOnce(&mut jim2::Contact)) -> Half {
    let detail = |kind: &str, value: &str| Detail {
        kind: kind.to_owned(),
        value: value.to_owned(),
        comments: String::new(),
    };
    let mut person = jim2::Contact {
        card_no: 12,
        cont_no: 1,
        title: is("Ms"),
        first_name: is("Ann"),
        middle_name: is("B"),
        last_name: is("Lee"),
        display_name: is("Ann Lee"),
        job_title: is("Owner"),
        is_primary: Told::Is(true),
        details: Told::Is(vec![
            detail("EMail", "ann@lee.example"),
            detail("Phone", "08 9000 0000"),
            detail("Mobile", "0412345678"),
        ]),
        ..jim2::Contact::default()
    };
    change(&mut person);
    halves::of_person(&person, &ContactTypes::default())
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

/// The agreement on the ordinary values.
fn agreed() -> Shadow {
    let ordinary = known(Some(contact(&json!({}))), Some(person(|_| ())));
    let plan = plan(&ContactRules, &ordinary, &facts());
    assert_eq!((plan.next, plan.notices), (Next::InStep, Vec::new()));
    plan.shadow
}

fn planned(autotask: Half, jim2: Half) -> Plan {
    let now = Known {
        shadow: Some(agreed()),
        ..known(Some(autotask), Some(jim2))
    };
    plan(&ContactRules, &now, &facts())
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
