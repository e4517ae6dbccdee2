//! What a server's clock shows, by the `Date` of its answers: to the second, and late by as long as an answer takes.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::Answer;

/// What was said longer ago says little: a machine that was suspended does not know for how long.
const FRESH: Duration = Duration::from_mins(10);

/// The clock of one server.
#[derive(Debug, Default)]
pub struct ServerClock {
    heard: Mutex<Option<(DateTime<Utc>, Instant)>>,
}

impl ServerClock {
    /// Takes in what an answer that just came says; not every one does.
    pub fn hear(&self, answer: &Answer) {
        if let Some(date) = answer.date() {
            let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
            *heard = Some((date, Instant::now()));
        }
    }

    /// What it shows now; `None` where no answer has said so lately.
    pub fn now(&self) -> Option<DateTime<Utc>> {
        let heard = *self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let (date, at) = heard?;
        let since = Some(at.elapsed()).filter(|since| *since < FRESH)?;
        let since = TimeDelta::from_std(since).ok()?;
        date.checked_add_signed(since)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::{
        StatusCode,
        header::{DATE, HeaderMap},
    };

    use super::*;

    fn answer(date: Option<&str>) -> Answer {
        let mut headers = HeaderMap::new();
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        Answer {
            status: StatusCode::OK,
            headers,
            body: Bytes::new(),
        }
    }

    #[test]
    fn a_servers_clock_goes_on_from_what_its_last_answer_that_told_it_said() {
        let clock = ServerClock::default();
        clock.hear(&answer(None));
        clock.hear(&answer(Some("yesterday")));
        assert_eq!(clock.now(), None);
        let told: DateTime<Utc> = "2031-11-23T10:00:00Z".parse().unwrap();
        clock.hear(&answer(Some("Sun, 23 Nov 2031 10:00:00 GMT")));
        let first = clock.now().unwrap();
        assert!(
            first >= told && first < told + TimeDelta::hours(1),
            "{first}"
        );
        clock.hear(&answer(None));
        assert!(clock.now().unwrap() >= first);
    }
}
