//! Jim2's times: UTC inside, the server's local time without offset outside.

use chrono::{
    DateTime, Datelike as _, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime,
    Offset as _, SecondsFormat, TimeZone as _, Utc,
};
use chrono_tz::Tz;
use domain::CALENDAR;

/// What the milliseconds of a `/Date(ms)/` count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DateReading {
    /// Milliseconds since 1970 of the true instant.
    #[default]
    Instant,
    /// The server's wall clock, counted as if it were UTC.
    WallClock,
}

/// How this site tells times.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    /// The zone of the Jim2 server.
    pub(crate) zone: Tz,
    /// How to read `/Date(ms)/`.
    pub(crate) reading: DateReading,
}

impl Times {
    /// A time in any form Jim2 uses: `/Date(ms)/`, ISO with an offset, ISO without, date only. A year that no calendar
    /// of a business has is no time.
    pub(crate) fn read(self, text: &str) -> Option<DateTime<Utc>> {
        self.instant(text.trim())
            .filter(|at| CALENDAR.contains(&at.year()))
    }

    fn instant(self, text: &str) -> Option<DateTime<Utc>> {
        if let Some(inside) = text
            .strip_prefix("/Date(")
            .and_then(|rest| rest.strip_suffix(")/"))
        {
            return self.read_milliseconds(inside);
        }
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some(instant.to_utc());
        }
        let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"))
            .or_else(|_| {
                NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN))
            })
            .ok()?;
        CALENDAR
            .contains(&wall.year())
            .then(|| self.instant_of(wall))
    }

    /// `1700000000000`, or `1700000000000+1100` where the offset only says how it was shown.
    fn read_milliseconds(self, inside: &str) -> Option<DateTime<Utc>> {
        let end = inside
            .char_indices()
            .skip(1)
            .find(|(_, letter)| matches!(letter, '+' | '-'))
            .map_or(inside.len(), |(at, _)| at);
        let counted = DateTime::from_timestamp_millis(inside.get(..end)?.parse().ok()?)?;
        Some(match self.reading {
            DateReading::Instant => counted,
            DateReading::WallClock if !CALENDAR.contains(&counted.year()) => return None,
            DateReading::WallClock => self.instant_of(counted.naive_utc()),
        })
    }

    /// The instant at which the server's wall clock shows `wall`.
    ///
    /// When the clock is set back an hour happens twice: the earlier one is taken. When it is
    /// set forward an hour is missing: a time in it is read with the offset before the change,
    /// so it lands as far after the change as it claims to be.
    pub(crate) fn instant_of(self, wall: NaiveDateTime) -> DateTime<Utc> {
        match self.zone.from_local_datetime(&wall) {
            LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => time.to_utc(),
            LocalResult::None => {
                let before = self
                    .zone
                    .offset_from_utc_datetime(&(wall - Duration::days(1)))
                    .fix();
                (wall - before).and_utc()
            }
        }
    }

    /// The server's wall clock at `instant`, as job attributes take it.
    pub(crate) fn wall(self, instant: DateTime<Utc>) -> String {
        instant
            .with_timezone(&self.zone)
            .format("%Y-%m-%dT%H:%M:%S")
            .to_string()
    }

    /// The clock on the server's wall at `instant`.
    pub(crate) fn wall_clock(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.zone).naive_local()
    }

    /// The server's calendar day at `instant`, as create calls take it.
    pub(crate) fn day(self, instant: DateTime<Utc>) -> String {
        instant
            .with_timezone(&self.zone)
            .format("%Y-%m-%d")
            .to_string()
    }
}

/// A time as filters take it: ISO with an offset.
pub(crate) fn filter_time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYDNEY: Times = Times {
        zone: chrono_tz::Australia::Sydney,
        reading: DateReading::Instant,
    };

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_of_a_time_is_read() {
        for (text, instant) in [
            ("/Date(1763856000000)/", "2025-11-23T00:00:00Z"),
            ("/Date(1763856000000+1100)/", "2025-11-23T00:00:00Z"),
            ("2026-11-23T11:00:00", "2026-11-23T00:00:00Z"),
            ("2026-11-23T11:00:00.500", "2026-11-23T00:00:00.5Z"),
            ("2026-11-23 11:00:00", "2026-11-23T00:00:00Z"),
            ("2026-11-23T11:00:00+11:00", "2026-11-23T00:00:00Z"),
            ("2026-11-23", "2026-11-22T13:00:00Z"),
            ("0001-01-01T00:00:00", "0000-12-31T13:55:08Z"),
            ("9999-12-31T23:59:59", "9999-12-31T12:59:59Z"),
        ] {
            assert_eq!(SYDNEY.read(text), Some(utc(instant)), "{text}");
        }
        for nonsense in [
            "",
            "soon",
            "/Date()/",
            "/Date(x)/",
            "23/11/2026",
            "/Date(-8334601228800000)/",
            "/Date(8210266876799999)/",
            "-262143-01-01 00:00:00",
            "+10001-01-01",
            "-0001-12-31",
        ] {
            assert_eq!(SYDNEY.read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn milliseconds_can_count_the_wall_clock() {
        let wall = Times {
            reading: DateReading::WallClock,
            ..SYDNEY
        };
        assert_eq!(
            wall.read("/Date(1763895600000)/"),
            Some(utc("2025-11-23T00:00:00Z")),
            "11:00 on the wall in Sydney is midnight UTC"
        );
    }

    #[test]
    fn an_hour_that_happens_twice_is_the_earlier_one() {
        assert_eq!(
            SYDNEY.read("2026-04-05T02:30:00"),
            Some(utc("2026-04-04T15:30:00Z"))
        );
    }

    #[test]
    fn an_hour_that_never_happens_moves_forward() {
        assert_eq!(
            SYDNEY.read("2026-10-04T02:30:00"),
            Some(utc("2026-10-03T16:30:00Z")),
            "shown by Sydney's clocks as 03:30"
        );
        assert_eq!(
            SYDNEY.wall(utc("2026-10-03T16:30:00Z")),
            "2026-10-04T03:30:00"
        );
    }

    #[test]
    fn times_go_out_as_the_servers_wall_clock() {
        assert_eq!(
            SYDNEY.wall(utc("2026-06-30T23:15:00Z")),
            "2026-07-01T09:15:00"
        );
        assert_eq!(SYDNEY.day(utc("2026-06-30T23:15:00Z")), "2026-07-01");
    }
}
