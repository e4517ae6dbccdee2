//! Every rule of companies, through `sync::plan`.

use chrono::{DateTime, Utc};
use domain::{Cause, Told};
use jim2::CardFile;
use serde_json::json;
use sync::{Act, Known, Next, Plan, Shadow, Way, plan};

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
fn a_customer_gets_a_card_with_its_abn_and_its_number_is_owed() {
    let plan = plan(
        &CompanyRules,
        &known(Some(company(&json!({}))), None),
        &facts(),
    );
    assert_eq!(plan.next, Next::Write, "{:?}", plan.problems);
    for (field, expected) in [
        ("name", "O'Brien & Sons"),
        ("abn", "51824753556"),
        ("country", "Australia"),
        ("address", "6000, WA, Level 2\n9 Bay St, Perth"),
    ] {
        assert_eq!(
            written(&plan, System::Jim2, field).as_deref(),
            Some(expected)
        );
    }
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
fn what_is_no_customer_of_ours_gets_no_card_and_says_why() {
    for (changes, reason) in [
        (json!({"id": 0}), "provider"),
        (json!({"companyType": 5}), "not a customer"),
        (json!({"companyType": null}), "not a customer"),
        (json!({"isActive": false}), "not active"),
        (udf("Jim2 opt-out", "yes"), "opt-out"),
        (udf("Jim2 CardNo", "12"), "names a card"),
    ] {
        let plan = plan(
            &CompanyRules,
            &known(Some(company(&changes)), None),
            &facts(),
        );
        assert!(
            matches!(&plan.next, Next::Ignore(why) if why.contains(reason)),
            "{changes}: {:?}",
            plan.next
        );
    }
}

#[test]
fn an_opt_out_is_anything_but_a_no() {
    for (said, is_out) in [
        ("yes", true),
        ("x", true),
        ("No ", false),
        ("n", false),
        ("FALSE", false),
        ("0", false),
        ("", false),
    ] {
        let company = company(&udf("Jim2 opt-out", said));
        let plan = plan(&CompanyRules, &known(Some(company), None), &facts());
        assert_eq!(matches!(plan.next, Next::Ignore(_)), is_out, "{said}");
    }
}

#[test]
fn types_of_customers_are_a_filter() {
    let partner = || known(Some(company(&json!({"companyType": 6}))), None);
    let mut facts = facts();
    facts
        .filters
        .insert((KIND, "types".to_owned()), json!([1, 6]));
    assert_eq!(plan(&CompanyRules, &partner(), &facts).next, Next::Write);
}

#[test]
fn nothing_is_made_on_either_side_until_that_is_on() {
    let mut facts = facts();
    facts.creates.clear();
    for known in [
        known(Some(company(&json!({}))), None),
        known(None, Some(card(|_| ()))),
    ] {
        let plan = plan(&CompanyRules, &known, &facts);
        assert!(
            matches!(&plan.next, Next::Ignore(why) if why.ends_with("is off")),
            "{:?}",
            plan.next
        );
    }
}

#[test]
fn a_missing_opt_out_field_is_not_a_yes() {
    let company = company(&json!({"userDefinedFields": [{"name": "Jim2 CardNo", "value": null}]}));
    let plan = plan(&CompanyRules, &known(Some(company), None), &facts());
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(plan.problems[0].subject.to_string(), "setting:udf.opt_out");
}

#[test]
fn a_customers_card_gets_a_company_with_all_that_autotask_asks_for() {
    let plan = plan(&CompanyRules, &known(None, Some(card(|_| ()))), &facts());
    assert_eq!(plan.next, Next::Write, "{:?}", plan.problems);
    for (field, expected) in [
        ("name", "O'Brien & Sons"),
        ("type", "1"),
        ("phone", "0890000000"),
        ("owner", "29"),
        ("country", "13"),
        ("abn", "51824753556"),
        ("credit_hold", "no"),
        ("active", "yes"),
    ] {
        assert_eq!(
            written(&plan, System::Autotask, field).as_deref(),
            Some(expected),
            "{field}"
        );
    }
}

#[test]
fn a_card_without_phone_and_known_manager_takes_the_defaults_or_asks_for_both() {
    let bare = || {
        card(|card| {
            card.phone = Told::Not;
            card.acc_mgr_init = Told::Is("ZZ".to_owned());
        })
    };
    let made = plan(&CompanyRules, &known(None, Some(bare())), &facts());
    assert_eq!(
        written(&made, System::Autotask, "phone").as_deref(),
        Some("02 9000 0000")
    );
    assert_eq!(
        written(&made, System::Autotask, "owner").as_deref(),
        Some("7")
    );
    let mut facts = facts();
    facts.settings.clear();
    let held = plan(&CompanyRules, &known(None, Some(bare())), &facts);
    assert_eq!(held.next, Next::Hold);
    let subjects: Vec<_> = held
        .problems
        .iter()
        .map(|it| it.subject.to_string())
        .collect();
    assert_eq!(subjects, ["setting:default.phone", "setting:default.owner"]);
}

#[test]
fn suppliers_users_and_inactive_cards_get_no_company() {
    for half in [
        card(|card| card.is_customer = Told::Is(false)),
        card(|card| card.is_customer = Told::Not),
        card(|card| card.active = Told::Is(false)),
    ] {
        let plan = plan(&CompanyRules, &known(None, Some(half)), &facts());
        assert!(matches!(plan.next, Next::Ignore(_)), "{:?}", plan.next);
    }
}

#[test]
fn a_change_of_either_side_is_written_to_the_other() {
    let plan = planned(
        linked(&json!({"companyName": "O'Brien Pty Ltd "})),
        card(|_| ()),
    );
    assert_eq!(
        written(&plan, System::Jim2, "name").as_deref(),
        Some("O'Brien Pty Ltd")
    );
    let plan = planned(
        linked(&json!({})),
        card(|card| {
            card.name = Told::Is("O'Brien Pty Ltd".to_owned());
            card.abn = Told::Is("53 004 085 616".to_owned());
            card.credit_hold = Told::Is(true);
        }),
    );
    for (field, expected) in [
        ("name", "O'Brien Pty Ltd"),
        ("abn", "53004085616"),
        ("credit_hold", "yes"),
    ] {
        assert_eq!(
            written(&plan, System::Autotask, field).as_deref(),
            Some(expected)
        );
    }
    assert_eq!(plan.problems, []);
}

#[test]
fn jim2_owns_the_name_and_the_loser_is_noted() {
    let plan = planned(
        linked(&json!({"companyName": "OBS"})),
        card(|card| card.name = Told::Is("O'Brien Group".to_owned())),
    );
    assert_eq!(
        written(&plan, System::Autotask, "name").as_deref(),
        Some("O'Brien Group")
    );
    assert_eq!(written(&plan, System::Jim2, "name"), None);
    let notice = &plan.notices[0];
    assert_eq!(
        (notice.what.as_str(), notice.lost.to_string().as_str()),
        ("conflict", "OBS")
    );
}

#[test]
fn an_abn_typed_into_autotask_gives_way_to_jim2s() {
    let plan = planned(linked(&json!({"taxID": "1"})), card(|_| ()));
    assert_eq!(
        written(&plan, System::Autotask, "abn").as_deref(),
        Some("51824753556")
    );
    assert_eq!(written(&plan, System::Jim2, "abn"), None);
}

#[test]
fn an_address_goes_as_a_whole_and_a_cut_part_keeps_its_length() {
    let long = "Saint Mary of the Cross MacKillop";
    let base = || card(|card| card.suburb = Told::Is(long.to_owned()));
    let cut = linked(&json!({"city": &long[..30]}));
    let agreed = plan(&CompanyRules, &known(Some(cut), Some(base())), &facts());
    assert_eq!((agreed.next, agreed.notices), (Next::InStep, Vec::new()));
    let moved = linked(&json!({"city": &long[..30], "postalCode": "6001"}));
    let known = Known {
        shadow: Some(agreed.shadow),
        ..known(Some(moved), Some(base()))
    };
    let plan = plan(&CompanyRules, &known, &facts());
    let expected = format!("6001, WA, Level 2\n9 Bay St, {long}");
    assert_eq!(written(&plan, System::Jim2, "address"), Some(expected));
}

#[test]
fn a_name_in_other_letters_is_drift_until_somebody_settles_it() {
    let halves = || {
        let card = card(|card| card.name = Told::Is("O'BRIEN & SONS".to_owned()));
        Known {
            shadow: Some(before()),
            ..known(Some(linked(&json!({}))), Some(card))
        }
    };
    let listed = plan(&CompanyRules, &halves(), &facts());
    assert_eq!(
        (listed.next, listed.notices[0].what.as_str()),
        (Next::InStep, "drift")
    );
    let apply = Known {
        cause: Cause::Apply,
        ..halves()
    };
    let settled = plan(&CompanyRules, &apply, &facts());
    assert_eq!(
        written(&settled, System::Autotask, "name").as_deref(),
        Some("O'BRIEN & SONS")
    );
}

#[test]
fn an_address_that_was_not_told_whole_is_not_written() {
    let plan = planned(
        linked(&json!({})),
        card(|card| {
            card.suburb = Told::Is("Fremantle".to_owned());
            card.state = Told::Not;
        }),
    );
    assert_eq!((plan.next, plan.acts), (Next::InStep, Vec::new()));
}

#[test]
fn nobody_is_deactivated_by_us() {
    for plan in [
        planned(linked(&json!({"isActive": false})), card(|_| ())),
        planned(
            linked(&json!({})),
            card(|card| card.active = Told::Is(false)),
        ),
    ] {
        assert_eq!(
            (plan.acts.len(), codes(&plan)),
            (0, vec!["activity-differs"])
        );
    }
    let plan = planned(linked(&json!({"isActive": false})), card(|_| ()));
    assert_eq!(
        plan.problems[0].says,
        "O'Brien & Sons is active in Jim2 and inactive in Autotask"
    );
}

#[test]
fn another_parent_is_told_of_and_never_written() {
    let mut facts = facts();
    for (company, card) in [(200, 20), (201, 21)] {
        for (on, from, to) in [
            (System::Autotask, company, card),
            (System::Jim2, card, company),
        ] {
            facts.pairs.insert(Key::new(KIND, on, from), to.into());
        }
    }
    let under = |company: Option<i64>, card: Option<i64>| {
        let autotask = linked(&json!({ "parentCompanyID": company }));
        let jim2 = self::card(|it| it.parent_card_no = card.map_or(Told::Empty, Told::Is));
        (autotask, jim2)
    };
    for (company, card, problems) in [
        (None, None, vec![]),
        (Some(200), Some(20), vec![]),
        (Some(200), Some(21), vec!["parent-differs"]),
        (Some(200), None, vec!["parent-differs"]),
        (None, Some(20), vec!["parent-differs"]),
        (Some(200), Some(99), vec![]), // Card 99 is not paired and says nothing.
    ] {
        let (autotask, jim2) = under(company, card);
        let made_by_us = Known {
            shadow: Some(Shadow::default()),
            ..known(Some(autotask), Some(jim2))
        };
        let plan = plan(&CompanyRules, &made_by_us, &facts);
        assert_eq!(codes(&plan), problems, "{company:?} {card:?}");
        assert_eq!(plan.acts.len(), 0, "{company:?} {card:?}");
    }
    let (autotask, jim2) = under(Some(200), Some(21));
    let needs = [
        CompanyRules.needs(System::Autotask, &autotask),
        CompanyRules.needs(System::Jim2, &jim2),
    ];
    assert_eq!(
        needs.concat(),
        [
            Key::new(KIND, System::Autotask, 200),
            Key::new(KIND, System::Jim2, 21)
        ]
    );
}

#[test]
fn what_is_made_is_given_no_parent() {
    let child = company(&json!({"parentCompanyID": 200}));
    let made = plan(&CompanyRules, &known(Some(child), None), &facts());
    assert_eq!(written(&made, System::Jim2, "parent"), None);
    assert!(!made.shadow.autotask.contains_key("parent"));
}

#[test]
fn a_direction_that_jim2_cannot_take_is_one_standing_problem() {
    let mut facts = facts();
    let rule = (Way::Both, System::Autotask);
    facts.rules.insert((KIND, "abn".to_owned()), rule);
    let (autotask, jim2) = (linked(&json!({})), card(|_| ()));
    let mut shadow = Shadow::default();
    shadow.agree("abn", "1".into(), jim2.fields["abn"].clone());
    let mut autotask = autotask;
    autotask
        .fields
        .insert("abn".to_owned(), "53004085616".into());
    let known = Known {
        shadow: Some(shadow),
        ..known(Some(autotask), Some(jim2))
    };
    let plan = plan(&CompanyRules, &known, &facts);
    assert_eq!(codes(&plan), ["not-writable-in-jim2"]);
    assert_eq!(written(&plan, System::Jim2, "abn"), None);
}

#[test]
fn a_company_that_names_another_card_is_left_alone() {
    let other = company(&udf("Jim2 CardNo", "13"));
    let plan = plan(
        &CompanyRules,
        &known(Some(other), Some(card(|_| ()))),
        &facts(),
    );
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["not-the-same-record"])
    );
}

#[test]
fn a_missing_card_number_is_written_again_and_an_untold_one_is_not() {
    for (changes, owed) in [
        (json!({}), true),
        (udf("Jim2 CardNo", "12"), false),
        (json!({"userDefinedFields": []}), false),
    ] {
        let plan = plan(
            &CompanyRules,
            &known(Some(company(&changes)), Some(card(|_| ()))),
            &facts(),
        );
        let refers = plan.acts.iter().any(|act| {
            matches!(
                act,
                Act::Refer {
                    on: System::Autotask,
                    ..
                }
            )
        });
        assert_eq!(refers, owed, "{changes}");
    }
}

#[test]
fn a_card_that_vanished_is_not_made_again() {
    let known = Known {
        jim2_id: Some(12.into()),
        ..known(Some(linked(&json!({}))), None)
    };
    let plan = plan(&CompanyRules, &known, &facts());
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["vanished"])
    );
}
