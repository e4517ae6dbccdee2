//! What was asked of the API, counted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Counts of calls, and of how many ran at once.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    reads: u64,
    writes: u64,
    refused: u64,
    by_endpoint: BTreeMap<String, u64>,
    running: BTreeMap<String, u64>,
    most_at_once: BTreeMap<String, u64>,
}

impl Stats {
    /// Counts a call that begins.
    pub(crate) fn begin(&mut self, entity: &str, endpoint: String, write: bool) {
        if write {
            self.writes += 1;
        } else {
            self.reads += 1;
        }
        *self.by_endpoint.entry(endpoint).or_default() += 1;
        let running = self.running.entry(entity.to_owned()).or_default();
        *running += 1;
        let most = self.most_at_once.entry(entity.to_owned()).or_default();
        *most = (*most).max(*running);
    }

    /// Counts the end of a call.
    pub(crate) fn end(&mut self, entity: &str) {
        if let Some(running) = self.running.get_mut(entity) {
            *running = running.saturating_sub(1);
        }
    }

    /// Counts a call that was refused.
    pub(crate) fn refuse(&mut self) {
        self.refused += 1;
    }

    /// The counts as `/sandbox/stats` tells them.
    pub(crate) fn told(&self) -> Value {
        json!({
            "calls": {
                "total": self.reads + self.writes,
                "reads": self.reads,
                "writes": self.writes,
                "refused": self.refused,
                "byEndpoint": self.by_endpoint,
            },
            "maxConcurrent": self.most_at_once,
            "webhooks": { "sent": 0, "failed": 0, "pending": 0 },
        })
    }
}
