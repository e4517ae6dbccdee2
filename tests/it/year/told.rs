//! What is counted, and how it is told.

use std::{ops::Sub, time::Duration};

use sandbox::provider::Size;
use serde_json::Value;

use crate::system::System;

/// What a real tenant may call an hour.
pub(crate) const ALLOWANCE: f64 = 10_000.0;
/// The share of it from which on first loads and sweeps wait for everything else.
pub(crate) const SHARE_OF_LOADS: f64 = store::budget::terms(domain::Lane::Sweep).waits_from;

/// Calls that both stand-ins counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Calls {
    pub(crate) autotask_reads: u64,
    pub(crate) autotask_writes: u64,
    pub(crate) jim2_reads: u64,
    pub(crate) jim2_writes: u64,
}

impl Calls {
    /// Those so far.
    pub(super) async fn read(system: &System) -> Self {
        let autotask = system.hands.autotask.stats().await.unwrap();
        let jim2 = system.hands.jim2.stats().await.unwrap();
        let count = |stats: &Value, name: &str| stats["calls"][name].as_u64().unwrap();
        Self {
            autotask_reads: count(&autotask, "reads"),
            autotask_writes: count(&autotask, "writes"),
            jim2_reads: count(&jim2, "reads"),
            jim2_writes: count(&jim2, "writes"),
        }
    }

    pub(crate) fn autotask(self) -> u64 {
        self.autotask_reads + self.autotask_writes
    }

    pub(crate) fn jim2(self) -> u64 {
        self.jim2_reads + self.jim2_writes
    }
}

impl Sub for Calls {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            autotask_reads: self.autotask_reads - before.autotask_reads,
            autotask_writes: self.autotask_writes - before.autotask_writes,
            jim2_reads: self.jim2_reads - before.jim2_reads,
            jim2_writes: self.jim2_writes - before.jim2_writes,
        }
    }
}

/// A part of the year's play.
#[derive(Debug, Clone)]
pub(crate) struct Phase {
    pub(crate) name: &'static str,
    pub(crate) took: Duration,
    pub(crate) calls: Calls,
    /// Records that were made, changed or linked.
    pub(crate) applied: i64,
}

impl Phase {
    /// Calls to Autotask for each change that was applied.
    pub(crate) fn for_each(&self, calls: u64) -> f64 {
        float(calls) / float(self.applied.max(1).unsigned_abs())
    }
}

/// What there was at the beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Volume {
    pub(crate) companies: usize,
    pub(crate) tickets: usize,
    pub(crate) entries: usize,
    pub(crate) items: usize,
    pub(crate) subscriptions: usize,
    pub(crate) invoices: usize,
    pub(crate) wares: usize,
}

impl Volume {
    /// Counts it: what the generator made, and what Autotask's bookkeeper made of that.
    pub(super) async fn of(system: &System, size: &Size) -> Self {
        let count = async |entity| {
            let records = system.hands.autotask.records(entity, None).await;
            records.unwrap().len()
        };
        Self {
            companies: size.companies,
            tickets: count("Tickets").await,
            entries: count("TimeEntries").await,
            items: count("BillingItems").await,
            subscriptions: count("Contracts").await,
            invoices: count("Invoices").await,
            wares: size.work.map_or(0, |work| work.wares),
        }
    }

    /// Records that a full load has to look at.
    pub(crate) fn records(&self) -> usize {
        self.companies + self.tickets + self.entries + self.items + self.wares
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn float(count: u64) -> f64 {
    count as f64
}
