//! A ticket gets a job; a job gets a ticket.

use sync::Next;

use super::*;

fn created(plan: &Plan) -> (&str, &Fields) {
    match plan.acts.first() {
        Some(Act::Create {
            reference, fields, ..
        }) => (reference, fields),
        other => panic!(
            "nothing is created: {other:?} {:?} {:?}",
            plan.next, plan.problems
        ),
    }
}

#[test]
fn a_ticket_becomes_a_job_with_all_that_the_table_says() {
    let ticket = ticket(json!({"purchaseOrderNumber": " PO 7 "}));
    let plan = plan(&unknown(Some(ticket), None), &facts());
    let (reference, made) = created(&plan);
    assert_eq!(reference, "T20261123.0001/1");
    let expected = fields([
        ("assignee", "JC".into()),
        ("attn", "Bob Baker".into()),
        ("cust_ref", "PO 7".into()),
        ("customer", 12.into()),
        ("due_day", "2026-11-24T06:30Z".into()),
        ("fault", "Printer on fire\n\nSmoke in room 4.".into()),
        ("invoice_desc", "T20261123.0001 Printer on fire".into()),
        ("item", "PRINTER".into()),
        ("item_desc", "Printer on fire".into()),
        ("priority", "Normal".into()),
        ("ship", 12.into()),
        ("status", "Booked".into()),
        ("type", "Service Request".into()),
    ]);
    assert_eq!(made, &expected);
    assert_eq!(plan.shadow.customer, Some(12.into()));
    assert!(matches!(
        plan.acts[1],
        Act::Refer {
            on: System::Autotask,
            ..
        }
    ));
    assert_eq!(plan.problems, []);
}

#[test]
fn a_blank_issue_type_takes_the_mapping_of_blank_and_an_unmapped_one_holds() {
    let blank = plan(
        &unknown(Some(ticket(json!({"issueType": null}))), None),
        &facts(),
    );
    assert_eq!(created(&blank).1["item"], "SERVICE".into());
    let unmapped = plan(
        &unknown(Some(ticket(json!({"issueType": 10}))), None),
        &facts(),
    );
    assert_eq!(
        (unmapped.next, codes(&unmapped.problems)),
        (Next::Hold, vec!["lookup-missing"])
    );
}

#[test]
fn an_assignee_or_priority_that_nobody_mapped_is_a_warning_only() {
    let changes = json!({"assignedResourceID": 5, "priority": 4});
    let plan = plan(&unknown(Some(ticket(changes)), None), &facts());
    let (_, made) = created(&plan);
    assert!(!made.contains_key("assignee") && !made.contains_key("priority"));
    assert_eq!(codes(&plan.problems), ["lookup-missing", "lookup-missing"]);
}

#[test]
fn a_job_is_made_on_its_status_where_that_is_one_step_away() {
    let made = plan(&unknown(Some(ticket(json!({"status": 8}))), None), &facts());
    assert_eq!(created(&made).1["status"], "Proceed".into());
    assert_eq!(made.shadow.jim2["status"], "Proceed".into());
}

#[test]
fn a_later_status_and_the_time_of_the_due_date_are_steps_after_the_create() {
    let later = ticket(json!({"status": 9}));
    let made = plan(&unknown(Some(later.clone()), None), &facts());
    assert_eq!(created(&made).1.get("status"), None);
    assert_eq!(created(&made).1["due_day"], "2026-11-24T06:30Z".into());
    for field in ["status", "due"] {
        let known = [&made.shadow.autotask, &made.shadow.jim2];
        assert!(!known.iter().any(|side| side.contains_key(field)));
    }
    let born = Job {
        date_due: Told::Is("2026-11-23T13:00:00Z".parse().unwrap()),
        ..base_job()
    };
    let next = plan(
        &Known {
            shadow: Some(made.shadow),
            ..known(Some(referred(later)), Some(job(&born)))
        },
        &facts(),
    );
    assert_eq!(
        updates(&next, System::Jim2),
        [
            fields([
                ("status", "Proceed".into()),
                ("due", "2026-11-24T06:30Z".into())
            ]),
            fields([("status", "Parts".into())]),
        ]
    );
    assert_eq!(updates(&next, System::Autotask), []);
}

#[test]
fn all_problems_are_told_at_once() {
    let mut facts = facts();
    facts.pairs.clear();
    let ticket = ticket(json!({"status": 12, "issueType": 10}));
    let plan = plan(&unknown(Some(ticket), None), &facts);
    assert_eq!(plan.next, Next::Hold);
    assert_eq!(
        codes(&plan.problems),
        [
            "company-not-paired",
            "status-step-refused",
            "lookup-missing"
        ]
    );
    assert_eq!(
        plan.problems[0].identity(),
        "company-not-paired|pair:company:autotask:174"
    );
    assert!(
        plan.problems[0].says.contains("Bondi Bakery"),
        "{}",
        plan.problems[0].says
    );
    assert!(
        plan.problems[1].says.contains("from Booked to HOLD"),
        "{}",
        plan.problems[1].says
    );
}

#[test]
fn the_parent_pays_where_the_company_says_so() {
    let child =
        company(json!({"parentCompanyID": 200, "invoiceNonContractItemsToParentCompany": true}));
    let half = ticket_of(json!({}), &child, &[]);
    let mut facts = facts();
    let without = plan(&unknown(Some(half.clone()), None), &facts);
    assert_eq!(codes(&without.problems), ["company-not-paired"]);
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 200), 77.into());
    let with = plan(&unknown(Some(half), None), &facts);
    let (_, made) = created(&with);
    assert_eq!((&made["customer"], &made["ship"]), (&77.into(), &12.into()));
}

#[test]
fn a_ticket_that_is_filtered_out_is_nobodys_problem() {
    let filter = |name: &str, rule: serde_json::Value| {
        let mut facts = facts();
        facts.filters.insert((KIND, name.to_owned()), rule);
        facts
    };
    let mut late = facts();
    late.settings
        .insert("starts_from".to_owned(), json!("2026-11-24"));
    let mut off = facts();
    off.creates.clear();
    for (changes, facts, reason) in [
        (json!({"companyID": 0}), facts(), "own ticket"),
        (json!({"status": 5}), facts(), "completed"),
        (
            json!({"completedDate": "2026-11-22T23:00:00Z"}),
            facts(),
            "completed",
        ),
        (json!({"ticketType": 5}), facts(), "alerts"),
        (json!({"source": 8}), facts(), "alerts"),
        (
            json!({"source": 4}),
            filter("alert_sources", json!([4])),
            "alerts",
        ),
        (
            json!({}),
            filter("company_types", json!([6])),
            "no customer",
        ),
        (json!({}), filter("queues", json!([8])), "queue is filtered"),
        (
            json!({}),
            filter("sources", json!({"except": [4]})),
            "source is filtered",
        ),
        (
            json!({"ticketCategory": null}),
            filter("categories", json!([3])),
            "category is filtered",
        ),
        (json!({}), late, "before the start"),
        (json!({}), off, "no jobs are made"),
    ] {
        let plan = plan(&unknown(Some(ticket(changes)), None), &facts);
        let Next::Ignore(why) = &plan.next else {
            panic!("{reason}: {:?}", plan.next);
        };
        assert!(why.contains(reason), "{why}");
    }
}

#[test]
fn a_filter_that_names_what_passes_or_does_not_lets_the_rest_through() {
    for rule in [json!([29_682_833]), json!({"except": [8]}), json!(null)] {
        let mut facts = facts();
        facts
            .filters
            .insert((KIND, "queues".to_owned()), rule.clone());
        let plan = plan(&unknown(Some(ticket(json!({}))), None), &facts);
        assert_eq!(plan.next, Next::Write, "{rule}");
    }
}

#[test]
fn a_company_that_opted_out_keeps_its_tickets() {
    for (said, is_out) in [
        ("yes", true),
        ("x", true),
        ("No ", false),
        ("n", false),
        ("FALSE", false),
        ("0", false),
        ("", false),
    ] {
        let company =
            company(json!({"userDefinedFields": [{"name": "Jim2 opt-out", "value": said}]}));
        let plan = plan(
            &unknown(Some(ticket_of(json!({}), &company, &[])), None),
            &facts(),
        );
        assert_eq!(matches!(plan.next, Next::Ignore(_)), is_out, "{said}");
    }
}

/// A site that makes tickets from jobs of the type Service Request.
fn both_ways() -> Facts {
    let mut facts = facts();
    facts.creates.push((KIND, System::Autotask));
    facts
        .filters
        .insert((KIND, "job_types".to_owned()), json!(["service request"]));
    for (name, value) in [
        ("default.queue", 5),
        ("default.source", 2),
        ("default.priority", 2),
        ("default.work_type", 9),
    ] {
        facts.settings.insert(name.to_owned(), json!(value));
    }
    facts
}

fn job_alone() -> Half {
    job(&Job {
        our_ref: Told::Empty,
        ..base_job()
    })
}

#[test]
fn a_job_becomes_a_ticket_only_where_the_site_chose_so() {
    let mut nothing_chosen = both_ways();
    nothing_chosen.filters.clear();
    let mut other_type = both_ways();
    other_type
        .filters
        .insert((KIND, "job_types".to_owned()), json!(["Alert"]));
    for (facts, reason) in [
        (facts(), "no tickets are made"),
        (nothing_chosen, "is chosen"),
        (other_type, "type is not chosen"),
    ] {
        let plan = plan(&unknown(None, Some(job_alone())), &facts);
        let Next::Ignore(why) = &plan.next else {
            panic!("{reason}: {:?}", plan.next);
        };
        assert!(why.contains(reason), "{why}");
    }
}

#[test]
fn a_job_becomes_a_ticket_whose_fault_is_the_jobs_own() {
    let plan = plan(&unknown(None, Some(job_alone())), &both_ways());
    let (reference, made) = created(&plan);
    assert_eq!(reference, "5001");
    assert_eq!(made["title"], "Printer on fire".into());
    assert_eq!(
        made["description"],
        "Printer on fire\r\n\r\nSmoke in room 4.".into()
    );
    assert_eq!(
        (&made["company"], &made["status"], &made["queue"]),
        (&174.into(), &1.into(), &5.into())
    );
    assert_eq!((&made["item"], &made["priority"]), (&12.into(), &2.into()));
    let assignee = Value::parts([(RESOURCE, 29_682_885.into()), (ROLE, Value::Empty)]);
    assert_eq!(made["assignee"], assignee);

    let back = ticket(
        json!({"title": made["title"].to_string(), "description": made["description"].to_string()}),
    );
    let fault = FIELDS.iter().find(|field| field.name == "fault").unwrap();
    assert!(fault.equal(
        &back.fields["fault"],
        &job_alone().fields["fault"],
        &facts()
    ));
}

#[test]
fn a_default_that_is_missing_is_a_problem_by_its_name() {
    let mut facts = both_ways();
    facts.settings.remove("default.queue");
    facts.settings.remove("default.work_type");
    facts.pairs.clear();
    let plan = plan(&unknown(None, Some(job_alone())), &facts);
    assert_eq!(
        codes(&plan.problems),
        ["company-not-paired", "setting-missing", "setting-missing"]
    );
    assert_eq!(
        plan.problems[1].identity(),
        "setting-missing|setting:default.queue"
    );
}

#[test]
fn a_job_that_is_over_becomes_no_ticket() {
    for over in [
        Job {
            status: Told::Is("FINISH".to_owned()),
            ..base_job()
        },
        Job {
            status: Told::Is("CANCEL".to_owned()),
            ..base_job()
        },
        Job {
            inv_no: Told::Is(900),
            ..base_job()
        },
    ] {
        let plan = plan(&unknown(None, Some(job(&over))), &both_ways());
        assert_eq!(
            plan.next,
            Next::Ignore("work on it is over".to_owned()),
            "{:?}",
            over.status
        );
    }
}
