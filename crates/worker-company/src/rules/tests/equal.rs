//! What keeps two halves equal, and what stands between them.

use super::*;

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
