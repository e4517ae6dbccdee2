//! Whether the two are each other's, and who owes a reference.

use sync::{Next, Pointer};

use super::*;

fn names(number: &str, generation: i32) -> Pointer {
    Pointer {
        to: number.into(),
        by_name: true,
        generation,
    }
}

#[test]
fn a_pair_whose_halves_name_others_is_held_whole() {
    let mut other_ticket = job(&base_job());
    other_ticket.points_to = Some(names("T20261123.0009", 1));
    let mut other_job = referred(ticket(json!({"status": 8})));
    other_job.points_to.as_mut().unwrap().to = 5009.into();
    for (ticket, job) in [
        (referred(ticket(json!({"status": 8}))), other_ticket),
        (other_job, job(&base_job())),
    ] {
        let plan = plan(&known(Some(ticket), Some(job)), &facts());
        assert_eq!(
            (plan.next, codes(&plan.problems)),
            (Next::Hold, vec!["not-the-same-record"])
        );
    }
}

#[test]
fn an_earlier_job_stays_paired_when_the_ticket_names_a_later_one() {
    let mut half = ticket(json!({"status": 8, "userDefinedFields": [
        {"name": "Jim2 Job#", "value": "6002"}, {"name": "Jim2 earlier jobs", "value": "5001, 4000"},
    ]}));
    let earlier = plan(&known(Some(half.clone()), Some(job(&base_job()))), &facts());
    assert_eq!(updates(&earlier, System::Jim2).len(), 1);
    assert!(
        !earlier
            .acts
            .iter()
            .any(|act| matches!(act, Act::Refer { .. }))
    );

    // The other way round: the follow-on job is made, and the ticket still names the first.
    half.facts.remove("earlier_jobs");
    half.points_to.as_mut().unwrap().to = 5001.into();
    let mut second = job(&base_job());
    second.id = 6002.into();
    second.points_to = Some(names("T20261123.0001", 2));
    let mut known = known(Some(half), Some(second));
    known.generation = 2;
    let owed = plan(&known, &facts());
    assert!(
        owed.acts.iter().any(|act| matches!(
            act,
            Act::Refer {
                on: System::Autotask,
                ..
            }
        )),
        "{owed:?}"
    );
}

#[test]
fn a_ticket_that_moved_to_another_company_is_held_whole() {
    let mut facts = facts();
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 175), 13.into());
    let moved = referred(ticket(json!({"companyID": 175, "status": 8})));
    let said = JobComment {
        job_no: 5001,
        line_id: 1,
        comment: Told::Is("Been there.".to_owned()),
        modify_init: Told::Is("JC".to_owned()),
        ..JobComment::default()
    };
    let worked_on = job_with(&base_job(), &[&said]);
    let held = plan(&known(Some(moved.clone()), Some(worked_on)), &facts);
    assert_eq!(
        (held.next, codes(&held.problems)),
        (Next::Hold, vec!["ticket-moved"])
    );
    assert!(
        held.problems[0].says.contains("T20261123.0001"),
        "{}",
        held.problems[0].says
    );

    facts
        .pairs
        .remove(&Key::new(COMPANY, System::Autotask, 175));
    let unpaired = plan(&known(Some(moved.clone()), Some(job(&base_job()))), &facts);
    assert_eq!(
        (unpaired.next, codes(&unpaired.problems)),
        (Next::Hold, vec!["ticket-moved"]),
        "its job is still the old customer's"
    );
    assert_eq!(unpaired.acts, []);
    let step = &unpaired.problems[0].remedy.step;
    assert!(step.contains("crossbill pairs link company 175"), "{step}");

    // Once it has a card, the job is still another's.
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 175), 12.into());
    let came_home = plan(&known(Some(moved), Some(job(&base_job()))), &facts);
    assert_eq!(came_home.next, Next::Write, "the same card after all");
}

#[test]
fn whose_ticket_it_is_was_told_when_the_pair_was_made_and_needs_no_parent_to_be_read_again() {
    let site_card = Job {
        cust_no: Told::Is(77),
        ship_no: Told::Is(13),
        ..base_job()
    };
    let mut known = known(
        Some(referred(ticket(json!({"status": 8})))),
        Some(job(&site_card)),
    );
    let shadow = known.shadow.as_mut().unwrap();
    shadow.customer = Some(77.into());
    shadow.company = Some(174.into());
    assert_eq!(plan(&known, &facts()).next, Next::Write, "the parent pays");

    // The wrong side: the same job, and the ticket has moved.
    known.autotask = Some(referred(ticket(json!({"companyID": 175, "status": 8}))));
    let mut facts = facts();
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 175), 14.into());
    let moved = plan(&known, &facts);
    assert_eq!(
        (moved.next, codes(&moved.problems)),
        (Next::Replace, vec!["ticket-moved"])
    );
}

fn written_status(act: &Act) -> Option<String> {
    let Act::Update { fields, .. } = act else {
        return None;
    };
    fields.get("status").map(ToString::to_string)
}

#[test]
fn the_untouched_job_of_a_ticket_that_moved_is_cancelled_in_the_steps_of_the_workflow() {
    let mut facts = facts();
    facts
        .pairs
        .insert(Key::new(COMPANY, System::Autotask, 175), 13.into());
    for (from, to) in [("Booked", "Checked"), ("Checked", "CANCEL")] {
        facts.workflow.insert(from.to_owned(), vec![to.to_owned()]);
    }
    let moved = || referred(ticket(json!({"companyID": 175})));
    let parted = plan(&known(Some(moved()), Some(job(&base_job()))), &facts);
    assert_eq!(parted.next, Next::Replace);
    let statuses: Vec<String> = parted.acts.iter().filter_map(written_status).collect();
    assert_eq!(statuses, ["Checked", "CANCEL"]);

    let cancelled = Job {
        status: Told::Is("CANCEL".to_owned()),
        ..base_job()
    };
    let done = plan(&known(Some(moved()), Some(job(&cancelled))), &facts);
    assert_eq!((done.next, done.acts), (Next::Replace, vec![]), "half way");

    let invoiced = Job {
        inv_no: Told::Is(9),
        ..base_job()
    };
    let ready = Job {
        ready: Told::Is(true),
        ..base_job()
    };
    for (job_told, why) in [(invoiced, "invoiced"), (ready, "Ready")] {
        let held = plan(&known(Some(moved()), Some(job(&job_told))), &facts);
        assert_eq!(held.next, Next::Hold, "{why}");
    }
    facts.workflow.remove("Checked");
    let stuck = plan(&known(Some(moved()), Some(job(&base_job()))), &facts);
    assert_eq!(stuck.next, Next::Hold, "no way to CANCEL");
}

#[test]
fn a_pair_that_is_made_remembers_whose_ticket_it_is() {
    let made = plan(&unknown(Some(ticket(json!({}))), None), &facts());
    assert_eq!(made.shadow.company, Some(174.into()));
    let seen = plan(
        &known(Some(referred(ticket(json!({})))), Some(job(&base_job()))),
        &facts(),
    );
    assert_eq!(seen.shadow.company, Some(174.into()));
}

#[test]
fn an_older_job_never_takes_the_place_of_a_newer_one() {
    let mut half = ticket(json!({}));
    half.facts.remove("earlier_jobs"); // The site has no such field.
    for (named, job, owes) in [(7003, 7002, false), (7002, 7003, true)] {
        half.points_to = Some(Pointer {
            to: named.into(),
            by_name: false,
            generation: 1,
        });
        let owed = TicketRules.owes_reference(System::Autotask, &half, &job.into(), 2);
        assert_eq!(owed, owes, "{named} is named, and {job} is there");
    }
}

#[test]
fn somebody_else_may_pay_while_the_work_is_at_the_company() {
    let paid_by_parent = Job {
        cust_no: Told::Is(77),
        ..base_job()
    };
    let mut known = known(
        Some(referred(ticket(json!({})))),
        Some(job(&paid_by_parent)),
    );
    known.shadow.as_mut().unwrap().customer = Some(77.into());
    assert_eq!(plan(&known, &facts()).next, Next::InStep);
}

#[test]
fn a_job_that_was_given_to_another_customer_is_not_the_same_record() {
    let given = Job {
        cust_no: Told::Is(99),
        ..base_job()
    };
    let plan = plan_pair(ticket(json!({})), job(&given));
    assert_eq!(codes(&plan.problems), ["not-the-same-record"]);
}

#[test]
fn a_half_that_vanished_is_never_made_again() {
    let gone = plan(&known(Some(ticket(json!({}))), None), &facts());
    assert_eq!(
        (gone.next, codes(&gone.problems)),
        (Next::Hold, vec!["vanished"])
    );
    assert_eq!(plan(&known(None, None), &facts()).next, Next::Gone);
}

#[test]
fn a_reference_is_owed_only_where_its_place_was_told_and_is_empty() {
    let is = |text: &str| Told::Is(text.to_owned());
    let refers = |half: &Half, on| TicketRules.owes_reference(on, half, &5001.into(), 1);
    for (our_ref, owes) in [
        (Told::Empty, true),
        (Told::Not, false),
        (is("T20261123.0001"), false),
        (is("T20261123.0001/1"), false),
        (is("Ring first"), false),
    ] {
        let job = job(&Job {
            our_ref: our_ref.clone(),
            ..base_job()
        });
        assert_eq!(refers(&job, System::Jim2), owes, "{our_ref:?}");
    }
    let invoiced = job(&Job {
        our_ref: Told::Empty,
        inv_no: Told::Is(1),
        ..base_job()
    });
    assert!(
        !refers(&invoiced, System::Jim2),
        "an invoiced job takes no reference"
    );
    for (changes, owes) in [
        (json!({}), true),
        (json!({"userDefinedFields": []}), false),
        (
            json!({"userDefinedFields": [{"name": "Jim2 Job#", "value": "5001"}]}),
            false,
        ),
        (
            json!({"userDefinedFields": [{"name": "Jim2 Job#", "value": "6000"}]}),
            false,
        ),
    ] {
        assert_eq!(
            refers(&ticket(changes.clone()), System::Autotask),
            owes,
            "{changes}"
        );
    }
}

#[test]
fn planning_asks_for_the_companies_of_both_sides() {
    let child =
        company(json!({"parentCompanyID": 200, "invoiceNonContractItemsToParentCompany": true}));
    let half = ticket_of(json!({}), &child, &[]);
    let keys = |system, ids: &[i64]| {
        ids.iter()
            .map(|id| Key::new(COMPANY, system, *id))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        TicketRules.needs(System::Autotask, &half),
        keys(System::Autotask, &[174, 200])
    );
    assert_eq!(
        TicketRules.needs(System::Jim2, &job(&base_job())),
        keys(System::Jim2, &[12])
    );
}
