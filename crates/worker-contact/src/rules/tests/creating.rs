//! Who is made, and who is not.

use super::*;

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

/// A contact whose company has no card, with what is known of the company.
fn below(company: &serde_json::Value) -> Half {
    let mut half = unlinked(&json!({}));
    let company = serde_json::from_value(company.clone()).unwrap();
    halves::below_company(&mut half, &company, Some(&"Out".to_owned()));
    half
}

#[test]
fn contacts_of_companies_that_get_no_card_are_left_and_of_others_wait() {
    let mut facts = facts();
    facts.pairs.clear();
    let out = json!([{"name": "Out", "value": "yes"}]);
    for (company, reason) in [
        (json!({"id": 174, "companyType": 2}), Some("no customer")),
        (
            json!({"id": 174, "companyType": 1, "isActive": false}),
            Some("not active"),
        ),
        (
            json!({"id": 174, "companyType": 1, "userDefinedFields": out}),
            Some("opted out"),
        ),
        (json!({"id": 174, "companyType": 1, "isActive": true}), None),
        (json!({"id": 174}), None), // What was not told is no reason.
    ] {
        let plan = plan(&ContactRules, &known(Some(below(&company)), None), &facts);
        match (&plan.next, reason) {
            (Next::Ignore(why), Some(reason)) => assert!(why.contains(reason), "{why}"),
            (Next::Hold, None) => assert_eq!(codes(&plan), ["company-not-paired"]),
            other => panic!("{company}: {other:?}"),
        }
    }

    facts
        .filters
        .insert((COMPANY, "types".to_owned()), json!([1, 2]));
    let lead = below(&json!({"id": 174, "companyType": 2}));
    let plan = plan(&ContactRules, &known(Some(lead), None), &facts);
    assert_eq!(
        plan.next,
        Next::Hold,
        "the site says that leads are customers"
    );
}

#[test]
fn a_company_that_opted_out_keeps_its_contacts_out_though_it_has_a_card() {
    let out = json!([{"name": "Out", "value": "x"}]);
    let half = below(&json!({"id": 174, "companyType": 1, "userDefinedFields": out}));
    let plan = plan(&ContactRules, &known(Some(half), None), &facts());
    assert!(matches!(plan.next, Next::Ignore(_)), "{:?}", plan.next);
}

#[test]
fn people_of_suppliers_and_of_inactive_cards_are_left_and_of_customers_wait() {
    let mut facts = facts();
    facts.pairs.clear();
    for (is_customer, active, reason) in [
        (Told::Is(false), Told::Is(true), Some("no customer")),
        (Told::Is(true), Told::Is(false), Some("not active")),
        (Told::Is(true), Told::Is(true), None),
        (Told::Not, Told::Not, None),
    ] {
        let mut half = person(|_| ());
        let card = jim2::CardFile {
            card_no: 12,
            is_customer,
            active,
            ..jim2::CardFile::default()
        };
        halves::below_card(&mut half, &card);
        let plan = plan(&ContactRules, &known(None, Some(half)), &facts);
        match (&plan.next, reason) {
            (Next::Ignore(why), Some(reason)) => assert!(why.contains(reason), "{why}"),
            (Next::Hold, None) => assert_eq!(codes(&plan), ["company-not-paired"]),
            other => panic!("{card:?}: {other:?}"),
        }
    }
}

#[test]
fn an_external_id_that_is_somebody_elses_is_told_once() {
    for (external, told) in [(json!("AAD-9"), 1), (json!(null), 0)] {
        let half = unlinked(&json!({"externalID": external}));
        let plan = plan(&ContactRules, &known(Some(half), None), &facts());
        assert_eq!(plan.next, Next::Write);
        let notices = plan.notices.iter().filter(|it| it.what == "dropped");
        assert_eq!(notices.count(), told, "{external}");
    }
}
