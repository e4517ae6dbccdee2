//! Which day's digest is due. Pure.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sync::wall_clock;

/// A digest that could not be told in time is told so much later at most; then the next one tells of that day too.
const LATE: TimeDelta = TimeDelta::hours(4);

/// The day whose digest is due at `now`, told at `at` by the site's clocks; `None` where none is. A day has one, whatever
/// the clocks do: at the first of two such times, and when they go forward over it where there is none.
pub(super) fn due(now: DateTime<Utc>, at: NaiveTime, zone: Tz) -> Option<NaiveDate> {
    let today = now.with_timezone(&zone).date_naive();
    let days = [Some(today), today.checked_sub_days(Days::new(1))];
    days.into_iter().flatten().find(|day| {
        let begins = wall_clock::first(day.and_time(at), zone);
        begins <= now && now - begins < LATE
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;

    use super::*;

    fn day(now: &str, at: &str) -> Option<String> {
        let at = NaiveTime::parse_from_str(at, "%H:%M").unwrap();
        let due = due(now.parse().unwrap(), at, Sydney)?;
        Some(due.to_string())
    }

    #[test]
    fn a_digest_is_due_from_its_time_on_by_the_sites_clocks_for_four_hours() {
        for (now, at, due) in [
            ("2026-11-26T20:29:59Z", "07:30", None),
            ("2026-11-26T20:30:00Z", "07:30", Some("2026-11-27")),
            ("2026-11-27T00:29:59Z", "07:30", Some("2026-11-27")),
            ("2026-11-27T00:30:00Z", "07:30", None),
            // Told after midnight, it is that of the day before.
            ("2026-11-27T12:00:00Z", "23:00", Some("2026-11-27")),
            ("2026-11-27T14:30:00Z", "23:00", Some("2026-11-27")),
            ("2026-11-27T11:59:00Z", "23:00", None),
        ] {
            assert_eq!(day(now, at).as_deref(), due, "{now} {at}");
        }
    }

    #[test]
    fn a_day_has_one_digest_whatever_the_clocks_do() {
        for (now, at, due) in [
            // An hour earlier by UTC once daylight saving begins, on the 4th of October 2026.
            ("2026-10-02T21:30:00Z", "07:30", Some("2026-10-03")),
            ("2026-10-03T20:29:00Z", "07:30", None),
            ("2026-10-03T20:30:00Z", "07:30", Some("2026-10-04")),
            // The clocks leave 02:30 out that day: it is told when they go forward over it.
            ("2026-10-03T15:59:00Z", "02:30", None),
            ("2026-10-03T16:00:00Z", "02:30", Some("2026-10-04")),
            // On the 5th of April 2026 they show 02:30 twice: it is due at the first, and stays that of the one day.
            ("2026-04-04T15:29:00Z", "02:30", None),
            ("2026-04-04T15:30:00Z", "02:30", Some("2026-04-05")),
            ("2026-04-04T16:30:00Z", "02:30", Some("2026-04-05")),
        ] {
            assert_eq!(day(now, at).as_deref(), due, "{now} {at}");
        }
    }
}
