//! Rule 6: the job of an order is finished once all of what it is for is billed.

use domain::{Told, Value};
use sync::{Billed, Shadow, Shows, Trail};

use super::*;

/// A project on this status, complete since midnight UTC where it is 5, and what became of its work.
fn project(status: i64, billed: Billed) -> Half {
    let completed = (status == 5).then_some("2026-11-23T00:00:00Z");
    let told = json!({
        "id": 12, "projectNumber": "P2026.0004", "projectName": "Office move", "companyID": 174,
        "status": status, "completedDateTime": completed,
    });
    let project = serde_json::from_value(told).unwrap();
    halves::order(ORDER, Source::Project(&project), Some(billed))
}

fn standing_on(status: &str) -> Half {
    job(jim2::Job {
        status: Told::Is(status.to_owned()),
        our_ref: Told::Is("P12@175/1".to_owned()),
        ..jim2::Job::default()
    })
}

/// The site so many hours after the project was completed, with a workflow of three steps.
fn after(hours: i64) -> Facts {
    let mut facts = facts();
    facts.now += chrono::TimeDelta::hours(hours);
    for (from, to) in [
        ("Booked", &["Proceed"][..]),
        ("Proceed", &["Checked"]),
        ("Checked", &["FINISH", "CANCEL"]),
    ] {
        let to = to.iter().map(|&status| status.to_owned()).collect();
        facts.workflow.insert(from.to_owned(), to);
    }
    facts
}

/// The pair in step since before the project was completed.
fn in_step(order: Half, job: Half) -> Known {
    let mut shadow = Shadow::default();
    shadow.agree("finish", "open".into(), "open".into());
    Known {
        autotask: Some(order),
        shadow: Some(shadow),
        ..known(Cause::Sweep, Some(job))
    }
}

fn statuses(plan: &Plan) -> Vec<String> {
    let steps = plan.acts.iter().filter_map(Act::fields);
    let steps = steps.filter_map(|fields| fields.get("status"));
    steps.map(ToString::to_string).collect()
}

#[test]
fn rule_6_a_project_that_goes_on_keeps_its_job_open_however_much_is_billed() {
    for billed in [Billed::All, Billed::Nothing] {
        let known = in_step(project(8, billed), standing_on("Proceed"));
        let plan = planned(&known, &after(1_000));
        assert_eq!((plan.acts, plan.problems), (vec![], vec![]), "{billed:?}");
    }
}

#[test]
fn rule_6_the_job_of_a_complete_project_is_finished_by_steps_once_all_is_billed() {
    let waits = in_step(project(5, Billed::Waits), standing_on("Booked"));
    assert_eq!(planned(&waits, &after(1_000)).acts, []);
    let known = in_step(project(5, Billed::All), standing_on("Booked"));
    assert_eq!(planned(&known, &after(0)).acts, [], "the hour is not over");
    let plan = planned(&known, &after(1));
    assert_eq!(statuses(&plan), ["Proceed", "Checked", "FINISH"]);
    assert_eq!(plan.problems, []);
    assert_eq!(plan.shadow.jim2["finish"], "finished".into());
}

#[test]
fn rule_6_a_project_with_nothing_to_invoice_is_what_the_site_says_after_a_day() {
    let known = in_step(project(5, Billed::Nothing), standing_on("Checked"));
    assert_eq!(planned(&known, &after(23)).acts, []);
    for (wanted, expected) in [
        ("finish", &["FINISH"][..]),
        ("cancel", &["CANCEL"]),
        ("leave", &[]),
    ] {
        let mut facts = after(24);
        let wanted = ("zero_jobs".to_owned(), json!(wanted));
        facts.settings.extend([wanted]);
        assert_eq!(statuses(&planned(&known, &facts)), expected);
    }
}

#[test]
fn a_job_that_a_person_took_back_is_not_finished_again_before_more_is_billed() {
    let mut known = in_step(project(5, Billed::All), standing_on("Checked"));
    let shadow = known.shadow.as_mut().unwrap();
    shadow.agree("finish", "billed".into(), "finished".into());
    let first = planned(&known, &after(5));
    assert_eq!(first.acts, []);
    known.shadow = Some(first.shadow);
    assert_eq!(planned(&known, &after(50)).acts, []);
    let shadow = known.shadow.as_mut().unwrap();
    shadow.autotask.insert("finish".to_owned(), "waits".into());
    assert_eq!(statuses(&planned(&known, &after(50))), ["FINISH"]);
}

#[test]
fn nothing_is_written_to_a_job_that_is_past_it() {
    let ready = jim2::Job {
        status: Told::Is("Checked".to_owned()),
        ready: Told::Is(true),
        ..jim2::Job::default()
    };
    for job in [job(ready), standing_on("CANCEL"), standing_on("FINISH")] {
        let known = in_step(project(5, Billed::All), job);
        let plan = planned(&known, &after(5));
        assert_eq!((plan.acts, plan.problems), (vec![], vec![]));
    }
}

#[test]
fn a_job_for_what_came_late_is_made_before_it_is_finished() {
    let mut known = known(Cause::Work, None);
    known.autotask = Some(project(5, Billed::All));
    let plan = planned(&known, &after(100));
    let fields = plan.acts[0].fields().unwrap();
    assert!(!fields.contains_key("finish"), "{fields:?}");
    let owed = &plan.shadow.owed[&System::Jim2];
    assert!(owed.contains("finish"), "{owed:?}");
}

#[test]
fn every_trail_tells_of_what_orders_are_for_by_the_word_that_is_in_their_shadows() {
    let is_absence = |trail: &&Trail| matches!(trail.shows, Shows::Absent(_));
    for trail in OrderRules.trails().iter().filter(|it| !is_absence(it)) {
        let id = format!("{}12", trail.prefix);
        assert!(is_owner(&id), "{}", trail.name);
        assert!(matches!(trail.shows, Shows::Autotask(_)), "{}", trail.name);
    }
    for (of, told) in [
        (OrderFor::Project, "project:12"),
        (OrderFor::Invoice, "invoice:12"),
        (OrderFor::Ticket, "ticket:12"),
    ] {
        assert_eq!(owner(Order { of, ..ORDER }), told.into());
        assert!(is_owner(told));
    }
    let company = OrderRules.company(&project(8, Billed::Open));
    assert_eq!(company, Some(Value::text("project:12")));
    assert!(!is_owner("P12@175"));
}
