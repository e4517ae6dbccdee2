//! Many tickets at once: how long from a person's edit to the job.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use super::stage::Stage;
use super::{Burst, Error, Settings, crossbill};
use crate::plain::plain;

/// How often to look.
const PACE: Duration = Duration::from_millis(50);

/// Issue types whose Items have the same names.
const ISSUES: [i64; 4] = [11, 12, 13, 14];

/// Tickets that wait for their jobs, by number, and how long the others waited.
#[derive(Default)]
struct Watch {
    waiting: BTreeMap<String, Instant>,
    seconds: Vec<f64>,
    all_raised: Option<Instant>,
}

/// Raises the tickets, and looks for their jobs meanwhile.
pub(super) async fn raise(
    stage: &Stage,
    number: usize,
    settings: &Settings,
) -> Result<Burst, Error> {
    let jobs = stage.jim2.records("Job", None).await?;
    let mark = jobs.iter().filter_map(|job| job["id"].as_i64()).max();
    let watch = Mutex::new(Watch::default());
    let raising = async {
        raise_all(stage, settings.tickets_burst, &watch).await?;
        if let Some(line) = &settings.amid_steps {
            crossbill::shell(line, number, "burst").await?;
        }
        locked(&watch).all_raised = Some(Instant::now());
        Ok::<(), Error>(())
    };
    tokio::try_join!(raising, look(stage, mark, settings.patience, &watch))?;
    let mut watch = locked(&watch);
    watch.seconds.sort_by(f64::total_cmp);
    Ok(Burst {
        tickets: settings.tickets_burst,
        without_job: watch.waiting.keys().cloned().collect(),
        p50_seconds: share(&watch.seconds, 50),
        p99_seconds: share(&watch.seconds, 99),
        longest_seconds: watch.seconds.last().copied(),
    })
}

async fn raise_all(stage: &Stage, tickets: usize, watch: &Mutex<Watch>) -> Result<(), Error> {
    let company = stage.names.fill(&json!("${company.id}"))?;
    let by = stage.names.fill(&json!("${technician.id}"))?;
    for (index, issue) in ISSUES.into_iter().cycle().take(tickets).enumerate() {
        let set = json!({
            "companyID": company, "issueType": issue, "priority": 2, "ticketType": 1,
            "title": format!("Monday morning, call {}", index + 1), "description": "Everybody rings at once.",
        });
        let raised = Instant::now();
        let body = json!({"entity": "Tickets", "by": by, "set": set});
        let id = stage.autotask.create(&body).await?;
        let ticket = stage.autotask.record("Tickets", &plain(&id)).await?;
        let number = plain(&ticket.unwrap_or_default()["ticketNumber"]);
        locked(watch).waiting.insert(number, raised);
    }
    Ok(())
}

/// Looks until every ticket has its job, or for as long after the last one was raised.
async fn look(
    stage: &Stage,
    mark: Option<i64>,
    within: Duration,
    watch: &Mutex<Watch>,
) -> Result<(), Error> {
    loop {
        let jobs = stage.jim2.records("Job", mark).await?;
        let is_over = {
            let mut watch = locked(watch);
            for job in &jobs {
                watch.see(&plain(&job["OurRef"]));
            }
            let is_late = |raised: Instant| raised.elapsed() >= within;
            let all_seen = watch.waiting.is_empty();
            watch
                .all_raised
                .is_some_and(|raised| all_seen || is_late(raised))
        };
        if is_over {
            return Ok(());
        }
        sleep(PACE).await;
    }
}

impl Watch {
    fn see(&mut self, our_ref: &str) {
        let number = our_ref.split('/').next().unwrap_or_default();
        if let Some(raised) = self.waiting.remove(number) {
            self.seconds.push(raised.elapsed().as_secs_f64());
        }
    }
}

fn locked(watch: &Mutex<Watch>) -> MutexGuard<'_, Watch> {
    watch.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The value that so many of a hundred do not exceed.
fn share(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied()
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let seconds: Vec<f64> = (1..=40).map(f64::from).collect();
        assert_eq!(share(&seconds, 50), Some(20.0));
        assert_eq!(share(&seconds, 99), Some(40.0));
        assert_eq!(share(&[], 50), None);
    }
}
