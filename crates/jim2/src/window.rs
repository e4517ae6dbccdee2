//! How far back to look where there is no safe mark.

use chrono::{DateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

/// A transaction that began before another one and was committed after it is seen for this long.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// When the clock was set back, an hour of local times stands for two: the later one reads as the earlier.
const OVERLAP_ACROSS_FOLD: TimeDelta = TimeDelta::minutes(65);
/// How long before the mark a fold still matters.
const NEAR: TimeDelta = TimeDelta::hours(2);

/// From when to read again, having read up to `mark`, at `now`, where the server's clock is in `zone`.
pub fn read_again_from(mark: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let set_back = offset(zone, now.max(mark)) < offset(zone, mark - NEAR);
    mark - if set_back {
        OVERLAP_ACROSS_FOLD
    } else {
        OVERLAP
    }
}

/// Seconds east of Greenwich.
fn offset(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc())
        .fix()
        .local_minus_utc()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::{Brisbane, Sydney};

    use super::*;

    #[test]
    fn the_window_is_longer_while_local_times_stand_for_two() {
        // Sydney's clocks go back at 2026-04-04T16:00Z, and forward at 2026-10-03T16:00Z.
        for (mark, now, zone, minutes) in [
            ("2026-04-04T13:00:00Z", "2026-04-04T15:59:59Z", Sydney, 10),
            ("2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z", Sydney, 65),
            ("2026-04-04T15:59:00Z", "2026-04-04T17:30:00Z", Sydney, 65),
            ("2026-04-04T17:30:00Z", "2026-04-04T17:31:00Z", Sydney, 65),
            ("2026-04-04T18:30:00Z", "2026-04-04T18:31:00Z", Sydney, 10),
            ("2026-03-01T00:00:00Z", "2026-04-10T00:00:00Z", Sydney, 65),
            ("2026-10-03T15:30:00Z", "2026-10-03T16:30:00Z", Sydney, 10),
            ("2026-04-04T15:30:00Z", "2026-04-04T16:30:00Z", Brisbane, 10),
            // Our clock behind the server's.
            ("2026-04-04T16:30:00Z", "2026-04-04T15:30:00Z", Sydney, 65),
        ] {
            let mark: DateTime<Utc> = mark.parse().unwrap();
            let start = read_again_from(mark, now.parse().unwrap(), zone);
            assert_eq!((mark - start).num_minutes(), minutes, "{mark} {now} {zone}");
        }
    }
}
