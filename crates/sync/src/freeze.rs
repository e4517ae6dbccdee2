//! Days on which something is not done. Pure.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::wall_clock;

/// The longest time that is looked ahead for an end.
const LONGEST_DAYS: u64 = 400;

/// Days on which something is not done, in the site's zone: of each month, such as `30..2`, or of one time, such as
/// `2026-12-24..2027-01-04`; the first and the last belong to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze(Vec<Window>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Window {
    /// Days of each month; a first that is later than the last goes over its end.
    Monthly(u32, u32),
    Once(NaiveDate, NaiveDate),
}

impl Freeze {
    /// Reads windows with commas between them.
    pub fn read(text: &str) -> Option<Self> {
        let words = text.split(',').map(str::trim);
        words.map(window).collect::<Option<Vec<_>>>().map(Self)
    }

    /// When it is over, where it holds at `now`.
    pub fn until(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let today = now.with_timezone(&zone).date_naive();
        if !self.holds(today) {
            return None;
        }
        let mut days =
            (1..=LONGEST_DAYS).filter_map(|count| today.checked_add_days(Days::new(count)));
        let over = days.clone().find(|day| !self.holds(*day));
        Some(wall_clock::midnight(
            over.or_else(|| days.next_back())?,
            zone,
        ))
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.0.iter().any(|window| match *window {
            Window::Once(first, last) => (first..=last).contains(&day),
            Window::Monthly(first, last) if first <= last => (first..=last).contains(&day.day()),
            Window::Monthly(first, last) => day.day() >= first || day.day() <= last,
        })
    }
}

fn window(word: &str) -> Option<Window> {
    let (first, last) = word.split_once("..").unwrap_or((word, word));
    let (first, last) = (first.trim(), last.trim());
    if let (Ok(first), Ok(last)) = (first.parse::<NaiveDate>(), last.parse::<NaiveDate>()) {
        return (first <= last).then_some(Window::Once(first, last));
    }
    let day = |text: &str| text.parse().ok().filter(|day| (1..=31).contains(day));
    Some(Window::Monthly(day(first)?, day(last)?))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::Santiago, Australia::Sydney};

    use super::*;

    fn until(text: &str, now: &str, zone: Tz) -> Option<String> {
        let freeze = Freeze::read(text).unwrap();
        let until = freeze.until(now.parse().unwrap(), zone)?;
        Some(until.to_rfc3339())
    }

    #[test]
    fn a_freeze_is_over_at_the_first_midnight_of_the_sites_zone_that_is_not_in_it() {
        for (windows, now, over) in [
            ("30..2", "2026-11-29T12:59:00Z", None),
            (
                "30..2",
                "2026-11-29T13:00:00Z",
                Some("2026-12-02T13:00:00+00:00"),
            ),
            (
                "30..2",
                "2026-12-02T12:59:00Z",
                Some("2026-12-02T13:00:00+00:00"),
            ),
            ("30..2", "2026-12-02T13:00:00Z", None),
            (
                "3",
                "2026-12-02T13:00:00Z",
                Some("2026-12-03T13:00:00+00:00"),
            ),
            (
                "2026-12-24..2027-01-04",
                "2026-12-30T00:00:00Z",
                Some("2027-01-04T13:00:00+00:00"),
            ),
            ("2026-12-24..2027-01-04", "2027-12-30T00:00:00Z", None),
            // Two that follow each other are one.
            (
                "1..2, 2026-12-03..2026-12-03",
                "2026-12-01T00:00:00Z",
                Some("2026-12-03T13:00:00+00:00"),
            ),
            // Standard time begins on the 5th of April 2026, an hour more from then on.
            (
                "3..6",
                "2026-04-03T00:00:00Z",
                Some("2026-04-06T14:00:00+00:00"),
            ),
        ] {
            assert_eq!(
                until(windows, now, Sydney).as_deref(),
                over,
                "{windows} {now}"
            );
        }
    }

    #[test]
    fn a_day_without_a_midnight_begins_an_hour_later() {
        // Chile's clocks go forward at midnight of the 6th of September 2026.
        let over = until("5", "2026-09-05T12:00:00Z", Santiago);
        assert_eq!(over.as_deref(), Some("2026-09-06T04:00:00+00:00"));
    }

    #[test]
    fn what_holds_for_ever_is_looked_at_again_and_nonsense_is_told() {
        let over = until("1..31", "2026-11-01T00:00:00Z", Sydney);
        assert!(over.is_some_and(|over| over.starts_with("2027-12")));
        for nonsense in [
            "",
            "month end",
            "0..3",
            "1..32",
            "2026-12-24..2026-12-23",
            "1..2026-12-24",
            "3..4,",
        ] {
            assert_eq!(Freeze::read(nonsense), None, "{nonsense}");
        }
    }
}
