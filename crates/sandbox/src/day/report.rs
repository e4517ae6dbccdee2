//! What a day came to, for people and as JSON.

use serde::Serialize;

use crate::check::Agreement;

/// The whole day.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether every step was seen and both sides agree.
    pub ok: bool,
    /// Why not.
    pub reasons: Vec<String>,
    /// The steps, in their order.
    pub steps: Vec<StepReport>,
    /// The tickets that came all at once.
    pub burst: Option<Burst>,
    /// What it took.
    pub totals: Totals,
    /// Whether both sides agree.
    pub agreement: Agreement,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Counted from 1.
    pub number: usize,
    /// In plain words.
    pub name: String,
    /// From the last act to the sight.
    pub seconds: f64,
    /// What was seen.
    pub seen: String,
    /// What was not.
    pub missing: Option<String>,
}

/// The tickets that came all at once: from a person's edit to the job, in seconds.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Burst {
    /// How many.
    pub tickets: usize,
    /// Those that have none yet, by number.
    pub without_job: Vec<String>,
    /// Half of them were not slower.
    pub p50_seconds: Option<f64>,
    /// Of a hundred, one was slower.
    pub p99_seconds: Option<f64>,
    /// The slowest.
    pub longest_seconds: Option<f64>,
}

/// What it took, from the first step to the end.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Messages taken from queues.
    pub events: u64,
    /// Pairs brought into step.
    pub applied: u64,
    /// Events that asked for nothing.
    pub noops: u64,
    /// Times that something was held.
    pub held: u64,
    /// Writes to both systems, as Crossbill counts them.
    pub writes: u64,
    /// Calls to Autotask, as Autotask counts them.
    pub autotask_calls: u64,
    /// Calls to Autotask for each applied change.
    pub autotask_calls_per_applied: Option<f64>,
    /// Calls to Jim2, as Jim2 counts them, without the readings of its change table.
    pub jim2_calls: u64,
    /// Webhooks that Autotask sent.
    pub webhooks: u64,
    /// From a person's edit to the job seen, webhook included, of the tickets that came all at once: half of them were
    /// not slower.
    pub webhook_to_job_p50_seconds: Option<f64>,
    /// The same: of a hundred, one was slower.
    pub webhook_to_job_p99_seconds: Option<f64>,
    /// How often Crossbill's counters began again: what it counted just before is not in the totals.
    pub restarts: usize,
}

impl StepReport {
    /// `✓ 2 … 0.41 s`, with what was seen below.
    pub fn line(&self) -> String {
        let (sign, below) = match &self.missing {
            None => ("✓", &self.seen),
            Some(missing) => ("✗", missing),
        };
        format!(
            "{sign} {:>2}  {} … {:.2} s\n      {below}",
            self.number, self.name, self.seconds
        )
    }
}

impl Burst {
    /// One line.
    pub fn line(&self) -> String {
        let sign = if self.without_job.is_empty() {
            "✓"
        } else {
            "✗"
        };
        format!(
            "{sign}     {} tickets at once … p50 {}, p99 {}, longest {}; {} without a job",
            self.tickets,
            in_seconds(self.p50_seconds),
            in_seconds(self.p99_seconds),
            in_seconds(self.longest_seconds),
            self.without_job.len()
        )
    }
}

impl Totals {
    /// A few lines.
    pub fn lines(&self) -> String {
        let per_applied = self.autotask_calls_per_applied;
        let per_applied = per_applied.map_or_else(|| "–".to_owned(), |calls| format!("{calls:.2}"));
        let mut lines = vec![
            format!(
                "events                       {:>6}   (messages taken from queues)",
                self.events
            ),
            format!(
                "applied                      {:>6}   ({} writes)",
                self.applied, self.writes
            ),
            format!("no-ops                       {:>6}", self.noops),
            format!("held                         {:>6}   times", self.held),
            format!("webhooks                     {:>6}", self.webhooks),
            format!(
                "webhook-to-job p50           {:>6}   (from a person's edit to the job seen, webhook included)",
                in_seconds(self.webhook_to_job_p50_seconds)
            ),
            format!(
                "webhook-to-job p99           {:>6}",
                in_seconds(self.webhook_to_job_p99_seconds)
            ),
            format!("calls to Autotask            {:>6}", self.autotask_calls),
            format!("  for each applied change    {per_applied:>6}"),
            format!(
                "calls to Jim2                {:>6}   (without reading its change table)",
                self.jim2_calls
            ),
        ];
        if self.restarts > 0 {
            lines.push(format!(
                "Crossbill started again {} times; what it counted just before that is not in these totals.",
                self.restarts
            ));
        }
        lines.join("\n")
    }
}

/// `0.41 s`, or a dash for what was not measured.
fn in_seconds(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.2} s"))
}
