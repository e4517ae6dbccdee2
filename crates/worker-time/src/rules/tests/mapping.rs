//! What the single fields become.

use super::*;

/// One field of the line that an entry would get.
fn field(changes: Json, name: &str) -> Value {
    let plan = plan(&unknown(entry(changes)), &facts());
    made(&plan).remove(name).unwrap_or(Value::Empty)
}

#[test]
fn it_starts_by_the_clock_on_the_sites_wall_whatever_the_day_and_the_season() {
    for (start, wall) in [
        ("2026-11-22T22:00:00Z", "2026-11-23T09:00"),
        ("2026-11-23T12:59:59Z", "2026-11-23T23:59"),
        ("2026-11-23T13:00:00Z", "2026-11-24T00:00"),
        ("2026-06-30T23:15:00Z", "2026-07-01T09:15"),
        // The clocks are set forward: there is no half past two.
        ("2026-10-03T15:59:00Z", "2026-10-04T01:59"),
        ("2026-10-03T16:00:00Z", "2026-10-04T03:00"),
        // They are set back: there are two.
        ("2026-04-04T15:30:00Z", "2026-04-05T02:30"),
        ("2026-04-04T16:30:00Z", "2026-04-05T02:30"),
    ] {
        assert_eq!(field(json!({"startDateTime": start}), "start"), wall.into());
    }
}

#[test]
fn an_hour_that_happens_twice_is_written_once() {
    let second = "2026-04-04T16:30:00Z";
    let half = entry(json!({"startDateTime": second}));
    let mut told = base_line();
    told.start = Told::Is("2026-04-05T02:30:00".parse().unwrap());
    let read_back = halves::line(&told, &base_job(), &settings());
    let plan = plan(&known(Some(half), Some(read_back)), &facts());
    assert_eq!(plan.next, Next::InStep);
}

#[test]
fn a_day_without_a_time_of_day_is_that_day_at_the_site() {
    let day = json!({"startDateTime": null, "dateWorked": "2026-11-22T00:00:00Z"});
    assert_eq!(field(day, "start"), "2026-11-22T00:00".into());
    let moment = json!({"startDateTime": null, "dateWorked": "2026-11-22T22:00:00Z"});
    assert_eq!(field(moment, "start"), "2026-11-23T09:00".into());
}

#[test]
fn hours_worked_become_minutes_and_no_minute_is_lost() {
    for (hours, minutes) in [
        (json!(1.25), 75),
        (json!(0.0833), 5),
        (json!(0.3333), 20),
        (json!(0.1), 6),
        (json!(0.0084), 1),
        (json!("7.9917"), 480),
        (json!(24), 1440),
    ] {
        let told = field(json!({"hoursWorked": hours}), "minutes");
        assert_eq!(told, minutes.into(), "{hours}");
    }
}

#[test]
fn hours_that_no_line_takes_are_a_problem() {
    for hours in [json!(-1), json!(1000)] {
        let plan = plan(&unknown(entry(json!({"hoursWorked": hours}))), &facts());
        assert_eq!(codes(&plan), ["hours-out-of-range"], "{hours}");
    }
}

#[test]
fn the_work_type_decides_about_the_labour_type_before_the_type_of_the_entry() {
    for (work, entry, labour_type) in [
        (json!(29_682_801), json!(2), Some("Remote")),
        (json!(29_682_802), json!(2), Some("Onsite")),
        (json!(29_682_806), json!(2), Some("Workshop")),
        (json!(null), json!(2), Some("Workshop")),
        (json!(29_682_806), json!(6), None),
        (json!(null), json!(null), None),
    ] {
        let changes = json!({"billingCodeID": work, "timeEntryType": entry});
        let plan = plan(&unknown(super::entry(changes)), &facts());
        match labour_type {
            Some(labour_type) => assert_eq!(made(&plan)["labour_type"], labour_type.into()),
            None => assert_eq!(codes(&plan), ["lookup-missing"], "{work} {entry}"),
        }
    }
    let changes = json!({"billingCodeID": 29_682_806, "timeEntryType": 6});
    let plan = plan(&unknown(super::entry(changes)), &facts());
    let step = &plan.problems[0].remedy.step;
    assert!(
        step.contains("lookups set workType autotask \"29682806\""),
        "{step}"
    );
}

#[test]
fn somebody_without_initials_is_stood_in_for_and_an_unknown_one_is_a_problem() {
    let of = |resource: i64, facts: &Facts| {
        plan(&unknown(entry(json!({"resourceID": resource}))), facts)
    };
    assert_eq!(codes(&of(29_682_887, &facts())), ["setting-missing"]);
    assert_eq!(codes(&of(29_682_999, &facts())), ["lookup-missing"]);
    let mut facts = facts();
    facts
        .settings
        .insert("default.initials".to_owned(), json!("SD"));
    assert_eq!(made(&of(29_682_887, &facts))["technician"], "SD".into());
    assert_eq!(codes(&of(29_682_999, &facts)), ["lookup-missing"]);
}

#[test]
fn internal_notes_stay_in_autotask_unless_the_site_wants_them() {
    assert_eq!(field(json!({}), "comment"), "Replaced the disk".into());
    let open = TimeSettings {
        internal_notes: true,
        ..settings()
    };
    let half = entry_of(json!({}), json!({}), json!({}), &open);
    let both = "Replaced the disk\n\nThey were rude";
    assert_eq!(half.fields["comment"], both.into());
}
