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
    read_to: Option<i64>,
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

    /// Notes the position up to which a reader of the change table says it has read.
    pub(crate) fn has_read_to(&mut self, cursor: i64) {
        self.read_to = self.read_to.max(Some(cursor));
    }

    /// Forgets how far the change table was read: it is another one.
    pub(crate) fn forget_reader(&mut self) {
        self.read_to = None;
    }

    /// The counts as `/sandbox/stats` tells them, beside the change table's safe mark.
    pub(crate) fn told(&self, safe_mark: i64) -> Value {
        json!({
            "calls": {
                "total": self.reads + self.writes,
                "reads": self.reads,
                "writes": self.writes,
                "refused": self.refused,
                "byEndpoint": self.by_endpoint,
            },
            "maxConcurrent": self.most_at_once,
            "changes": { "safeMark": safe_mark, "readTo": self.read_to },
            "webhooks": { "sent": 0, "failed": 0, "pending": 0 },
        })
    }
}
