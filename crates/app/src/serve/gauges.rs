//! The gauges of the site: what waits where, and for how long. Every process tells the same.

use std::{collections::HashMap, time::Duration};

use broker::topology::DEAD_QUEUE;
use domain::Lane;
use metrics::gauge;
use metrics_exporter_prometheus::PrometheusHandle;
use rust_decimal::prelude::ToPrimitive as _;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::alarms::Alarms;
use crate::{kinds, metrics as names, operate::budget::foretold, parts::Parts};

/// How often they are taken.
const PERIOD: Duration = Duration::from_secs(5);

/// Takes the gauges until `stop`.
pub(super) async fn run(
    parts: Parts,
    rendered: PrometheusHandle,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let (mut queues, mut alarms) = (Queues::new(), Alarms::default());
    loop {
        queues.take(&parts).await;
        if let Err(error) = stored(&parts, &mut alarms).await {
            debug!(error = &error as &dyn std::error::Error, "gauges not taken");
        }
        rendered.run_upkeep();
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// The queues, with when each was last seen empty.
struct Queues {
    names: Vec<String>,
    empty: HashMap<String, Instant>,
}

impl Queues {
    fn new() -> Self {
        let mut names = vec![DEAD_QUEUE.to_owned()];
        for family in kinds::topology().families {
            names.extend([broker::Lane::Live, broker::Lane::Bulk].map(|lane| family.queue(lane)));
            names.push(family.suspects());
        }
        Self {
            names,
            empty: HashMap::new(),
        }
    }

    async fn take(&mut self, parts: &Parts) {
        for name in &self.names {
            let depth = match parts.broker.depth(name).await {
                Ok(depth) => depth,
                Err(error) => {
                    debug!(
                        queue = name,
                        error = &error as &dyn std::error::Error,
                        "not seen"
                    );
                    return;
                }
            };
            let now = Instant::now();
            let since = self.empty.entry(name.clone()).or_insert(now);
            if depth.messages == 0 {
                *since = now;
            }
            let label = [("queue", name.clone())];
            gauge!(names::QUEUE_MESSAGES, &label).set(f64::from(depth.messages));
            gauge!(names::QUEUE_CONSUMERS, &label).set(f64::from(depth.consumers));
            gauge!(names::QUEUE_OLDEST_SECONDS, &label)
                .set(now.duration_since(*since).as_secs_f64());
        }
    }
}

async fn stored(parts: &Parts, alarms: &mut Alarms) -> Result<(), store::Error> {
    let status = store::status::status(&parts.db).await?;
    gauge!(names::SPILL_MESSAGES).set(count(status.spilled));
    gauge!(names::HELD_ITEMS).set(count(status.held));
    let net = status.held_net.unwrap_or_default();
    gauge!(names::HELD_DOLLARS).set(net.to_f64().unwrap_or_default());
    gauge!(names::OPEN_INTENTS).set(count(status.open_intents));
    gauge!(names::OPEN_GAPS).set(count(status.open_gaps));
    for pairs in status.pairs {
        gauge!(names::PAIRS, "kind" => pairs.kind, "state" => pairs.state).set(count(pairs.pairs));
    }
    for cursor in status.cursors {
        gauge!(names::CURSOR_AGE_SECONDS, "cursor" => cursor.name).set(cursor.seconds);
    }
    let swept = store::sweep::list(&parts.db).await?;
    for (word, trailed) in kinds::swept(&parts.config.sweep) {
        let of = trailed.swept();
        let row = swept.iter().find(|row| row.of == of);
        if let Some(at) = row.and_then(|row| row.complete_to) {
            gauge!(names::SWEPT_UP_TO, "sweep" => word).set(count(at.timestamp()));
        }
    }
    let usage = store::budget::usage(&parts.db).await?;
    gauge!(names::BUDGET_SHARE).set(usage.share());
    let foretold = foretold(&usage, parts.clock.now(), parts.config.time_zone);
    gauge!(names::BUDGET_FORECAST).set(foretold.share);
    gauge!(names::BUDGET_OTHERS).set(usage.rate_others);
    for lane in Lane::ALL {
        let granted = f64::from(usage.granted(lane));
        gauge!(names::BUDGET_GRANTED, "lane" => lane.as_str()).set(granted);
    }
    for state in store::system::state(&parts.db).await? {
        let running = if state.is_running() { 1.0 } else { 0.0 };
        gauge!(names::SYSTEM_RUNNING, "system" => state.system.as_str()).set(running);
    }
    alarms.take(&parts.db).await
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a gauge is a float, and counts stay far below 2^52"
)]
pub(super) fn count(rows: i64) -> f64 {
    rows as f64
}

#[cfg(test)]
mod tests;
