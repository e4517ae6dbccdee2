//! Changes of either side of a pair.

use sync::Next;

use super::*;

fn moved(job: Job, status: &str) -> Job {
    Job {
        status: Told::Is(status.to_owned()),
        ..job
    }
}

#[test]
fn a_pair_in_step_asks_for_nothing() {
    let plan = plan_pair(ticket(json!({})), job(&base_job()));
    assert_eq!(
        (&plan.next, &plan.problems, &plan.notices),
        (&Next::InStep, &vec![], &vec![])
    );
}

#[test]
fn a_change_of_the_ticket_goes_to_the_job() {
    for (changes, expected) in [
        (json!({"status": 8}), fields([("status", "Proceed".into())])),
        (
            json!({"priority": 1}),
            fields([("priority", "High".into())]),
        ),
        (
            json!({"title": "Printer out"}),
            fields([("fault", "Printer out\n\nSmoke in room 4.".into())]),
        ),
        (
            json!({"purchaseOrderNumber": "PO 9"}),
            fields([("cust_ref", "PO 9".into())]),
        ),
        (
            json!({"dueDateTime": "2026-11-25T01:00:00Z"}),
            fields([("due", "2026-11-25T01:00Z".into())]),
        ),
        (
            json!({"dueDateTime": null}),
            fields([("due", Value::Empty)]),
        ),
    ] {
        let plan = plan_pair(ticket(changes.clone()), job(&base_job()));
        assert_eq!(updates(&plan, System::Jim2), [expected], "{changes}");
        assert!(updates(&plan, System::Autotask).is_empty(), "{changes}");
    }
}

#[test]
fn seconds_of_a_due_date_are_no_change_and_neither_is_what_is_create_only() {
    for changes in [
        json!({"dueDateTime": "2026-11-24T06:30:59Z"}),
        json!({"assignedResourceID": 5}),
        json!({"issueType": 14}),
    ] {
        let plan = plan_pair(ticket(changes.clone()), job(&base_job()));
        assert_eq!(plan.next, Next::InStep, "{changes}");
    }
}

#[test]
fn a_change_of_the_job_goes_to_the_ticket_where_the_table_leads_there() {
    let is = |text: &str| Told::Is(text.to_owned());
    for (changed, expected) in [
        (moved(base_job(), "Parts"), fields([("status", 9.into())])),
        (
            Job {
                cust_ref: is(" PO 3 "),
                ..base_job()
            },
            fields([("cust_ref", "PO 3".into())]),
        ),
    ] {
        let plan = plan_pair(ticket(json!({})), job(&changed));
        assert_eq!(updates(&plan, System::Autotask), [expected]);
        assert!(updates(&plan, System::Jim2).is_empty());
    }
    let finance = Job {
        invoice_desc: is("As agreed"),
        ..base_job()
    };
    assert_eq!(
        plan_pair(ticket(json!({})), job(&finance)).next,
        Next::InStep
    );
}

#[test]
fn what_only_autotask_owns_is_put_back_and_told_as_a_conflict() {
    let changed = Job {
        priority: Told::Is("Low".to_owned()),
        ..base_job()
    };
    let plan = plan_pair(ticket(json!({})), job(&changed));
    assert_eq!(
        updates(&plan, System::Jim2),
        [fields([("priority", "Normal".into())])]
    );
    assert_eq!(plan.notices[0].what, "conflict");
}

#[test]
fn the_owner_decides_where_both_changed() {
    let plan = plan_pair(
        ticket(json!({"status": 8})),
        job(&moved(base_job(), "Call")),
    );
    // Call is unmapped, yet Autotask owns the status.
    assert_eq!(plan.notices[0].by, Some(System::Autotask));
    assert!(updates(&plan, System::Autotask).is_empty());
}

#[test]
fn a_blank_purchase_order_overwrites_neither_side() {
    let po = Value::from("PO 1");
    let mut known = known(
        Some(referred(ticket(json!({"purchaseOrderNumber": ""})))),
        Some(job(&Job {
            cust_ref: Told::Is("PO 1".to_owned()),
            ..base_job()
        })),
    );
    known
        .shadow
        .as_mut()
        .unwrap()
        .agree("cust_ref", po.clone(), po.clone());
    assert_eq!(plan(&known, &facts()).acts, []);

    known.autotask = Some(referred(ticket(json!({"purchaseOrderNumber": "PO 1"}))));
    known.jim2 = Some(job(&base_job()));
    let emptied = plan(&known, &facts());
    assert_eq!(emptied.acts, []);
    known.shadow = Some(emptied.shadow);
    let later = plan(&known, &facts());
    assert_eq!(updates(&later, System::Jim2), [fields([("cust_ref", po)])]);
}

#[test]
fn a_purchase_order_entered_on_a_job_made_a_moment_ago_comes_to_the_blank_ticket() {
    let mut known = known(
        Some(referred(ticket(json!({"purchaseOrderNumber": ""})))),
        Some(job(&Job {
            cust_ref: Told::Is("PO 1".to_owned()),
            ..base_job()
        })),
    );
    // The job was made without one.
    for side in System::BOTH {
        let shadow = known.shadow.as_mut().unwrap();
        shadow.side_mut(side).remove("cust_ref");
    }
    let plan = plan(&known, &facts());
    let po = fields([("cust_ref", "PO 1".into())]);
    assert_eq!(updates(&plan, System::Autotask), [po]);
    assert!(updates(&plan, System::Jim2).is_empty());
}

#[test]
fn a_cut_text_is_never_written_back() {
    let long = "x".repeat(60);
    let cut = Job {
        cust_ref: Told::Is("x".repeat(50)),
        ..base_job()
    };
    let plan = plan_pair(ticket(json!({"purchaseOrderNumber": long})), job(&cut));
    assert_eq!(plan.acts, []);
}

#[test]
fn what_was_not_told_takes_no_part() {
    let silent = Job {
        status: Told::Not,
        priority: Told::Not,
        ..base_job()
    };
    let plan = plan_pair(ticket(json!({"status": 8, "priority": 1})), job(&silent));
    assert_eq!(plan.next, Next::InStep);
}

#[test]
fn a_value_that_nobody_mapped_holds_its_field_and_lets_the_rest_go() {
    let plan = plan_pair(
        ticket(json!({"status": 77, "priority": 1})),
        job(&base_job()),
    );
    assert_eq!(
        updates(&plan, System::Jim2),
        [fields([("priority", "High".into())])]
    );
    assert_eq!(
        plan.problems[0].identity(),
        "lookup-missing|lookup:status:autotask:77"
    );
}

#[test]
fn an_older_difference_is_drift_and_nothing_is_written() {
    let mut known = known(
        Some(referred(ticket(json!({"priority": 1})))),
        Some(job(&base_job())),
    );
    known.shadow = Some(Shadow {
        baseline: Some(facts().now),
        ..Shadow::default()
    });
    let drift = plan(&known, &facts());
    assert_eq!(
        (drift.acts.len(), drift.notices[0].what.as_str()),
        (0, "drift")
    );
    known.cause = Cause::Apply;
    assert_eq!(updates(&plan(&known, &facts()), System::Jim2).len(), 1);
}

#[test]
fn a_status_that_already_maps_to_the_jobs_writes_nothing() {
    // Two statuses of Autotask are one in Jim2: rule 15.
    let mut facts = facts();
    let proceed = facts.mappings[&("status".to_owned(), System::Autotask, "8".to_owned())].clone();
    facts.mappings.insert(
        ("status".to_owned(), System::Autotask, "15".to_owned()),
        proceed,
    );
    let changed = moved(base_job(), "Proceed");
    let known = known(
        Some(referred(ticket(json!({"status": 15})))),
        Some(job(&changed)),
    );
    assert_eq!(plan(&known, &facts).acts, []);
}

#[test]
fn a_status_whose_reverse_is_to_leave_it_leaves_the_ticket() {
    let plan = plan_pair(ticket(json!({})), job(&moved(base_job(), "FINISH")));
    assert_eq!((plan.acts.len(), plan.problems.len()), (0, 0));
}

#[test]
fn a_status_goes_step_by_step_and_the_rest_with_the_first() {
    let plan = plan_pair(
        ticket(json!({"status": 9, "priority": 1})),
        job(&base_job()),
    );
    assert_eq!(
        updates(&plan, System::Jim2),
        [
            fields([("status", "Proceed".into()), ("priority", "High".into())]),
            fields([("status", "Parts".into())]),
        ]
    );
}

#[test]
fn the_shortest_way_never_leads_through_an_end() {
    let way = |from: &str, to: &str| {
        let half = job(&moved(base_job(), from));
        let steps = TicketRules.steps(
            System::Jim2,
            &half,
            fields([("status", to.into())]),
            &facts(),
        );
        steps.map(|steps| {
            steps
                .iter()
                .map(|step| step["status"].to_string())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        way("Booked", "FINISH").unwrap(),
        ["Proceed", "Checked", "FINISH"]
    );
    assert_eq!(way("CANCEL", "Proceed").unwrap(), ["Booked", "Proceed"]);
    assert_eq!(way("WAIT", "Parts").unwrap(), ["Proceed", "Parts"]);
    let refused = way("Booked", "HOLD").unwrap_err();
    assert!(
        refused.says.contains("no way from Booked to HOLD"),
        "{}",
        refused.says
    );
}

#[test]
fn a_path_of_the_mapping_is_taken_from_where_the_job_stands() {
    let mut facts = facts();
    let key = ("status".to_owned(), System::Autotask, "5".to_owned());
    facts.mappings.get_mut(&key).unwrap().path =
        ["WAIT", "Proceed", "Checked"].map(str::to_owned).to_vec();
    let way = |from: &str, facts: &Facts| {
        let half = job(&moved(base_job(), from));
        let steps = TicketRules.steps(
            System::Jim2,
            &half,
            fields([("status", "Checked".into())]),
            facts,
        );
        steps
            .unwrap()
            .iter()
            .map(|step| step["status"].to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(way("Booked", &facts), ["WAIT", "Proceed", "Checked"]);
    assert_eq!(way("WAIT", &facts), ["Proceed", "Checked"]);
    assert_eq!(
        way("Proceed", &facts),
        ["Checked"],
        "the direct step is allowed"
    );
    facts.workflow.clear();
    assert_eq!(
        way("Booked", &facts),
        ["Checked"],
        "without a workflow Jim2 will tell"
    );
}

#[test]
fn a_status_without_a_way_holds_the_status_and_writes_the_rest() {
    let ticket = ticket(json!({"status": 12, "priority": 1}));
    let plan = plan_pair(ticket, job(&base_job()));
    assert_eq!(
        updates(&plan, System::Jim2),
        [fields([("priority", "High".into())])]
    );
    assert_eq!(codes(&plan.problems), ["status-step-refused"]);
    assert_eq!(
        plan.shadow.autotask["status"],
        1.into(),
        "the change is still to be made"
    );
}

#[test]
fn nothing_is_written_to_a_job_that_waits_for_its_invoice() {
    for (closed, code) in [
        (
            Job {
                inv_no: Told::Is(812),
                ..base_job()
            },
            "job-is-invoiced",
        ),
        (
            Job {
                ready: Told::Is(true),
                ..base_job()
            },
            "job-is-ready",
        ),
        (moved(base_job(), "FINISH"), "job-is-finished"),
        (moved(base_job(), "RAI.NR"), "job-is-finished"),
        (moved(base_job(), "CANCEL"), "job-is-cancelled"),
    ] {
        let mut known = known(
            Some(referred(ticket(json!({"priority": 1})))),
            Some(job(&closed)),
        );
        let status = closed.status.get().unwrap().as_str();
        known
            .shadow
            .as_mut()
            .unwrap()
            .agree("status", 1.into(), status.into());
        let plan = plan(&known, &facts());
        assert_eq!(updates(&plan, System::Jim2), []);
        assert_eq!(codes(&plan.problems), [code]);
        let problem = &plan.problems[0];
        assert!(
            problem.says.contains("Job 5001") && problem.remedy.continues,
            "{}",
            problem.says
        );
        assert_eq!(problem.field.as_deref(), Some("priority"));
    }
}

fn invoiced(number: i64) -> Job {
    Job {
        inv_no: Told::Is(number),
        ..base_job()
    }
}

fn naming_invoices(named: &str) -> Half {
    let udfs = [
        ("Jim2 Job#", ""),
        ("Jim2 earlier jobs", ""),
        ("Jim2 invoice#", named),
    ];
    let udfs = udfs.map(|(name, value)| json!({"name": name, "value": value}));
    ticket(json!({ "userDefinedFields": udfs }))
}

#[test]
fn the_invoice_of_a_job_is_named_on_its_ticket_before_those_of_earlier_jobs() {
    for (named, expected) in [
        ("", Some("812")),
        ("700", Some("812, 700")),
        ("812", None),
        ("900, 812", None),
    ] {
        let plan = plan_pair(naming_invoices(named), job(&invoiced(812)));
        let expected = expected.map(|invoices| fields([("invoice", invoices.into())]));
        assert_eq!(
            updates(&plan, System::Autotask),
            Vec::from_iter(expected),
            "{named}"
        );
        assert_eq!(updates(&plan, System::Jim2), [], "{named}");
        assert_eq!(plan.problems, [], "{named}");
    }
}

#[test]
fn an_invoice_that_was_named_is_in_step_and_a_job_without_one_leaves_the_ticket() {
    for (named, told) in [
        ("812", invoiced(812)),
        ("812, 700", invoiced(812)),
        ("812, 700", invoiced(700)), // An earlier job's.
        ("700", base_job()),
    ] {
        let mut known = known(Some(referred(naming_invoices(named))), Some(job(&told)));
        let shadow = known.shadow.as_mut().unwrap();
        shadow.autotask.remove("invoice");
        shadow.jim2.remove("invoice");
        let first = plan(&known, &facts());
        assert_eq!((first.acts, first.notices), (vec![], vec![]), "{named}");
    }
}

#[test]
fn an_earlier_jobs_invoice_does_not_fight_with_the_newest() {
    let mut known = known(
        Some(referred(naming_invoices("812, 700"))),
        Some(job(&invoiced(700))),
    );
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree("invoice", "700".into(), 700.into());
    let plan = plan(&known, &facts());
    assert_eq!((plan.acts, plan.notices), (vec![], vec![]));
}
