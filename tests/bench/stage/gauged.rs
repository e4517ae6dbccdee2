//! What a process tells of itself: its counters, and its memory as Linux sees it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{PACE, float};
use crate::{
    caller::{Caller, get},
    it::system::Process,
};

/// A process whose counters are read often.
pub(crate) struct Gauged {
    pub(crate) process: Process,
    caller: Caller,
}

impl Gauged {
    /// Waits until it answers.
    pub(super) async fn new(mut process: Process) -> Self {
        loop {
            if let Ok(caller) = Caller::to(process.admin()).await {
                return Self { process, caller };
            }
            process.lives().unwrap();
            sleep(PACE).await;
        }
    }

    /// What a counter has come to, over all its labels. `series` may end with the beginning of a label.
    pub(crate) async fn count(&mut self, series: &str) -> f64 {
        let text = self.caller.call(&get("/metrics")).await.text();
        let lines = text.lines().filter(|line| line.starts_with(series));
        let values = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        values.sum()
    }

    /// Waits until a counter has come to so much.
    pub(super) async fn reaches(&mut self, series: &str, count: usize) {
        let deadline = Instant::now() + Duration::from_mins(5);
        loop {
            let seen = self.count(series).await;
            if seen >= float(count) {
                return;
            }
            self.process.lives().unwrap();
            assert!(
                Instant::now() < deadline,
                "{series} came to {seen} of {count} in five minutes"
            );
            sleep(PACE).await;
        }
    }
}
