//! What is made, and what is not.

use super::*;

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
fn what_is_made_is_given_no_parent() {
    let child = company(&json!({"parentCompanyID": 200}));
    let made = plan(&CompanyRules, &known(Some(child), None), &facts());
    assert_eq!(written(&made, System::Jim2, "parent"), None);
    assert!(!made.shadow.autotask.contains_key("parent"));
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

#[test]
fn an_abn_goes_to_the_new_card_however_long_it_is_written() {
    for (written_there, expected) in [
        ("ABN 51 824 753 556", Some("51824753556")),
        ("NZBN 94290 1", Some("NZBN 94290 1")),
        ("a number longer than Jim2 takes", None),
    ] {
        let company = company(&json!({"taxID": written_there}));
        let plan = plan(&CompanyRules, &known(Some(company), None), &facts());
        let abn = written(&plan, System::Jim2, "abn");
        assert_eq!(abn.as_deref(), expected, "{written_there}");
    }
}

#[test]
fn what_a_person_signed_off_is_made_without_another_look() {
    let mut facts = facts();
    let decided = [
        Key::new(KIND, System::Autotask, 174).to_string(),
        Key::new(KIND, System::Jim2, 12).to_string(),
    ];
    for (settings, signed_off) in [(json!([]), None), (json!(decided), Some("yes"))] {
        facts.settings.insert(SIGNED_OFF.to_owned(), settings);
        for (known, on) in [
            (known(Some(company(&json!({}))), None), System::Jim2),
            (known(None, Some(card(|_| ()))), System::Autotask),
        ] {
            let plan = plan(&CompanyRules, &known, &facts);
            assert_eq!(
                written(&plan, on, SIGNED_OFF).as_deref(),
                signed_off,
                "{on}"
            );
        }
    }
}

#[test]
fn a_missing_field_says_what_makes_the_company_go_on() {
    let company = company(&json!({"userDefinedFields": []}));
    let plan = plan(&CompanyRules, &known(Some(company), None), &facts());
    assert!(plan.problems.iter().all(|it| it.remedy.continues));
    for problem in &plan.problems {
        let step = &problem.remedy.step;
        assert!(step.contains("run crossbill connect"), "{step}");
    }
}
