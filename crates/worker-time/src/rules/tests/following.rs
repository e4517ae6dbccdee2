//! Edits, moves and deletions, while the job lets them in and after.

use super::*;

/// The line, on a job that was changed.
fn line_on(job: &Job) -> Half {
    halves::line(&base_line(), job, &settings())
}

#[test]
fn an_entry_in_step_is_left_alone() {
    let plan = plan(&known(Some(entry(json!({}))), Some(line())), &facts());
    assert_eq!(
        (plan.next, plan.problems, plan.notices),
        (Next::InStep, vec![], vec![])
    );
}

#[test]
fn an_edit_follows_while_the_job_lets_it_in() {
    let edited = entry(json!({"hoursWorked": 2, "summaryNotes": "Replaced both disks"}));
    let plan = plan(&known(Some(edited), Some(line())), &facts());
    let both = fields([
        ("minutes", 120.into()),
        ("comment", "Replaced both disks".into()),
    ]);
    assert_eq!(updates(&plan), [both]);
}

#[test]
fn an_edit_after_finish_ready_or_invoice_waits_and_is_told_of() {
    let ready = Job {
        ready: Told::Is(true),
        ..base_job()
    };
    let invoiced = Job {
        inv_no: Told::Is(811),
        ..base_job()
    };
    let on = |status: &str| Job {
        status: is(status),
        ..base_job()
    };
    for (job, code) in [
        (on("FINISH"), "job-is-finished"),
        (on("RAI.US"), "job-is-finished"),
        (on("CANCEL"), "job-is-cancelled"),
        (ready, "job-is-ready"),
        (invoiced, "job-is-invoiced"),
    ] {
        let edited = entry(json!({"hoursWorked": 2}));
        let plan = plan(&known(Some(edited), Some(line_on(&job))), &facts());
        assert_eq!((updates(&plan), codes(&plan)), (vec![], vec![code]));
        let quiet = super::plan(
            &known(Some(entry(json!({}))), Some(line_on(&job))),
            &facts(),
        );
        assert_eq!(
            (quiet.next, quiet.problems),
            (Next::InStep, vec![]),
            "{code}"
        );
    }
}

#[test]
fn what_people_changed_on_a_line_gives_way_to_autotask_and_is_told_of() {
    let mut told = base_line();
    told.minutes = Told::Is(90);
    let changed = halves::line(&told, &base_job(), &settings());
    let plan = plan(&known(Some(entry(json!({}))), Some(changed)), &facts());
    assert_eq!(updates(&plan), [fields([("minutes", 75.into())])]);
    assert_eq!(plan.notices[0].what, "conflict");
}

#[test]
fn a_deleted_entry_counts_for_nothing_and_its_line_says_so() {
    let deleted = plan(&known(None, Some(line())), &facts());
    assert_eq!(deleted.next, Next::Bury);
    let nothing = fields([
        ("minutes", 0.into()),
        ("comment", "removed in Autotask".into()),
    ]);
    assert_eq!(updates(&deleted), [nothing]);

    let mut told = base_line();
    (told.minutes, told.comment) = (Told::Is(0), is("removed in Autotask"));
    let emptied = halves::line(&told, &base_job(), &settings());
    assert_eq!(plan(&known(None, Some(emptied)), &facts()).next, Next::Gone);
}

#[test]
fn a_deleted_entry_of_an_invoiced_job_is_a_persons_business() {
    let job = Job {
        inv_no: Told::Is(811),
        ..base_job()
    };
    let plan = plan(&known(None, Some(line_on(&job))), &facts());
    assert_eq!((plan.next.clone(), updates(&plan)), (Next::Hold, vec![]));
    assert!(
        codes(&plan).contains(&"job-is-invoiced"),
        "{:?}",
        plan.problems
    );
}

#[test]
fn a_line_that_people_deleted_is_not_made_again() {
    let plan = plan(&known(Some(entry(json!({}))), None), &facts());
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["vanished"])
    );
}

#[test]
fn an_entry_that_moved_to_another_ticket_leaves_nothing_on_the_old_job() {
    let moved = entry_of(
        json!({"ticketID": 7002}),
        json!({"ticketNumber": "T20261123.0002"}),
        json!({}),
        &settings(),
    );
    let away = plan(&known(Some(moved.clone()), Some(line())), &facts());
    assert_eq!(away.next, Next::Replace);
    let nothing = fields([
        ("minutes", 0.into()),
        ("comment", "moved to T20261123.0002 in Autotask".into()),
    ]);
    assert_eq!(updates(&away), [nothing]);

    let mut facts = facts();
    let other = Key::new(TICKET, System::Autotask, 7002);
    facts.pairs.insert(other, 5002.into());
    let next = Known {
        generation: 2,
        ..unknown(moved)
    };
    assert_eq!(made(&plan(&next, &facts))["job"], 5002.into());
}

#[test]
fn an_entry_that_moved_away_from_an_invoiced_job_is_a_persons_business() {
    let job = Job {
        inv_no: Told::Is(811),
        ..base_job()
    };
    let moved = entry_of(
        json!({"ticketID": 7002}),
        json!({"ticketNumber": "T20261123.0002"}),
        json!({}),
        &settings(),
    );
    let plan = plan(&known(Some(moved), Some(line_on(&job))), &facts());
    assert_eq!(
        (plan.next.clone(), codes(&plan)),
        (Next::Hold, vec!["time-moved"])
    );
}

#[test]
fn a_follow_on_job_of_the_ticket_leaves_earlier_labour_where_it_is() {
    let mut facts = facts();
    let ticket = Key::new(TICKET, System::Autotask, 7001);
    facts.pairs.insert(ticket, 5009.into());
    let mut known = known(Some(entry(json!({}))), Some(line()));
    assert_eq!(plan(&known, &facts).next, Next::InStep);
    // Also where a person linked them, so that nothing tells which ticket it was made for.
    known.shadow = None;
    assert_eq!(plan(&known, &facts).next, Next::InStep);
}

#[test]
fn who_was_stood_in_for_is_not_written_again_and_goes_along_with_the_comment() {
    let mut told = base_line();
    told.labour_init = is("SD");
    told.comment = is("Replaced the disk\nWorked by Jane Citizen (JC)");
    let stood_in = halves::line(&told, &base_job(), &settings());
    let quiet = plan(
        &known(Some(entry(json!({}))), Some(stood_in.clone())),
        &facts(),
    );
    assert_eq!((quiet.next, quiet.problems), (Next::InStep, vec![]));
    let edited = entry(json!({"summaryNotes": "Replaced both disks"}));
    let plan = plan(&known(Some(edited), Some(stood_in)), &facts());
    let both = fields([
        ("comment", "Replaced both disks".into()),
        ("technician", "JC".into()),
    ]);
    assert_eq!(updates(&plan), [both]);
}

#[test]
fn somebody_else_who_worked_takes_the_comment_along() {
    let edited = entry(json!({"resourceID": 29_682_886}));
    let plan = plan(&known(Some(edited), Some(line())), &facts());
    let both = fields([
        ("comment", "Replaced the disk".into()),
        ("technician", "PK".into()),
    ]);
    assert_eq!(updates(&plan), [both]);
}
