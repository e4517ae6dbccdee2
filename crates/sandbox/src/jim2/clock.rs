//! What time it is in Jim2, and how its server writes it: local wall time, mostly without an offset.

use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::wall;

/// The system's clock, or one that is some seconds off it, until somebody sets it; from then on it stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    set_to: Option<DateTime<Utc>>,
    offset_seconds: i64,
}

impl Clock {
    /// A clock that stands at `now`, or runs with the system when there is none.
    pub(crate) const fn new(now: Option<DateTime<Utc>>) -> Self {
        Self {
            set_to: now,
            offset_seconds: 0,
        }
    }

    /// The time.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        let running = || {
            let system = SystemTime::now().into();
            later(system, self.offset_seconds).unwrap_or(system)
        };
        self.set_to.unwrap_or_else(running)
    }

    /// Lets the clock run, so many seconds off the system's, if that is a time it can tell.
    pub(crate) fn run_off(&mut self, seconds: i64) -> Option<()> {
        later(SystemTime::now().into(), seconds)?;
        self.set_to = None;
        self.offset_seconds = seconds;
        Some(())
    }

    /// Stops the clock at `now`.
    pub(crate) fn set(&mut self, now: DateTime<Utc>) {
        self.set_to = Some(now);
    }

    /// Stops the clock so many seconds later than it was, if that is a time it can tell.
    pub(crate) fn advance(&mut self, seconds: i64) -> Option<()> {
        let now = later(self.now(), seconds)?;
        self.set(now);
        Some(())
    }
}

/// A moment so many seconds later, if it is in the years from 1900 to 9999.
pub(crate) fn later(from: DateTime<Utc>, seconds: i64) -> Option<DateTime<Utc>> {
    let moment = from.checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
    is_told(moment).then_some(moment)
}

/// Whether a moment is in the years from 1900 to 9999, which every zone can tell.
pub(crate) fn is_told(moment: DateTime<Utc>) -> bool {
    (1900..=9999).contains(&moment.year())
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
        return Some(moment.with_timezone(&Utc)).filter(|moment| is_told(*moment));
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"))
        .ok()
        .or_else(|| date(text).map(|day| day.and_time(NaiveTime::MIN)))?;
    wall::moment(zone, wall).filter(|moment| is_told(*moment))
}

/// Reads an ISO date and nothing more.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()
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
    fn times_that_no_wall_can_show_are_refused() {
        let start = DateTime::UNIX_EPOCH;
        assert!(later(start, 60).is_some());
        for seconds in [i64::MAX, i64::MIN, 300_000_000_000] {
            assert_eq!(later(start, seconds), None, "{seconds}");
        }
        assert_eq!(parse(SYDNEY, "+262142-12-31T00:00:00Z"), None);
    }
}
