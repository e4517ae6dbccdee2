//! On which days of the week people work, and when a business day has passed. Pure.

use chrono::{DateTime, Datelike as _, Days, NaiveDateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::{Facts, wall_clock};

/// The days of the week on which people work, by their numbers from Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkingDays([bool; 7]);

impl WorkingDays {
    /// From Monday to Friday.
    const USUAL: Self = Self([true, true, true, true, true, false, false]);
    /// All seven.
    pub(crate) const ALL: Self = Self([true; 7]);

    /// Those of the site (`working_days`).
    pub fn of(facts: &Facts) -> Self {
        let chosen = facts.setting("working_days").and_then(Self::read);
        chosen.unwrap_or(Self::USUAL)
    }

    /// Reads `mon..fri` or `mon-fri`, or days with commas between them.
    pub fn read(text: &str) -> Option<Self> {
        let mut days = [false; 7];
        for word in text.split(',') {
            let span = word.split_once("..").or_else(|| word.split_once('-'));
            let (first, last) = span.unwrap_or((word, word));
            let (first, last) = (day(first)?, day(last)?);
            // From a day that is later in the week it goes on over Sunday.
            let span = (last + 7 - first) % 7;
            for offset in 0..=span {
                days[(first + offset) % 7] = true;
            }
        }
        Some(Self(days))
    }

    /// When a business day has passed after `since`: at the same time of the next working day. What begins on another day
    /// begins with the next working one.
    pub fn one_after(self, since: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        let local = since.with_timezone(&zone).naive_local();
        let begins = if self.has(local.weekday()) {
            local
        } else {
            self.next(local).date().and_time(NaiveTime::MIN)
        };
        wall_clock::first(self.next(begins), zone)
    }

    pub(crate) fn has(self, day: Weekday) -> bool {
        let number = usize::try_from(day.num_days_from_monday());
        number.is_ok_and(|number| self.0[number])
    }

    /// The same time of the next working day.
    fn next(self, from: NaiveDateTime) -> NaiveDateTime {
        let mut days = (1..=7).filter_map(|count| from.checked_add_days(Days::new(count)));
        days.find(|day| self.has(day.weekday())).unwrap_or(from)
    }
}

fn day(word: &str) -> Option<usize> {
    let day: Weekday = word.trim().parse().ok()?;
    usize::try_from(day.num_days_from_monday()).ok()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;

    use super::*;

    fn after(days: &str, since: &str) -> String {
        let days = WorkingDays::read(days).unwrap();
        let since = since.parse::<DateTime<Sydneys>>().unwrap();
        let passed = days.one_after(since.to_utc(), Sydney);
        passed.with_timezone(&Sydney).to_rfc3339()
    }

    /// A time with its offset, as Sydney's clocks tell it.
    type Sydneys = chrono::FixedOffset;

    #[test]
    fn rule_6_a_business_day_has_passed_at_the_same_time_of_the_next_working_day() {
        for (since, passed) in [
            // A Thursday, and a Friday before the weekend.
            ("2026-11-26T15:00:00+11:00", "2026-11-27T15:00:00+11:00"),
            ("2026-11-27T15:00:00+11:00", "2026-11-30T15:00:00+11:00"),
            // What begins on the weekend begins on Monday, and has had all of that.
            ("2026-11-28T10:00:00+11:00", "2026-12-01T00:00:00+11:00"),
            ("2026-11-29T23:59:00+11:00", "2026-12-01T00:00:00+11:00"),
            // Friday already in Sydney.
            ("2026-11-26T22:00:00+00:00", "2026-11-30T09:00:00+11:00"),
        ] {
            assert_eq!(after("mon..fri", since), passed, "{since}");
        }
    }

    #[test]
    fn a_business_day_is_one_by_the_clocks_on_the_wall() {
        // On the 4th of October 2026, a Sunday, they go forward at two, and on the 5th of April 2026 back at three.
        for (days, since, passed) in [
            (
                "mon..fri",
                "2026-10-02T15:00:00+10:00",
                "2026-10-05T15:00:00+11:00",
            ),
            (
                "mon..fri",
                "2026-04-03T15:00:00+11:00",
                "2026-04-06T15:00:00+10:00",
            ),
            (
                "mon..sun",
                "2026-10-03T02:30:00+10:00",
                "2026-10-04T03:00:00+11:00",
            ),
        ] {
            assert_eq!(after(days, since), passed, "{since}");
        }
    }

    #[test]
    fn days_are_read_one_by_one_and_as_spans_and_nonsense_is_told() {
        for (days, since, passed) in [
            (
                "sat, Sunday",
                "2026-11-28T10:00:00+11:00",
                "2026-11-29T10:00:00+11:00",
            ),
            (
                "sun..thu",
                "2026-11-26T10:00:00+11:00",
                "2026-11-29T10:00:00+11:00",
            ),
            (
                "wed",
                "2026-11-25T10:00:00+11:00",
                "2026-12-02T10:00:00+11:00",
            ),
        ] {
            assert_eq!(after(days, since), passed, "{days}");
        }
        for nonsense in ["", "never", "mon..", "mon-", "mon,,tue", "1..5"] {
            assert_eq!(WorkingDays::read(nonsense), None, "{nonsense}");
        }
        let facts = Facts::empty(Sydney, DateTime::UNIX_EPOCH);
        assert_eq!(WorkingDays::of(&facts), WorkingDays::USUAL);
        assert_eq!(WorkingDays::read("mon..fri"), Some(WorkingDays::USUAL));
        assert_eq!(WorkingDays::read("Mon-Fri"), Some(WorkingDays::USUAL));
    }
}
