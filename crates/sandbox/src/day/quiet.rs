//! Waits until nothing moves any more.

use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Error;
use super::stage::Stage;

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
    let still = stage.still;
    let deadline = Instant::now() + within;
    let (mut last, mut since) = (None, Instant::now());
    loop {
        let (autotask, jim2) = (stage.autotask.stats().await?, stage.jim2.stats().await?);
        let calls = calls(&autotask) + calls(&jim2);
        let waiting = match on_its_way(&autotask, &jim2) {
            Some(waiting) => Some(waiting),
            None => waiting(stage).await,
        };
        if last != Some(calls) || waiting.is_some() {
            last = Some(calls);
            since = Instant::now();
        } else if since.elapsed() >= still {
            return Ok(None);
        }
        if Instant::now() >= deadline {
            return Ok(Some(waiting.unwrap_or_else(|| "calls go on".to_owned())));
        }
        sleep(PACE).await;
    }
}

/// What has not come to Crossbill yet. A site without named queries has no change table that could be behind.
fn on_its_way(autotask: &Value, jim2: &Value) -> Option<String> {
    let pending = autotask["webhooks"]["pending"].as_u64().unwrap_or_default();
    if pending > 0 {
        return Some(format!("{pending} webhooks wait"));
    }
    let (mark, read) = (&jim2["changes"]["safeMark"], &jim2["changes"]["readTo"]);
    let is_behind = read
        .as_i64()
        .is_some_and(|read| read < mark.as_i64().unwrap_or_default());
    is_behind.then(|| format!("change {mark} of Jim2 is not read, only those up to {read}"))
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

/// What waits in Crossbill. A gauge that is not told could be anything, so it is not quiet.
async fn waiting(stage: &mut Stage) -> Option<String> {
    let Some(samples) = stage.meter.read().await else {
        return Some("crossbill's metrics do not answer".to_owned());
    };
    GAUGES.iter().find_map(|gauge| {
        let mut alive = samples.of(gauge).filter(|(series, _)| !is_dead(series));
        match alive.clone().next() {
            None => Some(format!("crossbill's metrics do not tell {gauge}")),
            Some(_) => alive
                .find(|(_, value)| *value > 0.0)
                .map(|(series, value)| format!("{series} is {value}")),
        }
    })
}

/// Why there are dead letters, or why nobody knows.
pub(super) async fn dead_letters(stage: &mut Stage) -> Option<String> {
    let queue = GAUGES[0];
    let Some(samples) = stage.meter.read().await else {
        return Some(
            "crossbill's metrics do not answer, so nobody knows of dead letters".to_owned(),
        );
    };
    let dead: Vec<f64> = samples
        .of(queue)
        .filter(|(series, _)| is_dead(series))
        .map(|(_, value)| value)
        .collect();
    let letters: f64 = dead.iter().sum();
    if dead.is_empty() {
        Some(format!(
            "crossbill's metrics do not tell {queue} of dead letters"
        ))
    } else {
        (letters > 0.0).then(|| format!("{letters} dead letters"))
    }
}

/// The queue of what could not be handled at all: nothing there moves by itself.
fn is_dead(series: &str) -> bool {
    series.contains("dead")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::on_its_way;

    #[test]
    fn it_is_not_quiet_before_webhooks_are_told_and_changes_are_read() {
        let webhooks = |pending: u64| json!({"webhooks": {"pending": pending}});
        let changes = |read: Option<i64>| json!({"changes": {"safeMark": 7, "readTo": read}});
        assert!(on_its_way(&webhooks(1), &changes(Some(7))).is_some());
        let behind = on_its_way(&webhooks(0), &changes(Some(6)));
        assert!(behind.unwrap().contains("change 7"));
        assert_eq!(on_its_way(&webhooks(0), &changes(Some(7))), None);
        assert_eq!(on_its_way(&webhooks(0), &changes(None)), None);
    }
}
