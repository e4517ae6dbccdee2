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
    for problem in &plan.problems {
        let is_kept_up = problem.field.as_deref() != Some("assignee");
        assert_eq!(problem.remedy.continues, is_kept_up, "{problem:?}");
    }
    let dropped = plan.notices.iter().find(|it| it.what == "dropped");
    assert_eq!(dropped.map(|it| it.field.as_str()), Some("assignee"));
}

#[test]
fn a_ticket_that_nobody_has_leaves_nobody_out() {
    let nobody = json!({"assignedResourceID": null, "assignedResourceRoleID": null});
    let plan = plan(&unknown(Some(ticket(nobody)), None), &facts());
    assert_eq!((plan.problems, plan.notices), (vec![], vec![]));
}

#[test]
fn a_sub_issue_has_its_own_item_or_that_of_its_issue() {
    let mut facts = facts();
    for (system, value, to) in [
        (System::Autotask, "12/34", "PAPER"),
        (System::Jim2, "PAPER", "12/34"),
    ] {
        let mapping = Mapping {
            to: Some(to.to_owned()),
            path: Vec::new(),
        };
        let place = ("issueType".to_owned(), system, value.to_owned());
        facts.mappings.insert(place, mapping);
    }
    for (issue, sub, item) in [
        (json!(12), json!(34), "PAPER"),
        (json!(12), json!(35), "PRINTER"),
        (json!(12), json!(null), "PRINTER"),
        (json!(null), json!(null), "SERVICE"),
    ] {
        let half = ticket(json!({"issueType": issue, "subIssueType": sub}));
        let plan = plan(&unknown(Some(half), None), &facts);
        assert_eq!(created(&plan).1["item"], item.into(), "{issue} {sub}");
    }
    let half = ticket(json!({"issueType": 99, "subIssueType": 1}));
    let held = plan(&unknown(Some(half), None), &facts);
    let subject = held.problems[0].subject.to_string();
    assert_eq!(subject, "lookup:issueType:autotask:99", "neither is mapped");

    let field = FIELDS.iter().find(|field| field.name == "item").unwrap();
    let back = field.map(System::Autotask, &"PAPER".into(), &facts);
    let both = Value::parts([(ISSUE, 12.into()), (SUB_ISSUE, 34.into())]);
    assert_eq!(back, sync::Mapped::Value(both));
}

#[test]
fn a_reference_is_held_and_an_attention_cut_where_jim2_takes_less() {
    for (limit, most, code) in [
        ("limit.our_ref", 10, Some("reference-too-long")),
        ("limit.our_ref", 16, None),
        ("limit.attention", 3, None),
    ] {
        let mut facts = facts();
        facts.settings.insert(limit.to_owned(), json!(most));
        let plan = plan(&unknown(Some(ticket(json!({}))), None), &facts);
        assert_eq!(
            codes(&plan.problems),
            Vec::from_iter(code),
            "{limit} {most}"
        );
        if limit == "limit.attention" {
            assert_eq!(created(&plan).1["attn"], "Bob".into());
        }
    }
}

#[test]
fn an_external_id_that_is_somebody_elses_is_told_when_the_job_is_made() {
    for (external, told) in [(json!("RMM-9"), 1), (json!(null), 0)] {
        let half = ticket(json!({"externalID": external}));
        let plan = plan(&unknown(Some(half), None), &facts());
        assert_eq!(plan.next, Next::Write);
        assert_eq!(plan.notices.len(), told, "{external}: {:?}", plan.notices);
    }
}

#[test]
fn a_contact_with_one_name_is_called_by_it() {
    let contact = |first: &str| {
        let told = json!({"id": 30, "firstName": first, "lastName": "Reception"});
        serde_json::from_value::<Contact>(told).unwrap()
    };
    for (first, expected) in [("-", "Reception"), ("Main", "Main Reception")] {
        let around = halves::Around {
            attachments: None,
            notes: &[],
            company: None,
            contacts: &HashMap::from([(30, contact(first))]),
            items: &HashMap::new(),
            billed: None,
        };
        let half = halves::ticket(&told(json!({})), around, &settings());
        assert_eq!(half.fact("contact_name"), Some(&expected.into()));
    }
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
fn a_description_is_no_longer_than_autotask_takes() {
    let long = Job {
        fault_desc: Told::Is("x".repeat(9000)),
        ..base_job()
    };
    let mut half = job(&long);
    half.points_to = None;
    let plan = plan(&unknown(None, Some(half)), &both_ways());
    let description = created(&plan).1["description"].to_string();
    assert_eq!(description.chars().count(), 8000);
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

/// A site where contract 31 is project 301 and configuration item 41 is asset 701.
fn with_pairs() -> Facts {
    let mut facts = facts();
    for (kind, id, other) in [(CONTRACT, 31, 301), (ASSET, 41, 701)] {
        let key = Key::new(kind, System::Autotask, id);
        facts.pairs.insert(key, other.into());
    }
    facts
}

#[test]
fn a_job_goes_to_the_ship_card_of_its_tickets_location_and_else_to_the_companys_own() {
    let mut facts = facts();
    let warehouse = Key::new(LOCATION, System::Autotask, 901);
    facts.pairs.insert(warehouse, 77.into());
    for (changes, ship) in [
        (json!({"companyLocationID": 901}), 77),
        (json!({"companyLocationID": 902}), 12),
        (json!({"companyLocationID": null}), 12),
    ] {
        let plan = plan(&unknown(Some(ticket(changes)), None), &facts);
        let (_, made) = created(&plan);
        assert_eq!(
            (&made["customer"], &made["ship"]),
            (&12.into(), &ship.into())
        );
    }
}

#[test]
fn a_job_is_of_what_its_tickets_contract_and_item_are_paired_with() {
    for (changes, facts, of) in [
        (
            json!({"contractID": 31, "configurationItemID": 41}),
            with_pairs(),
            [Some(301), Some(701)],
        ),
        (
            json!({"contractID": 32, "configurationItemID": 42}),
            with_pairs(),
            [None, None],
        ),
        (json!({}), with_pairs(), [None, None]),
    ] {
        let plan = plan(&unknown(Some(ticket(changes)), None), &facts);
        let (_, made) = created(&plan);
        let told = ["contract", "asset"].map(|name| made.get(name).and_then(Value::as_number));
        assert_eq!(told, of);
    }
}

#[test]
fn a_job_has_the_serial_number_of_what_its_ticket_is_about_whole_or_not_at_all() {
    for (serial, expected) in [
        (" SN-1 ".to_owned(), Some("SN-1".into())),
        ("S".repeat(51), None),
    ] {
        let item = json!({"id": 41, "serialNumber": serial});
        let item: autotask::ConfigurationItem = serde_json::from_value(item).unwrap();
        let around = halves::Around {
            attachments: None,
            notes: &[],
            company: Some(&company(json!({}))),
            contacts: &HashMap::new(),
            items: &HashMap::from([(41, item)]),
            billed: None,
        };
        let told = told(json!({"configurationItemID": 41}));
        let half = halves::ticket(&told, around, &settings());
        let plan = plan(&unknown(Some(half), None), &facts());
        assert_eq!(created(&plan).1.get("serial").cloned(), expected);
    }
}

#[test]
fn another_contract_of_the_ticket_goes_to_its_job_where_the_job_tells_one() {
    let of = |contract_no: Told<i64>| {
        let job = Job {
            contract_no,
            ..base_job()
        };
        let known = known(
            Some(ticket(json!({"contractID": 31}))),
            Some(super::job(&job)),
        );
        plan(&known, &with_pairs())
    };
    let written = |plan: &Plan| updates(plan, System::Jim2);
    assert_eq!(
        written(&of(Told::Is(302))),
        [fields([("contract", 301.into())])]
    );
    assert!(written(&of(Told::Is(301))).is_empty());
    assert!(written(&of(Told::Not)).is_empty(), "what is not told");
}
