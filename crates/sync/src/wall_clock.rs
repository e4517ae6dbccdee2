//! Times as the site's clocks tell them, where clocks go forward and back. Pure.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// The most minutes that clocks have left out: a day, once, in Samoa.
const LONGEST_LEAP: i64 = 24 * 60;

/// When the clocks first tell `local`; where they leave it out, when they go forward over it.
pub fn first(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let mut minutes = 0..=LONGEST_LEAP;
    let found = minutes.find_map(|later| {
        let told = local + TimeDelta::minutes(later);
        told.and_local_timezone(zone).earliest()
    });
    found.map_or_else(|| local.and_utc(), |at| at.to_utc())
}

/// When they have last come to `local` from the minute before: there is an hour that comes twice when they go back.
pub fn last(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let before = local - TimeDelta::minutes(1);
    let twice = before.and_local_timezone(zone);
    match (twice, local.and_local_timezone(zone)) {
        (MappedLocalTime::Ambiguous(_, _), MappedLocalTime::Ambiguous(_, last)) => last.to_utc(),
        _ => first(local, zone),
    }
}

/// When a day begins.
pub fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    first(day.and_time(NaiveTime::MIN), zone)
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America::Santiago, Australia::Sydney};

    use super::*;

    #[test]
    fn a_time_that_comes_twice_has_a_first_and_a_last_and_one_that_is_left_out_is_the_leap() {
        for (local, zone, early, late) in [
            // Back at three on the 5th of April 2026, forward at two on the 4th of October.
            (
                "2026-04-05T02:30:00",
                Sydney,
                "2026-04-04T15:30:00+00:00",
                "2026-04-04T16:30:00+00:00",
            ),
            // At two they have come there once, before they went back to it.
            (
                "2026-04-05T02:00:00",
                Sydney,
                "2026-04-04T15:00:00+00:00",
                "2026-04-04T15:00:00+00:00",
            ),
            (
                "2026-10-04T02:30:00",
                Sydney,
                "2026-10-03T16:00:00+00:00",
                "2026-10-03T16:00:00+00:00",
            ),
            // In Chile they go forward at midnight.
            (
                "2026-09-06T00:00:00",
                Santiago,
                "2026-09-06T04:00:00+00:00",
                "2026-09-06T04:00:00+00:00",
            ),
        ] {
            let local = local.parse().unwrap();
            assert_eq!(first(local, zone).to_rfc3339(), early, "{local}");
            assert_eq!(last(local, zone).to_rfc3339(), late, "{local}");
        }
    }
}
