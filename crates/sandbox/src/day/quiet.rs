//! Waits until nothing moves any more.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Error;
use super::stage::Stage;

/// How long nothing may move.
const STILL: Duration = Duration::from_secs(2);
/// How often to look.
const PACE: Duration = Duration::from_millis(200);

/// Calls that are made whether anything happens or not.
const ROUTINE: [&str; 7] = [
    "ThresholdInformation",
    "getdata crossbill_changes",
    "getdata crossbill_system",
    "POST token",
    "POST logoff",
    "GET token",
    "Version",
];

/// What must be nothing before anything can be quiet.
const GAUGES: [&str; 3] = [
    "crossbill_queue_messages",
    "crossbill_spill_messages",
    "crossbill_open_intents",
];

/// Waits; tells what still moved when time is up.
pub(super) async fn wait(stage: &mut Stage, within: Duration) -> Result<Option<String>, Error> {
    let deadline = Instant::now() + within;
    let (mut last, mut since) = (None, Instant::now());
    loop {
        let (calls, pending) = traffic(stage).await?;
        let waiting = waiting(stage).await;
        if last != Some(calls) || pending > 0 || waiting.is_some() {
            last = Some(calls);
            since = Instant::now();
        } else if since.elapsed() >= STILL {
            return Ok(None);
        }
        if Instant::now() >= deadline {
            let moving = waiting.unwrap_or_else(|| format!("{pending} webhooks wait; calls go on"));
            return Ok(Some(moving));
        }
        sleep(PACE).await;
    }
}

/// Calls so far that are not routine, and webhooks on their way.
async fn traffic(stage: &Stage) -> Result<(u64, u64), Error> {
    let (autotask, jim2) = (stage.autotask.stats().await?, stage.jim2.stats().await?);
    let pending = autotask["webhooks"]["pending"].as_u64().unwrap_or_default();
    Ok((calls(&autotask) + calls(&jim2), pending))
}

/// Calls that something caused.
pub(super) fn calls(stats: &Value) -> u64 {
    let endpoints = stats["calls"]["byEndpoint"].as_object();
    let counted = endpoints.into_iter().flatten();
    counted
        .filter(|(endpoint, _)| !ROUTINE.contains(&endpoint.as_str()))
        .filter_map(|(_, count)| count.as_u64())
        .sum()
}

async fn waiting(stage: &mut Stage) -> Option<String> {
    let Some(samples) = stage.meter.read().await else {
        return Some("crossbill's metrics do not answer".to_owned());
    };
    let full = GAUGES.iter().find(|gauge| {
        let dead = |series: &str| series.contains("dead");
        samples
            .of(gauge)
            .any(|(series, value)| value > 0.0 && !dead(series))
    });
    full.map(|gauge| format!("{gauge} is not 0"))
}
