//! How long the other side asks us to wait.

use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// No wait is longer: whoever asks for more is asked again, and callers can count with it.
const MOST: Duration = Duration::from_hours(1);

/// What `Retry-After` says: seconds, or a time, which is read against the answer's own `Date`.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds).min(MOST));
    }
    let until = time(text)?;
    (until - date(headers)?)
        .to_std()
        .ok()
        .map(|wait| wait.min(MOST))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// What the answer's own `Date` says.
pub(crate) fn date(headers: &HeaderMap) -> Option<DateTime<FixedOffset>> {
    time(text(headers, &DATE)?)
}

fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc2822(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_times_are_both_understood() {
        let date = "Mon, 23 Nov 2026 10:00:00 GMT";
        for (told, expected) in [
            ("120", Some(120)),
            ("Mon, 23 Nov 2026 10:01:30 GMT", Some(90)),
            ("Mon, 23 Nov 2026 09:00:00 GMT", None),
            ("soon", None),
            ("-1", None),
            ("3601", Some(3600)),
            ("18446744073709551615", Some(3600)),
            ("Tue, 23 Nov 9999 10:01:30 GMT", Some(3600)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, date.parse().unwrap());
            headers.insert(RETRY_AFTER, told.parse().unwrap());
            let expected = expected.map(Duration::from_secs);
            assert_eq!(retry_after(&headers), expected, "{told}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
