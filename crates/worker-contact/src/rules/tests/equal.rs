//! What keeps two halves equal, and what stands between them.

use super::*;

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
    let wrote = sync::Wrote::new(
        vec!["email".to_owned()],
        now() - chrono::TimeDelta::seconds(2),
        Some(now()),
    );
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
fn planning_needs_the_company_of_either_half() {
    let contact = contact(&json!({}));
    let needs = ContactRules.needs(System::Autotask, &contact);
    assert_eq!(needs, [Key::new(COMPANY, System::Autotask, 174)]);
    let needs = ContactRules.needs(System::Jim2, &person(|_| ()));
    assert_eq!(needs, [Key::new(COMPANY, System::Jim2, 12)]);
}
