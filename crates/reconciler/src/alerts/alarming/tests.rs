use chrono::{DateTime, Utc};
use domain::Kind;
use store::{status::CursorAge, sweep::Swept, system::Stopped};
use uuid::Uuid;

use super::*;
use crate::alerts::testing::{noon, uncoded, well};

fn identities(facts: &Facts) -> Vec<String> {
    alarming(facts)
        .into_iter()
        .map(|cause| cause.identity)
        .collect()
}

fn with(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = well();
    change(&mut facts);
    facts
}

fn stopped(code: &str) -> Stopped {
    Stopped {
        code: code.to_owned(),
        reason: "it refuses our credentials (401)".to_owned(),
        until: noon(),
        left: Duration::from_mins(5),
    }
}

fn sweep(trail: &str, seconds: i64) -> (Sweep, Duration) {
    let row = Sweep {
        of: Swept {
            kind: Kind::new("ticket"),
            system: System::Autotask,
            trail: trail.to_owned(),
        },
        watermark: None,
        complete_to: None,
        passed_at: noon(),
        seconds,
        found: 0,
        trouble: Some("Autotask cannot be asked".to_owned()),
        is_stopped: false,
    };
    (row, Duration::from_mins(10))
}

fn gap(kind: &'static str, missed: Option<i64>, since: DateTime<Utc>) -> Gap {
    Gap {
        id: Uuid::nil(),
        system: System::Autotask,
        kind: Some(Kind::new(kind)),
        reason: "nobody took webhooks: ingress was away".to_owned(),
        since,
        until: None,
        opened_at: since,
        missed,
        found: None,
        closed_at: None,
    }
}

#[test]
fn where_all_is_well_nothing_is_alarming() {
    assert_eq!(alarming(&well()), []);
}

#[test]
fn a_problem_is_one_cause_with_its_number_its_money_and_whom_it_affects() {
    let facts = with(|facts| facts.held = vec![uncoded(12)]);
    let [cause] = <[Cause; 1]>::try_from(alarming(&facts)).unwrap();
    assert_eq!(
        cause.identity,
        "held|lookup-missing|lookup:billingCodeStock:autotask:29"
    );
    assert_eq!((cause.items, cause.code.as_str()), (12, "lookup-missing"));
    assert_eq!(cause.net, Some("4310.20".parse().unwrap()));
    assert_eq!(cause.companies, ["Bondi Bakery", "O'Brien & Sons"]);
    assert_eq!((cause.who.as_str(), cause.continues), ("finance", true));
    assert_eq!(cause.patience_seconds, 300);
}

#[test]
fn what_only_waits_for_a_day_to_come_is_not_alarming() {
    let mut frozen = uncoded(12);
    frozen.problem.subject = serde_json::json!({"is": "time", "until": "2026-12-02T13:00:00Z"});
    assert_eq!(alarming(&with(|facts| facts.held = vec![frozen])), []);
}

#[test]
fn rule_6_a_job_that_was_ready_for_a_business_day_is_told_of() {
    let mut ready = uncoded(3);
    ready.problem.identity = "job-ready|job:5001".to_owned();
    ready.problem.code = "job-ready".to_owned();
    ready.problem.subject = serde_json::json!({"is": "job", "number": 5001});
    ready.problem.says =
        "Job 5001 has been Ready since Thu 26 Nov, and what is for it waits".to_owned();
    ready.problem.step =
        "invoice job 5001 in Jim2 (then a follow-on job is opened), or take Ready off it"
            .to_owned();
    let cause = alarming(&with(|facts| facts.held = vec![ready])).remove(0);
    let alert = crate::alerts::testing::there(&cause);
    let entry = crate::alerts::Entry {
        cause: &cause,
        alert: &alert,
        told: None,
    };
    let later = noon() + TimeDelta::minutes(5);
    let what = crate::alerts::decide(&entry, later, TimeDelta::hours(4)).unwrap();
    let message =
        crate::alerts::Message::about(what, &cause, &alert, later, crate::alerts::testing::ZONE);
    assert_eq!(
        message.subject,
        "3 records wait: Job 5001 has been Ready since Thu 26 Nov, and what is for it waits – $4,310.20 ex GST"
    );
    assert!(
        message
            .text()
            .contains("for the bookkeeper: invoice job 5001 in Jim2"),
        "{}",
        message.text()
    );
}

#[test]
fn a_system_is_alarming_while_it_is_stopped_or_a_person_forgot_its_pause() {
    let of = |change: fn(&mut SystemState)| with(|facts| change(&mut facts.systems[1]));
    let refused = of(|state| state.stop = Some(stopped("credentials")));
    let cause = alarming(&refused).remove(0);
    assert_eq!(cause.identity, "stopped|jim2|credentials");
    assert_eq!((cause.patience_seconds, cause.calm_seconds), (0, 600));
    assert!(cause.step.contains("JIM2_SECRET"), "{}", cause.step);
    let away = of(|state| state.stop = Some(stopped("away")));
    assert_eq!(alarming(&away)[0].patience_seconds, 300);

    let paused = of(|state| state.paused = true);
    let cause = alarming(&paused).remove(0);
    assert_eq!(
        cause.says,
        "Jim2 is paused by mia: nothing is written to it"
    );
    assert_eq!((cause.continues, cause.patience_seconds), (false, 3600));
    let new = of(|state| {
        state.paused = true;
        state.paused_by = Some("installation".to_owned());
        state.stop = Some(stopped("away"));
    });
    assert_eq!(alarming(&new), []);
}

#[test]
fn gaps_of_one_reason_are_one_cause() {
    let facts = with(|facts| {
        facts.gaps = vec![
            gap("company", Some(17), noon()),
            gap("ticket", None, noon() - TimeDelta::hours(1)),
        ];
    });
    let [cause] = <[Cause; 1]>::try_from(alarming(&facts)).unwrap();
    assert_eq!(cause.since, Some(noon() - TimeDelta::hours(1)));
    let told = "Of: company, ticket; 17 calls are known to have been missed.";
    assert_eq!(cause.detail.as_deref(), Some(told));
    assert_eq!(cause.patience_seconds, 1800);
}

#[test]
fn sweeps_that_are_an_hour_late_are_one_cause_unless_a_system_does_not_run() {
    let late = |facts: &mut Facts| {
        facts.sweeps = vec![
            sweep("", 4_201),
            sweep("notes", 4_201),
            sweep("deletions", 4_199),
            // A full one goes on for some nights.
            sweep("contents", 2 * 86_400),
        ];
    };
    let [cause] = <[Cause; 1]>::try_from(alarming(&with(late))).unwrap();
    assert_eq!((cause.items, cause.class.as_str()), (2, "sweeps-late"));
    let paused = with(|facts| {
        late(facts);
        facts.systems[0].paused = true;
    });
    assert_eq!(identities(&paused), ["paused|autotask"]);
}

#[test]
fn a_database_that_is_another_one_is_told_of_at_once() {
    let facts = with(|facts| {
        facts.systems[1].paused = true;
        facts.systems[1].departed = Some(store::database::Departed {
            code: "restored".to_owned(),
            reason: "its change table went back".to_owned(),
            since: noon(),
            agreed_at: None,
        });
    });
    let [cause] = <[Cause; 1]>::try_from(alarming(&facts)).unwrap();
    assert_eq!(cause.identity, "departed|jim2");
    assert!(cause.step.contains("crossbill adopt-restore"), "{cause:?}");
    assert_eq!((cause.patience_seconds, cause.continues), (0, false));
}

#[test]
fn a_sweep_that_waits_for_a_person_is_a_cause_of_its_own() {
    let facts = with(|facts| {
        let (mut row, every) = sweep("absent", 99_999);
        row.is_stopped = true;
        facts.sweeps = vec![(row, every)];
    });
    let [cause] = <[Cause; 1]>::try_from(alarming(&facts)).unwrap();
    assert_eq!(cause.identity, "sweep-stopped|ticket|autotask|absent");
    assert!(cause.step.ends_with("crossbill resume --release ticket"));
}

#[test]
fn what_nobody_takes_or_reads_is_alarming() {
    let unheard = |minutes| with(|facts| facts.unheard = Some(TimeDelta::minutes(minutes)));
    assert_eq!(identities(&unheard(3)), [""; 0]);
    assert_eq!(identities(&unheard(4)), ["unheard|"]);
    let spilled = with(|facts| facts.spilled = 7);
    assert_eq!(identities(&spilled), ["spilled|"]);
    let read = |seconds| {
        let cursor = CursorAge {
            name: "jim2-changes".to_owned(),
            moved_at: noon(),
            seconds,
        };
        with(|facts| facts.cursors = vec![cursor])
    };
    assert_eq!(identities(&read(600.0)), [""; 0]);
    assert_eq!(identities(&read(601.0)), ["unread|jim2-changes"]);
}
