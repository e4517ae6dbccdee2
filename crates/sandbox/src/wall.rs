//! Wall times: one rule for what moment a wall shows, and one for how a server tells its own in an answer.

use axum::http::{HeaderValue, header::DATE};
use axum::response::Response;
use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// The moment at which a wall in `zone` shows `wall`: the earlier one of two, none in an hour that is skipped.
pub(crate) fn moment(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    let told = zone.from_local_datetime(&wall);
    told.earliest().map(|moment| moment.with_timezone(&Utc))
}

/// The answer of a server whose clock shows `now`.
pub(crate) fn dated(mut response: Response, now: DateTime<Utc>) -> Response {
    let text = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::try_from(text) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::moment;

    fn in_sydney(wall: &str) -> Option<String> {
        let moment = moment(chrono_tz::Australia::Sydney, wall.parse().unwrap());
        moment.map(|moment| moment.to_rfc3339())
    }

    #[test]
    fn of_an_hour_that_happens_twice_the_earlier_is_meant_and_a_skipped_one_never_was() {
        let earlier = "2026-04-04T15:30:00+00:00".to_owned();
        assert_eq!(in_sydney("2026-04-05T02:30:00"), Some(earlier));
        assert_eq!(in_sydney("2026-10-04T02:30:00"), None);
    }
}
