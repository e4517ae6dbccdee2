use chrono_tz::{America::Santiago, Australia::Sydney};
use serde_json::json;

use super::*;

fn hours(text: &str) -> Hours {
    Hours::read(text).unwrap()
}

fn told(at: Option<DateTime<Utc>>) -> Option<String> {
    at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// Looks at `now`, in Sydney: until when the hours hold, and when they are next.
fn look(text: &str, now: &str) -> (Option<String>, Option<String>) {
    look_in(Sydney, text, now)
}

fn look_in(zone: Tz, text: &str, now: &str) -> (Option<String>, Option<String>) {
    let (hours, now) = (hours(text), now.parse().unwrap());
    let until = hours.until(now, zone);
    assert_eq!(hours.holds(now, zone), until.is_some(), "{text} at {now}");
    let next = hours.next(now, zone);
    assert_eq!(next == Some(now), until.is_some(), "{text} at {now}");
    (told(until), told(next.filter(|next| *next != now)))
}

const OFFICE: &str = "Mon-Fri 08:00-18:00, Sat 09:00-12:00";

#[test]
fn hours_hold_on_their_days_from_the_first_minute_to_the_one_before_the_last() {
    for (text, now, until, next) in [
        // A Thursday in summer, eleven hours ahead.
        (
            OFFICE,
            "2026-11-25T20:59:59Z",
            None,
            Some("2026-11-25T21:00:00Z"),
        ),
        (
            OFFICE,
            "2026-11-25T21:00:00Z",
            Some("2026-11-26T07:00:00Z"),
            None,
        ),
        (
            OFFICE,
            "2026-11-26T06:59:59Z",
            Some("2026-11-26T07:00:00Z"),
            None,
        ),
        (
            OFFICE,
            "2026-11-26T07:00:00Z",
            None,
            Some("2026-11-26T21:00:00Z"),
        ),
        // Friday evening, Saturday morning, and Sunday.
        (
            OFFICE,
            "2026-11-27T07:00:00Z",
            None,
            Some("2026-11-27T22:00:00Z"),
        ),
        (
            OFFICE,
            "2026-11-27T23:00:00Z",
            Some("2026-11-28T01:00:00Z"),
            None,
        ),
        (
            OFFICE,
            "2026-11-28T01:00:00Z",
            None,
            Some("2026-11-29T21:00:00Z"),
        ),
        // Days that share the hours after them.
        (
            "mon, wed 08:00-12:00",
            "2026-11-22T21:00:00Z",
            Some("2026-11-23T01:00:00Z"),
            None,
        ),
        (
            "mon, wed 08:00-12:00",
            "2026-11-23T01:00:00Z",
            None,
            Some("2026-11-24T21:00:00Z"),
        ),
    ] {
        let found = look(text, now);
        assert_eq!(
            found,
            (until.map(str::to_owned), next.map(str::to_owned)),
            "{text} {now}"
        );
    }
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins_and_what_follows_each_other_is_one() {
    for (text, now, until, next) in [
        (
            "20:00-06:00",
            "2026-11-26T09:00:00Z",
            Some("2026-11-26T19:00:00Z"),
            None,
        ),
        (
            "20:00-06:00",
            "2026-11-26T18:59:59Z",
            Some("2026-11-26T19:00:00Z"),
            None,
        ),
        (
            "20:00-06:00",
            "2026-11-26T19:00:00Z",
            None,
            Some("2026-11-27T09:00:00Z"),
        ),
        // Friday's goes into Saturday, and there is none from Saturday into Sunday.
        (
            "fri 20:00-06:00",
            "2026-11-27T18:00:00Z",
            Some("2026-11-27T19:00:00Z"),
            None,
        ),
        (
            "fri 20:00-06:00",
            "2026-11-28T18:00:00Z",
            None,
            Some("2026-12-04T09:00:00Z"),
        ),
        (
            "sat, sun 00:00-24:00",
            "2026-11-27T13:00:00Z",
            Some("2026-11-29T13:00:00Z"),
            None,
        ),
        (
            "fri 18:00-24:00, sat..sun 00:00-24:00, mon 00:00-07:00",
            "2026-11-27T07:00:00Z",
            Some("2026-11-29T20:00:00Z"),
            None,
        ),
    ] {
        let found = look(text, now);
        assert_eq!(
            found,
            (until.map(str::to_owned), next.map(str::to_owned)),
            "{text} {now}"
        );
    }
}

#[test]
fn an_hour_that_comes_twice_belongs_to_the_hours_both_times() {
    // At three on Sunday the 5th of April 2026 it is two again: 16:00 by UTC.
    for (text, now, until, next) in [
        (
            "20:00-06:00",
            "2026-04-04T09:00:00Z",
            Some("2026-04-04T20:00:00Z"),
            None,
        ),
        (
            "02:00-03:00",
            "2026-04-04T15:00:00Z",
            Some("2026-04-04T17:00:00Z"),
            None,
        ),
        (
            "02:00-02:30",
            "2026-04-04T15:00:00Z",
            Some("2026-04-04T16:30:00Z"),
            None,
        ),
        (
            "02:30-04:00",
            "2026-04-04T15:30:00Z",
            Some("2026-04-04T18:00:00Z"),
            None,
        ),
        // Two is not in it, neither time.
        (
            "01:00-02:00",
            "2026-04-04T14:59:59Z",
            Some("2026-04-04T15:00:00Z"),
            None,
        ),
        (
            "01:00-02:00",
            "2026-04-04T15:00:00Z",
            None,
            Some("2026-04-05T15:00:00Z"),
        ),
        (
            "01:00-02:00",
            "2026-04-04T16:00:00Z",
            None,
            Some("2026-04-05T15:00:00Z"),
        ),
    ] {
        let found = look(text, now);
        assert_eq!(
            found,
            (until.map(str::to_owned), next.map(str::to_owned)),
            "{text} {now}"
        );
    }
}

#[test]
fn an_hour_that_the_clocks_leave_out_takes_no_time() {
    // At two on Sunday the 4th of October 2026 it is three: 16:00 by UTC of the day before.
    for (text, now, until, next) in [
        (
            "20:00-06:00",
            "2026-10-03T10:00:00Z",
            Some("2026-10-03T19:00:00Z"),
            None,
        ),
        (
            "01:00-02:30",
            "2026-10-03T15:00:00Z",
            Some("2026-10-03T16:00:00Z"),
            None,
        ),
        (
            "02:30-04:00",
            "2026-10-03T15:59:59Z",
            None,
            Some("2026-10-03T16:00:00Z"),
        ),
        (
            "02:30-04:00",
            "2026-10-03T16:00:00Z",
            Some("2026-10-03T17:00:00Z"),
            None,
        ),
        // None of it is on that day.
        (
            "02:10-02:50",
            "2026-10-03T15:59:59Z",
            None,
            Some("2026-10-04T15:10:00Z"),
        ),
        (
            "sun 02:10-02:50",
            "2026-10-03T15:59:59Z",
            None,
            Some("2026-10-10T15:10:00Z"),
        ),
        // From the Sunday before, that is the longest wait.
        (
            "sun 02:10-02:50",
            "2026-09-26T16:50:00Z",
            None,
            Some("2026-10-10T15:10:00Z"),
        ),
    ] {
        let found = look(text, now);
        assert_eq!(
            found,
            (until.map(str::to_owned), next.map(str::to_owned)),
            "{text} {now}"
        );
    }
}

#[test]
fn a_day_without_a_midnight_begins_with_its_first_hour() {
    // In Chile it is one after midnight began on Sunday the 6th of September 2026, and eleven again at midnight of the
    // 5th of April.
    for (text, now, until, next) in [
        (
            "sun 00:00-06:00",
            "2026-09-06T03:59:59Z",
            None,
            Some("2026-09-06T04:00:00Z"),
        ),
        (
            "sun 00:00-06:00",
            "2026-09-06T04:00:00Z",
            Some("2026-09-06T09:00:00Z"),
            None,
        ),
        (
            "sat 20:00-24:00",
            "2026-09-06T03:59:59Z",
            Some("2026-09-06T04:00:00Z"),
            None,
        ),
        (
            "sat 20:00-24:00",
            "2026-04-04T23:00:00Z",
            Some("2026-04-05T04:00:00Z"),
            None,
        ),
        (
            "sat 23:00-24:00",
            "2026-04-05T02:00:00Z",
            Some("2026-04-05T04:00:00Z"),
            None,
        ),
    ] {
        let found = look_in(Santiago, text, now);
        assert_eq!(
            found,
            (until.map(str::to_owned), next.map(str::to_owned)),
            "{text} {now}"
        );
    }
}

#[test]
fn hours_without_an_end_are_looked_at_again_and_nonsense_is_told() {
    let (until, _) = look("00:00-24:00", "2026-11-26T00:00:00Z");
    assert!(until.is_some_and(|until| until.starts_with("2026-12")));
    for nonsense in [
        "",
        "night",
        "mon",
        "08:00",
        "08:00-",
        "8-18",
        "08:00-25:00",
        "24:00-06:00",
        "mon 08:00-12:00, tue",
        "someday 08:00-12:00",
        "08:00-12:00,",
        "20:00-06:00 mon",
    ] {
        assert_eq!(Hours::read(nonsense), None, "{nonsense}");
    }
}

#[test]
fn nothing_is_quiet_and_the_night_is_the_usual_one_where_nobody_chose() {
    let mut facts = Facts::empty(Sydney, DateTime::UNIX_EPOCH);
    assert_eq!(Hours::quiet(&facts), None);
    assert_eq!(Hours::night(&facts), Some(hours("20:00-06:00")));
    for name in [QUIET_HOURS, NIGHT_HOURS] {
        facts
            .settings
            .insert(name.to_owned(), json!("sun 02:00-04:00"));
    }
    assert_eq!(Hours::quiet(&facts), Some(hours("sun 02:00-04:00")));
    assert_eq!(Hours::night(&facts), Some(hours("sun 02:00-04:00")));
}
