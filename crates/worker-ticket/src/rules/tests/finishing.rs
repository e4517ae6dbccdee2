//! Rule 6: completed is not finished; a job is finished once everything is billed.

use super::*;
use sync::Billed;

/// A ticket that was completed at midnight UTC, with its job, and what became of its work.
fn completed(billed: Billed) -> Half {
    let changes = json!({
        "status": 5, "completedDate": "2026-11-23T00:00:00Z",
        "userDefinedFields": [{"name": "Jim2 Job#", "value": "5001"}, {"name": "Jim2 invoice#", "value": ""}],
    });
    let around = halves::Around {
        attachments: None,
        notes: &[],
        company: None,
        contacts: &HashMap::new(),
        items: &HashMap::new(),
        billed: Some(billed),
    };
    halves::ticket(&told(changes), around, &settings())
}

fn standing_on(status: &str) -> Job {
    Job {
        status: Told::Is(status.to_owned()),
        ..base_job()
    }
}

/// The site so many hours after the ticket was completed.
fn after(hours: i64) -> Facts {
    let mut facts = facts();
    facts.now += chrono::TimeDelta::hours(hours);
    facts
}

/// The pair in step, before anybody knew what became of the ticket's work.
fn in_step(ticket: Half, told: &Job) -> Known {
    let mut known = known(Some(ticket), Some(job(told)));
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree(
        "status",
        5.into(),
        told.status.clone().into_value().unwrap(),
    );
    shadow.agree("finish", "open".into(), "open".into());
    known
}

fn statuses(plan: &Plan) -> Vec<String> {
    let steps = updates(plan, System::Jim2);
    let steps = steps.iter().filter_map(|step| step.get("status"));
    steps.map(ToString::to_string).collect()
}

#[test]
fn rule_6_a_completed_ticket_is_not_finished_while_something_is_to_be_billed() {
    let told = standing_on("Checked");
    for billed in [Billed::Open, Billed::Waits] {
        let plan = plan(&in_step(completed(billed), &told), &after(100));
        assert_eq!((plan.acts, plan.problems), (vec![], vec![]), "{billed:?}");
    }
}

#[test]
fn rule_6_a_job_is_finished_once_all_of_its_ticket_is_billed_and_labour_had_time_to_come() {
    let told = standing_on("Checked");
    let known = in_step(completed(Billed::All), &told);
    assert_eq!(plan(&known, &after(0)).acts, [], "the hour is not over");
    let plan = plan(&known, &after(1));
    let step = fields([("status", "FINISH".into()), ("finish", "finished".into())]);
    assert_eq!(updates(&plan, System::Jim2), [step]);
    assert_eq!(updates(&plan, System::Autotask), []);
}

#[test]
fn what_is_not_remembered_before_its_time_is_done_when_it_has_come() {
    let told = standing_on("Checked");
    let mut known = in_step(completed(Billed::All), &told);
    let early = plan(&known, &after(0));
    known.shadow = Some(early.shadow);
    assert_eq!(statuses(&plan(&known, &after(2))), ["FINISH"]);
}

#[test]
fn the_way_to_finish_goes_on_from_the_status_of_the_ticket() {
    let mut known = in_step(completed(Billed::All), &standing_on("Proceed"));
    known
        .shadow
        .as_mut()
        .unwrap()
        .agree("status", 8.into(), "Proceed".into());
    let plan = plan(&known, &after(1));
    assert_eq!(statuses(&plan), ["Checked", "FINISH"]);
    assert!(
        !updates(&plan, System::Jim2)[0].contains_key("finish"),
        "it is not finished before the last step"
    );
}

#[test]
fn a_workflow_without_a_way_to_finish_holds_that_and_nothing_else() {
    let mut facts = after(1);
    facts
        .workflow
        .insert("Checked".to_owned(), vec!["Proceed".to_owned()]);
    let mut known = in_step(completed(Billed::All), &standing_on("Proceed"));
    known
        .shadow
        .as_mut()
        .unwrap()
        .agree("status", 8.into(), "Proceed".into());
    let plan = plan(&known, &facts);
    assert_eq!(statuses(&plan), ["Checked"]);
    let [problem] = plan.problems.as_slice() else {
        panic!("{:?}", plan.problems);
    };
    assert_eq!(problem.code, "status-step-refused");
    assert_eq!(problem.field.as_deref(), Some("finish"));
}

#[test]
fn a_job_that_was_made_just_now_for_a_ticket_of_long_ago_is_not_finished_before_its_labour_came() {
    let told = standing_on("Checked");
    let mut known = in_step(completed(Billed::All), &told);
    let facts = after(100);
    for (minutes, expected) in [(59, vec![]), (60, vec!["FINISH"])] {
        let made_at = facts.now - chrono::TimeDelta::minutes(minutes);
        known.jim2.as_mut().unwrap().created_at = Some(made_at);
        assert_eq!(statuses(&plan(&known, &facts)), expected, "{minutes}");
    }
}

#[test]
fn rule_6_a_ticket_with_nothing_to_invoice_is_what_the_site_says_after_a_day() {
    let told = standing_on("Checked");
    let known = in_step(completed(Billed::Nothing), &told);
    assert_eq!(plan(&known, &after(23)).acts, []);
    for (wanted, expected) in [
        (None, vec!["FINISH"]),
        (Some("finish"), vec!["FINISH"]),
        (Some("leave"), vec![]),
    ] {
        let mut facts = after(24);
        let wanted = wanted.map(|wanted| ("zero_jobs".to_owned(), json!(wanted)));
        facts.settings.extend(wanted);
        assert_eq!(statuses(&plan(&known, &facts)), expected);
    }
    let mut facts = after(24);
    facts
        .settings
        .insert("zero_jobs".to_owned(), json!("cancel"));
    facts
        .workflow
        .get_mut("Checked")
        .unwrap()
        .push("CANCEL".to_owned());
    assert_eq!(statuses(&plan(&known, &facts)), ["CANCEL"]);
}

#[test]
fn a_job_that_a_person_took_back_is_not_finished_again() {
    let mut known = in_step(completed(Billed::All), &standing_on("Checked"));
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree("finish", "billed".into(), "finished".into());
    let first = plan(&known, &after(5));
    assert_eq!(first.acts, []);
    known.shadow = Some(first.shadow);
    assert_eq!(plan(&known, &after(50)).acts, []);
    let shadow = known.shadow.as_mut().unwrap();
    shadow.autotask.insert("finish".to_owned(), "waits".into());
    let anew = plan(&known, &after(50));
    assert_eq!(statuses(&anew), ["FINISH"], "something was billed since");
}

#[test]
fn a_job_that_is_past_it_is_left_alone() {
    for told in [
        Job {
            ready: Told::Is(true),
            ..standing_on("Checked")
        },
        standing_on("CANCEL"),
        invoiced_on(812),
    ] {
        let known = in_step(completed(Billed::All), &told);
        let plan = plan(&known, &after(5));
        assert_eq!(updates(&plan, System::Jim2), [], "{told:?}");
        let problems = codes(&plan.problems);
        assert!(!problems.contains(&"job-is-ready"), "{problems:?}");
    }
}

fn invoiced_on(invoice: i64) -> Job {
    Job {
        inv_no: Told::Is(invoice),
        ..standing_on("FINISH")
    }
}

#[test]
fn a_ticket_without_a_job_or_whose_work_nobody_saw_says_nothing() {
    let mut unseen = completed(Billed::All);
    unseen.fields.remove("finish");
    let told = standing_on("Checked");
    assert_eq!(plan(&in_step(unseen, &told), &after(5)).acts, []);
    let without = ticket(json!({"status": 5}));
    assert!(!without.fields.contains_key("finish"));
}
