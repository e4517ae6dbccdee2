//! What the day took: counters of the stand-ins and of Crossbill, from the first step on.

use serde_json::Value;

use super::stage::Stage;
use super::{Burst, Error, Totals, quiet};

/// The counters before the first step.
#[derive(Debug)]
pub(super) struct Baseline {
    autotask: Value,
    jim2: Value,
}

impl Baseline {
    pub(super) async fn take(stage: &mut Stage) -> Result<Self, Error> {
        stage.meter.read().await;
        stage.meter.reset();
        Ok(Self {
            autotask: stage.autotask.stats().await?,
            jim2: stage.jim2.stats().await?,
        })
    }

    /// What has been added since.
    pub(super) async fn totals(
        &self,
        stage: &mut Stage,
        burst: Option<&Burst>,
    ) -> Result<Totals, Error> {
        stage.meter.read().await;
        let (autotask, jim2) = (stage.autotask.stats().await?, stage.jim2.stats().await?);
        let sent = |stats: &Value| stats["webhooks"]["sent"].as_u64().unwrap_or_default();
        let applied = stage.meter.grown("crossbill_applied_total");
        let autotask_calls = grown(
            &self.autotask["calls"]["total"],
            &autotask["calls"]["total"],
        );
        #[expect(clippy::cast_precision_loss, reason = "a ratio of small counts")]
        let per_applied = (applied > 0).then(|| autotask_calls as f64 / applied as f64);
        Ok(Totals {
            events: stage.meter.grown("crossbill_broker_taken_total"),
            applied,
            noops: stage.meter.grown("crossbill_noops_total"),
            held: stage.meter.grown("crossbill_held_total"),
            writes: stage.meter.grown("crossbill_writes_total"),
            autotask_calls,
            autotask_calls_per_applied: per_applied,
            jim2_calls: quiet::calls(&jim2).saturating_sub(quiet::calls(&self.jim2)),
            webhooks: sent(&autotask).saturating_sub(sent(&self.autotask)),
            webhook_to_job_p50_seconds: burst.and_then(|burst| burst.p50_seconds),
            webhook_to_job_p99_seconds: burst.and_then(|burst| burst.p99_seconds),
            restarts: stage.meter.restarts,
        })
    }
}

fn grown(before: &Value, now: &Value) -> u64 {
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    count(now).saturating_sub(count(before))
}
