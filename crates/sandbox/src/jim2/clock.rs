//! What time it is in Jim2, and how its server writes it: local wall time, mostly without an offset.

use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The system's clock until somebody sets it; from then on it stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    set_to: Option<DateTime<Utc>>,
}

impl Clock {
    /// A clock that stands at `now`, or runs with the system when there is none.
    pub(crate) const fn new(now: Option<DateTime<Utc>>) -> Self {
        Self { set_to: now }
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.set_to.unwrap_or_else(|| SystemTime::now().into())
    }

    /// Stops the clock at `now`.
    pub(crate) fn set(&mut self, now: DateTime<Utc>) {
        self.set_to = Some(now);
    }

    /// Stops the clock `by` later than it was.
    pub(crate) fn advance(&mut self, by: TimeDelta) {
        self.set_to = Some(self.now() + by);
    }
}

/// Writes a moment as the server's wall time without an offset: `2025-03-25T18:20:00`.
pub(crate) fn local(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone)
        .format("%Y-%m-%dT%H:%M:%S")
        .to_string()
}

/// Writes a moment with the server's offset, as fresh labour lines are answered.
pub(crate) fn local_with_offset(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone)
        .format("%Y-%m-%dT%H:%M:%S%.6f%:z")
        .to_string()
}

/// Reads an ISO moment; without an offset it is the server's wall time, a date alone its midnight.
pub(crate) fn parse(zone: Tz, text: &str) -> Option<DateTime<Utc>> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(moment.with_timezone(&Utc));
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .ok()
        .or_else(|| date(text).map(|day| day.and_time(NaiveTime::MIN)))?;
    at_wall(zone, wall)
}

/// Reads an ISO date and nothing more.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
}

/// The moment at which the server's wall shows `wall`: the earlier one of two, none in a gap.
pub(crate) fn at_wall(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    zone.from_local_datetime(&wall)
        .earliest()
        .map(|moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYDNEY: Tz = chrono_tz::Australia::Sydney;

    #[test]
    fn a_moment_without_offset_is_the_servers_wall_time() {
        let moment = parse(SYDNEY, "2026-01-15T09:00:00").unwrap();
        assert_eq!(moment.to_rfc3339(), "2026-01-14T22:00:00+00:00");
        assert_eq!(local(SYDNEY, moment), "2026-01-15T09:00:00");
    }

    #[test]
    fn an_offset_is_obeyed() {
        let moment = parse(SYDNEY, "2025-01-12T00:00:00+00:00").unwrap();
        assert_eq!(local(SYDNEY, moment), "2025-01-12T11:00:00");
    }

    #[test]
    fn an_hour_that_daylight_saving_skips_is_refused() {
        assert_eq!(parse(SYDNEY, "2026-10-04T02:30:00"), None);
    }

    #[test]
    fn of_an_hour_that_happens_twice_the_earlier_is_meant() {
        let moment = parse(SYDNEY, "2026-04-05T02:30:00").unwrap();
        assert_eq!(moment.to_rfc3339(), "2026-04-04T15:30:00+00:00");
    }
}
