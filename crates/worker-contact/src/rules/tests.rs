//! Every rule of contacts, through `sync::plan`.

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

#[test]
fn a_contact_is_made_in_the_card_of_its_company() {
    let plan = plan(
        &ContactRules,
        &known(Some(unlinked(&json!({}))), None),
        &facts(),
    );
    assert_eq!(plan.next, Next::Write, "{:?}", plan.problems);
    for (field, expected) in [
        ("card", "12"),
        ("name", "Ann, Lee"),
        ("prefix", "Ms"),
        ("email", "Ann@Lee.example"),
        ("mobile", "+61 412 345 678"),
    ] {
        assert_eq!(
            written(&plan, System::Jim2, field).as_deref(),
            Some(expected)
        );
    }
    assert_eq!(written(&plan, System::Jim2, "primary"), None);
    assert!(matches!(
        &plan.acts[1],
        Act::Refer {
            on: System::Autotask,
            to: None,
            ..
        }
    ));
}

#[test]
fn a_person_is_made_under_the_company_of_its_card_and_gets_no_mail() {
    let plan = plan(&ContactRules, &known(None, Some(person(|_| ()))), &facts());
    assert_eq!(plan.next, Next::Write, "{:?}", plan.problems);
    for (field, expected) in [
        ("company", "174"),
        ("active", "1"),
        ("receives_notifications", "no"),
        ("primary", "yes"),
        ("prefix", "3"),
        ("name", "Ann, Lee"),
    ] {
        assert_eq!(
            written(&plan, System::Autotask, field).as_deref(),
            Some(expected)
        );
    }
    assert!(matches!(&plan.acts[0], Act::Create { reference, .. } if reference == "12-1"));
}

#[test]
fn a_single_word_is_a_last_name_and_no_word_is_a_problem() {
    let named = |first: &str, last: &str| {
        let told = |text: &str| Some(is(text)).filter(|_| !text.is_empty());
        let half = person(|person| {
            person.first_name = told(first).unwrap_or(Told::Empty);
            person.last_name = told(last).unwrap_or(Told::Empty);
        });
        plan(&ContactRules, &known(None, Some(half)), &facts())
    };
    let plan = named("Reception", "");
    assert_eq!(
        written(&plan, System::Autotask, "name").as_deref(),
        Some("-, Reception")
    );
    let plan = named("", "");
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["name-missing"])
    );
}

#[test]
fn a_contact_waits_for_its_company() {
    let mut facts = facts();
    facts.pairs.clear();
    for (known, identity, step) in [
        (
            known(Some(unlinked(&json!({}))), None),
            "company-not-paired|pair:company:autotask:174",
            "crossbill pairs link company 174 <CardNo>",
        ),
        (
            known(None, Some(person(|_| ()))),
            "company-not-paired|pair:company:jim2:12",
            "crossbill pairs link company <company id> 12",
        ),
        (
            known(Some(contact(&json!({}))), Some(person(|_| ()))),
            "company-not-paired|pair:company:autotask:174",
            "crossbill pairs link company 174 <CardNo>",
        ),
    ] {
        let plan = plan(&ContactRules, &known, &facts);
        assert_eq!(plan.next, Next::Hold);
        assert_eq!(plan.problems[0].identity(), identity);
        assert_eq!(plan.problems[0].remedy.step, step);
    }
}

#[test]
fn who_is_not_to_be_made_is_left_with_a_reason() {
    for (changes, reason) in [
        (json!({"isActive": 0}), "not active"),
        (json!({"companyID": 0}), "provider"),
        (json!({"companyID": null}), "did not tell"),
        (json!({"externalID": "12-1"}), "names a contact"),
    ] {
        let plan = plan(
            &ContactRules,
            &known(Some(unlinked(&changes)), None),
            &facts(),
        );
        assert!(
            matches!(&plan.next, Next::Ignore(why) if why.contains(reason)),
            "{changes}: {:?}",
            plan.next
        );
    }
    let mut off = facts();
    off.creates.clear();
    for known in [
        known(Some(unlinked(&json!({}))), None),
        known(None, Some(person(|_| ()))),
    ] {
        let plan = plan(&ContactRules, &known, &off);
        assert!(matches!(&plan.next, Next::Ignore(why) if why.ends_with("is off")));
    }
}

#[test]
fn a_change_of_either_side_is_written_to_the_other() {
    let plan = planned(
        contact(&json!({"lastName": "Ray", "emailAddress": "ann@ray.example", "phone": null})),
        person(|_| ()),
    );
    for (field, expected) in [
        ("name", "Ann, Ray"),
        ("email", "ann@ray.example"),
        ("phone", "(empty)"),
    ] {
        assert_eq!(
            written(&plan, System::Jim2, field).as_deref(),
            Some(expected)
        );
    }
    let plan = planned(
        contact(&json!({})),
        person(|person| {
            person.job_title = is("Director");
            person.title = Told::Empty;
            person.details = Told::Is(Vec::new());
        }),
    );
    for (field, expected) in [
        ("job_title", "Director"),
        ("email", "(empty)"),
        ("company", "174"),
    ] {
        assert_eq!(
            written(&plan, System::Autotask, field).as_deref(),
            Some(expected)
        );
    }
    assert_eq!(
        written(&plan, System::Autotask, "prefix"),
        None,
        "blank is left"
    );
}

#[test]
fn a_contact_who_left_is_told_of_and_nothing_is_written() {
    let left = || contact(&json!({"isActive": 0}));
    let gone = planned(left(), person(|_| ()));
    assert_eq!(
        (gone.acts.len(), codes(&gone)),
        (0, vec!["activity-differs"])
    );
    let back = Known {
        shadow: Some(gone.shadow),
        ..known(Some(contact(&json!({}))), Some(person(|_| ())))
    };
    let back = plan(&ContactRules, &back, &facts());
    assert_eq!((back.next.clone(), codes(&back)), (Next::InStep, vec![]));

    let linked = Known {
        shadow: Some(Shadow {
            baseline: Some(now()),
            ..Shadow::default()
        }),
        ..known(Some(left()), Some(person(|_| ())))
    };
    let long_ago = plan(&ContactRules, &linked, &facts());
    assert_eq!((long_ago.next, long_ago.problems), (Next::InStep, vec![]));
}

#[test]
fn other_spellings_of_the_same_number_and_address_are_no_change() {
    let plan = planned(
        contact(&json!({"phone": "+61 8 9000 0000", "emailAddress": "ANN@lee.example "})),
        person(|_| ()),
    );
    assert_eq!((plan.next, plan.acts), (Next::InStep, Vec::new()));
}

#[test]
fn autotask_owns_people_and_the_loser_is_noted() {
    let plan = planned(
        contact(&json!({"title": "Director"})),
        person(|person| person.job_title = is("Manager")),
    );
    assert_eq!(
        written(&plan, System::Jim2, "job_title").as_deref(),
        Some("Director")
    );
    assert_eq!(written(&plan, System::Autotask, "job_title"), None);
    assert_eq!(plan.notices[0].lost, "Manager".into());
}

#[test]
fn a_name_longer_than_jim2_takes_is_cut_and_never_written_back() {
    let long = "Wolfeschlegelsteinhausenbergerdorff";
    let longer = || contact(&json!({"lastName": long}));
    let cut = |first: &str| {
        person(|person| {
            person.first_name = is(first);
            person.last_name = is(&long[..25]);
        })
    };
    let made = planned(longer(), person(|_| ()));
    let expected = format!("Ann, {}", &long[..25]);
    assert_eq!(written(&made, System::Jim2, "name"), Some(expected));
    let later = Known {
        shadow: Some(made.shadow),
        ..known(Some(longer()), Some(cut("Anna")))
    };
    let plan = plan(&ContactRules, &later, &facts());
    assert_eq!(
        written(&plan, System::Autotask, "name"),
        Some(format!("Anna, {long}"))
    );
}

#[test]
fn an_unknown_prefix_holds_itself_and_nothing_else() {
    let plan = planned(
        contact(&json!({"title": "Director"})),
        person(|person| person.title = is("Prof")),
    );
    assert_eq!(codes(&plan), ["lookup-missing"]);
    assert_eq!(plan.problems[0].field.as_deref(), Some("prefix"));
    assert_eq!(
        written(&plan, System::Jim2, "job_title").as_deref(),
        Some("Director")
    );
}

#[test]
fn differences_from_before_the_link_are_listed_and_nothing_is_written() {
    let halves = Known {
        shadow: Some(Shadow {
            baseline: Some(now()),
            ..Shadow::default()
        }),
        ..known(
            Some(contact(&json!({"title": "Director"}))),
            Some(person(|_| ())),
        )
    };
    let plan = plan(&ContactRules, &halves, &facts());
    assert_eq!((plan.next, plan.acts), (Next::InStep, Vec::new()));
    assert_eq!(plan.notices[0].what, "drift");
}

#[test]
fn details_that_were_not_told_take_no_part() {
    let plan = planned(
        contact(&json!({"emailAddress": "x@lee.example"})),
        person(|person| person.details = Told::Not),
    );
    assert_eq!((plan.next, plan.acts), (Next::InStep, Vec::new()));
}

#[test]
fn what_somebody_wrote_while_we_did_is_put_back() {
    let evidence = Evidence {
        at: now(),
        by: Some("29682885".to_owned()),
        fields: [("EmailAddress".to_owned(), "new@lee.example".into())].into(),
    };
    let mut shadow = agreed();
    let wrote = sync::Wrote {
        fields: vec!["email".to_owned()],
        after: now() - chrono::TimeDelta::seconds(2),
        until: Some(now()),
    };
    shadow.writes.insert(System::Autotask, wrote);
    let known = Known {
        shadow: Some(shadow),
        evidence: vec![(System::Autotask, evidence)],
        ..known(Some(contact(&json!({}))), Some(person(|_| ())))
    };
    let plan = plan(&ContactRules, &known, &facts());
    for on in System::BOTH {
        assert_eq!(
            written(&plan, on, "email").as_deref(),
            Some("new@lee.example")
        );
    }
}

#[test]
fn a_pair_whose_halves_name_others_is_left_alone() {
    let mut merged = facts();
    merged
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 174), 13.into());
    for (half, facts) in [
        (contact(&json!({"externalID": "12-2"})), facts()),
        (contact(&json!({})), merged),
    ] {
        let plan = plan(
            &ContactRules,
            &known(Some(half), Some(person(|_| ()))),
            &facts,
        );
        assert_eq!(
            (plan.next.clone(), codes(&plan)),
            (Next::Hold, vec!["not-the-same-record"])
        );
    }
}

#[test]
fn a_reference_is_owed_where_it_is_missing_and_there_is_a_place_for_it() {
    for (external, owed) in [
        (json!(null), true),
        (json!("12-1"), false),
        (json!("AAD-9"), false),
    ] {
        let contact = contact(&json!({"externalID": external}));
        let plan = plan(
            &ContactRules,
            &known(Some(contact), Some(person(|_| ()))),
            &facts(),
        );
        let refers = plan.acts.iter().any(|act| matches!(act, Act::Refer { .. }));
        assert_eq!(refers, owed, "{external}");
    }
}

#[test]
fn a_person_who_vanished_is_not_made_again() {
    let known = Known {
        jim2_id: Some("12-1".into()),
        ..known(Some(contact(&json!({}))), None)
    };
    let plan = plan(&ContactRules, &known, &facts());
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["vanished"])
    );
}

#[test]
fn planning_needs_the_company_of_either_half() {
    let contact = contact(&json!({}));
    let needs = ContactRules.needs(System::Autotask, &contact);
    assert_eq!(needs, [Key::new(COMPANY, System::Autotask, 174)]);
    let needs = ContactRules.needs(System::Jim2, &person(|_| ()));
    assert_eq!(needs, [Key::new(COMPANY, System::Jim2, 12)]);
}
