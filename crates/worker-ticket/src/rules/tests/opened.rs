//! Fields and limits that a site sets otherwise than the table.

use super::*;

/// A rule of the site: this field goes both ways.
fn both_ways(field: &str) -> Facts {
    let mut facts = facts();
    let rule = (sync::Way::Both, System::Autotask);
    facts.rules.insert((KIND, field.to_owned()), rule);
    facts
}

#[test]
fn what_a_site_opens_both_ways_goes_both_ways() {
    let mut opened = both_ways("assignee");
    let technician = "technician".to_owned();
    for (system, value, to) in [(System::Autotask, "5", "AB"), (System::Jim2, "AB", "5")] {
        let mapping = Mapping {
            to: Some(to.to_owned()),
            path: Vec::new(),
        };
        let place = (technician.clone(), system, value.to_owned());
        opened.mappings.insert(place, mapping);
    }
    let given = referred(ticket(
        json!({"assignedResourceID": 5, "assignedResourceRoleID": 4}),
    ));
    let out = plan(&known(Some(given), Some(job(&base_job()))), &opened);
    assert_eq!(
        updates(&out, System::Jim2),
        [fields([("assignee", "AB".into())])]
    );

    let taken = Job {
        name_init: Told::Is("AB".to_owned()),
        ..base_job()
    };
    let back = plan(
        &known(Some(referred(ticket(json!({})))), Some(job(&taken))),
        &opened,
    );
    let jane = Value::parts([(RESOURCE, 5.into()), (ROLE, Value::Empty)]);
    assert_eq!(
        updates(&back, System::Autotask),
        [fields([("assignee", jane)])]
    );
}

/// A site whose assignees go back, and where Jane's user group has this category.
fn grouped(category: &str) -> Facts {
    let mut facts = both_ways("assignee");
    let initials = ("userCategory".to_owned(), System::Jim2, "JC".to_owned());
    facts.labels.insert(initials, category.to_owned());
    let mapping = Mapping {
        to: Some("29683390".to_owned()),
        path: Vec::new(),
    };
    let field = ("role".to_owned(), System::Jim2, "Field".to_owned());
    facts.mappings.insert(field, mapping);
    facts
}

/// What comes of a ticket that somebody gave to Jane in Jim2.
fn given_to_jane(facts: &Facts) -> Plan {
    let nobody = json!({"assignedResourceID": null, "assignedResourceRoleID": null});
    let mut known = known(
        Some(referred(ticket(nobody.clone()))),
        Some(job(&base_job())),
    );
    let shadow = known.shadow.as_mut().unwrap();
    let before = ticket(nobody).fields["assignee"].clone();
    shadow.agree("assignee", before, Value::Empty);
    plan(&known, facts)
}

#[test]
fn whom_jim2_gives_a_ticket_to_has_the_role_of_the_users_group() {
    let plan = given_to_jane(&grouped("Field"));
    let jane = Value::parts([(RESOURCE, 29_682_885.into()), (ROLE, 29_683_390.into())]);
    assert_eq!(
        updates(&plan, System::Autotask),
        [fields([("assignee", jane)])]
    );
    assert_eq!((plan.problems, plan.notices), (Vec::new(), Vec::new()));
}

#[test]
fn a_group_that_stands_for_no_role_is_told_and_holds_nothing() {
    let own = Value::parts([(RESOURCE, 29_682_885.into()), (ROLE, Value::Empty)]);
    for (facts, told) in [
        (grouped("Workshop"), Some("Workshop")),
        (both_ways("assignee"), None),
    ] {
        let plan = given_to_jane(&facts);
        let expected = fields([("assignee", own.clone())]);
        assert_eq!(updates(&plan, System::Autotask), [expected]);
        assert_eq!(plan.problems, []);
        let lost = plan.notices.iter().find(|it| it.field == "role");
        let lost = lost.map(|it| it.lost.to_string());
        assert_eq!(lost.as_deref(), told);
    }
}

#[test]
fn a_resolution_becomes_the_invoice_description_only_where_the_site_wants_it() {
    let resolved = |text: &str| referred(ticket(json!({ "resolution": text })));
    let wanted = both_ways("resolution");
    for (facts, text, written) in [
        (&facts(), "New fan.", None),
        (&wanted, "New fan.", Some("New fan.")),
        (&wanted, "", None),
    ] {
        let mut known = known(Some(resolved(text)), Some(job(&base_job())));
        let shadow = known.shadow.as_mut().unwrap();
        shadow.autotask.remove("resolution");
        shadow.jim2.remove("resolution");
        let plan = plan(&known, facts);
        let expected = written.map(|text| fields([("resolution", text.into())]));
        assert_eq!(
            updates(&plan, System::Jim2),
            Vec::from_iter(expected),
            "{text}"
        );
    }
}

#[test]
fn a_text_is_as_long_as_the_site_says_that_jim2_takes() {
    let long = "Printer on fire again";
    for (limit, field, default, cut) in [
        ("limit.fault_desc", "fault", long, "Printer"),
        ("limit.item_desc", "item_desc", long, "Printer"),
        (
            "limit.invoice_desc",
            "invoice_desc",
            "T20261123.0001 Printer on fire again",
            "T2026112",
        ),
    ] {
        let half = ticket(json!({"title": long, "description": ""}));
        for (set, expected) in [
            (None, default),
            (Some(json!(8)), cut),
            (Some(json!(0)), default),
        ] {
            let mut facts = facts();
            facts
                .settings
                .extend(set.map(|set| (limit.to_owned(), set)));
            let plan = plan(&unknown(Some(half.clone()), None), &facts);
            let Some(Act::Create { fields, .. }) = plan.acts.first() else {
                panic!("{:?}", plan.problems);
            };
            assert_eq!(fields[field], expected.into(), "{limit}");
        }
    }
}
