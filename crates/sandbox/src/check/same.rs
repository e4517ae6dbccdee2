//! When two texts stand for the same.

use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::wall;

/// Without outer spaces and kinds of line ends.
pub(super) fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// The same text, or the first `most` characters of it where one side takes no more.
pub(super) fn text(one: &str, other: &str, most: usize) -> bool {
    let (one, other) = (tidy(one), tidy(other));
    one == other || cut(&one, most) == cut(&other, most)
}

/// The same text whatever the case.
pub(super) fn case_free(one: &str, other: &str) -> bool {
    tidy(one).to_lowercase() == tidy(other).to_lowercase()
}

/// The same digits.
pub(super) fn digits(one: &str, other: &str) -> bool {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    digits(one) == digits(other)
}

/// The same phone number, `+61` being `0`.
pub(super) fn phone(one: &str, other: &str) -> bool {
    national(one) == national(other)
}

fn national(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("61") {
        Some(rest) if phone.trim_start().starts_with('+') => {
            format!("0{}", rest.trim_start_matches('0'))
        }
        Some(_) | None => digits,
    }
}

/// The same minute: Autotask tells UTC, Jim2 the wall time of its server.
pub(super) fn minute(autotask: &str, jim2: &str, zone: Tz) -> bool {
    if autotask.is_empty() || jim2.is_empty() {
        return autotask.is_empty() && jim2.is_empty();
    }
    let whole = |at: DateTime<Utc>| at.with_second(0).and_then(|at| at.with_nanosecond(0));
    let there = utc(autotask);
    let here = jim2.parse::<NaiveDateTime>().ok();
    let here = here.and_then(|wall| wall::moment(zone, wall));
    match (there, here) {
        (Some(there), Some(here)) => whole(there) == whole(here),
        (Some(_) | None, _) => false,
    }
}

/// The same, where blank overwrites nothing: what one side does not say, the other may.
pub(super) fn unless_blank(one: &str, other: &str, same: bool) -> bool {
    same || one.trim().is_empty() || other.trim().is_empty()
}

/// The same day: Autotask tells it as its midnight in UTC, Jim2 as one on the wall.
pub(super) fn day(autotask: &str, jim2: &str) -> bool {
    unless_blank(autotask, jim2, autotask.get(..10) == jim2.get(..10))
}

/// The same day, where Jim2 tells a moment with its zone or one on the wall. Autotask tells a day as its midnight in UTC.
pub(super) fn wall_day(autotask: &str, jim2: &str, zone: Tz) -> bool {
    let on_the_wall = DateTime::parse_from_rfc3339(jim2).map(|at| at.with_timezone(&zone));
    let here = on_the_wall.map_or_else(|_| jim2.to_owned(), |at| at.date_naive().to_string());
    autotask.get(..10) == here.get(..10)
}

/// A moment as Autotask tells it, with `Z` or without.
pub(super) fn utc(text: &str) -> Option<DateTime<Utc>> {
    let with_zone = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
    let without = || text.parse::<NaiveDateTime>().map(|at| at.and_utc());
    with_zone.or_else(|_| without()).ok()
}

/// A time of Autotask's, which is UTC also where it does not say so.
pub(super) fn zoned(text: &str) -> String {
    utc(text).map_or_else(String::new, |at| at.to_rfc3339())
}

fn cut(text: &str, most: usize) -> String {
    let kept: String = text.chars().take(most).collect();
    kept.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_cut_is_the_same() {
        assert!(text("Wolfeschlegelstein", "Wolfe", 5));
        assert!(!text("Wolfeschlegelstein", "Wolfe", 6));
        assert!(text(" a\r\nb ", "a\nb", 100));
    }

    #[test]
    fn phones_are_the_same_by_their_digits() {
        assert!(phone("+61 3 7010 9375", "(03) 7010 9375"));
        assert!(!phone("03 7010 9375", "03 7010 9376"));
    }

    #[test]
    fn wall_times_are_compared_in_the_zone_of_jim2() {
        let sydney = chrono_tz::Australia::Sydney;
        let utc = "2026-10-25T09:38:51.000Z";
        assert!(minute(utc, "2026-10-25T20:38:00", sydney));
        assert!(!minute(utc, "2026-10-25T20:39:00", sydney));
        assert!(!minute(utc, "", sydney));
        assert!(minute("", "", sydney));
    }

    #[test]
    fn a_day_of_jim2_is_that_of_its_wall() {
        let sydney = chrono_tz::Australia::Sydney;
        let day = "2026-12-31T00:00:00.000Z";
        assert!(wall_day(day, "2026-12-30T13:00:00Z", sydney));
        assert!(wall_day(day, "2026-12-31T00:00:00", sydney));
        assert!(!wall_day(day, "2026-12-31T13:00:00Z", sydney));
        assert!(!wall_day(day, "", sydney) && wall_day("", "", sydney));
    }
}
