//! The two limits of the real system: requests in a rolling hour for the whole tenant, and requests at once for each
//! integration code and endpoint. And what was counted, for `/sandbox/stats`.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration as Wait;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::answer::Refusal;

/// The minutes over which requests are counted usually.
pub(super) const TIMEFRAME_MINUTES: i64 = 60;

/// What has been asked, and what is being asked now.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    recent: VecDeque<DateTime<Utc>>,
    most_used: usize,
    running: BTreeMap<Lane, usize>,
    most_at_once: BTreeMap<String, usize>,
    by_endpoint: BTreeMap<String, u64>,
    reads: u64,
    writes: u64,
    refused: u64,
}

/// How many requests the tenant may make in its timeframe, and whether it slows down before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quota {
    pub requests: usize,
    pub minutes: i64,
    pub is_slowing: bool,
}

/// One integration code at one endpoint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lane {
    pub integration_code: String,
    pub endpoint: String,
}

impl Quota {
    /// The refusal of a request too many.
    pub(super) fn exceeded(self) -> Refusal {
        let Self {
            requests, minutes, ..
        } = self;
        Refusal::TooMany(format!(
            "The Autotask API request threshold of {requests} requests per {minutes} minutes has been exceeded."
        ))
    }
}

impl Traffic {
    /// Counts a request, or refuses it when the tenant has used up its hour.
    pub(super) fn count(&mut self, now: DateTime<Utc>, quota: Quota) -> Result<(), Refusal> {
        if self.used(now, quota) >= quota.requests {
            return Err(quota.exceeded());
        }
        self.recent.push_back(now);
        self.most_used = self.most_used.max(self.recent.len());
        Ok(())
    }

    /// Takes in what others have asked, evenly over the timeframe until now.
    pub(super) fn spread(&mut self, now: DateTime<Utc>, quota: Quota, requests: u32) {
        let timeframe = Duration::minutes(quota.minutes);
        let step = timeframe / i32::try_from(requests.max(1)).unwrap_or(i32::MAX);
        let mut at = now - timeframe;
        for _ in 0..requests {
            at += step;
            self.recent.push_back(at.min(now));
        }
        self.recent.make_contiguous().sort_unstable();
        self.most_used = self.most_used.max(self.used(now, quota));
    }

    /// The requests of the timeframe.
    pub(super) fn used(&mut self, now: DateTime<Utc>, quota: Quota) -> usize {
        let begin = now - Duration::minutes(quota.minutes);
        while self.recent.front().is_some_and(|time| *time <= begin) {
            self.recent.pop_front();
        }
        self.recent.len()
    }

    /// How much slower the tenant answers at its present use.
    pub(super) fn latency(&self, quota: Quota) -> Wait {
        let (used, limit) = (self.recent.len(), quota.requests);
        match () {
            () if !quota.is_slowing || used * 2 < limit => Wait::ZERO,
            () if used * 4 < limit * 3 => Wait::from_millis(500),
            () => Wait::from_secs(1),
        }
    }

    /// Takes a thread of the lane, or refuses. Who got one calls [`Traffic::leave`].
    pub(super) fn enter(&mut self, lane: &Lane, threads: usize) -> Result<(), Refusal> {
        let running = self.running.entry(lane.clone()).or_default();
        let asked = *running + 1;
        let most = self.most_at_once.entry(lane.endpoint.clone()).or_default();
        *most = asked.max(*most);
        if asked > threads {
            return Err(Refusal::TooMany(format!(
                "Thread Threshold Exceeded. The Autotask API thread threshold of {threads} threads has been exceeded. (Itgenatr005)"
            )));
        }
        *running = asked;
        Ok(())
    }

    /// Gives the thread back.
    pub(super) fn leave(&mut self, lane: &Lane) {
        if let Some(running) = self.running.get_mut(lane) {
            *running = running.saturating_sub(1);
        }
    }

    /// Notes what kind of call it was.
    pub(super) fn note(&mut self, endpoint: &str, is_write: bool) {
        *self.by_endpoint.entry(endpoint.to_owned()).or_default() += 1;
        if is_write {
            self.writes += 1;
        } else {
            self.reads += 1;
        }
    }

    /// Notes a call that was refused.
    pub(super) fn note_refusal(&mut self) {
        self.refused += 1;
    }

    /// The counts as `/sandbox/stats` tells them.
    pub(super) fn tell(&self) -> (Value, Value) {
        let calls = json!({
            "total": self.reads + self.writes,
            "reads": self.reads,
            "writes": self.writes,
            "refused": self.refused,
            "mostUsed": self.most_used,
            "byEndpoint": self.by_endpoint,
        });
        (calls, json!(self.most_at_once))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minute)
    }

    #[test]
    fn the_hour_rolls() {
        let quota = Quota {
            requests: 2,
            minutes: TIMEFRAME_MINUTES,
            is_slowing: false,
        };
        let mut traffic = Traffic::default();
        assert_eq!(traffic.count(at(0), quota), Ok(()));
        assert_eq!(traffic.count(at(30), quota), Ok(()));
        assert!(matches!(
            traffic.count(at(59), quota),
            Err(Refusal::TooMany(_))
        ));
        assert_eq!(traffic.count(at(60), quota), Ok(()));
        assert!(
            traffic.count(at(61), quota).is_err(),
            "the one of minute 30 still counts"
        );
    }

    #[test]
    fn what_others_have_asked_leaves_the_timeframe_evenly_and_the_most_is_remembered() {
        let quota = Quota {
            requests: 1000,
            minutes: TIMEFRAME_MINUTES,
            is_slowing: false,
        };
        let mut traffic = Traffic::default();
        assert_eq!(traffic.count(at(0), quota), Ok(()));
        traffic.spread(at(30), quota, 600);
        assert_eq!(traffic.used(at(30), quota), 601);
        assert_eq!(traffic.used(at(60), quota), 300);
        assert_eq!(traffic.used(at(89), quota), 10);
        assert_eq!(traffic.tell().0["mostUsed"], 601);
    }

    #[test]
    fn answers_slow_down_at_half_and_at_three_quarters() {
        let quota = Quota {
            requests: 8,
            minutes: TIMEFRAME_MINUTES,
            is_slowing: true,
        };
        let mut traffic = Traffic::default();
        let waits: Vec<_> = (0..7)
            .map(|_| {
                traffic.count(at(0), quota).expect("there is room");
                traffic.latency(quota).as_millis()
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 500, 500, 1000, 1000]);
    }

    #[test]
    fn one_endpoint_serves_three_at_once_and_another_has_its_own_three() {
        let lane = |endpoint: &str| Lane {
            integration_code: "A".to_owned(),
            endpoint: endpoint.to_owned(),
        };
        let mut traffic = Traffic::default();
        for _ in 0..3 {
            assert_eq!(traffic.enter(&lane("Tickets"), 3), Ok(()));
        }
        assert!(
            matches!(traffic.enter(&lane("Tickets"), 3), Err(Refusal::TooMany(text)) if text.contains("Itgenatr005"))
        );
        assert_eq!(traffic.enter(&lane("Companies"), 3), Ok(()));
        traffic.leave(&lane("Tickets"));
        assert_eq!(traffic.enter(&lane("Tickets"), 3), Ok(()));
        assert_eq!(traffic.tell().1["Tickets"], 4);
    }
}
