//! Many tickets at once: how long from a person's edit to the job.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::time::sleep;

use super::name::plain;
use super::script::At;
use super::stage::Stage;
use super::{Burst, Error};

/// How often to look.
const PACE: Duration = Duration::from_millis(50);

/// Issue types whose Items have the same names.
const ISSUES: [i64; 4] = [11, 12, 13, 14];

/// Raises the tickets, and waits for their jobs.
pub(super) async fn raise(stage: &Stage, tickets: usize, within: Duration) -> Result<Burst, Error> {
    let company = stage.names.fill(&json!("${company.id}"))?;
    let by = stage.names.fill(&json!("${technician.id}"))?;
    let jobs = stage.screen(At::Jim2).records("Job", None).await?;
    let mark = jobs.iter().filter_map(|job| job["id"].as_i64()).max();
    let mut waiting: BTreeMap<String, Instant> = BTreeMap::new();
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
        waiting.insert(number, raised);
    }
    let deadline = Instant::now() + within;
    let mut seconds = Vec::new();
    while !waiting.is_empty() && Instant::now() < deadline {
        for job in stage.jim2.records("Job", mark).await? {
            let our_ref = plain(&job["OurRef"]);
            let number = our_ref.split('/').next().unwrap_or_default();
            if let Some(raised) = waiting.remove(number) {
                seconds.push(raised.elapsed().as_secs_f64());
            }
        }
        sleep(PACE).await;
    }
    seconds.sort_by(f64::total_cmp);
    Ok(Burst {
        tickets,
        without_job: waiting.into_keys().collect(),
        p50_seconds: share(&seconds, 50),
        p99_seconds: share(&seconds, 99),
        longest_seconds: seconds.last().copied(),
    })
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
