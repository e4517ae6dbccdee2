//! What a run tells: while it goes on, and in the end.

use std::{collections::BTreeMap, time::Duration};

use super::{
    BEAT, HOURLY_CALLS, Run,
    ledger::{Ledger, Verdict},
};

/// Everything that a run came to.
pub(super) struct Report {
    pub(super) run: Run,
    /// How long people worked and things failed.
    pub(super) worked: Duration,
    /// From the last fault until nothing moved any more.
    pub(super) converged: Duration,
    /// What went wrong how often.
    pub(super) havoc: BTreeMap<String, usize>,
    /// The counters of all processes.
    pub(super) counts: BTreeMap<String, u64>,
    /// How often a process ended that nobody had killed.
    pub(super) ended: usize,
    /// Calls to Autotask.
    pub(super) calls: u64,
    pub(super) verdict: Verdict,
}

impl Report {
    fn count(&self, metric: &str, label: &str) -> u64 {
        let is_of =
            |series: &&String| series.split('{').next() == Some(metric) && series.contains(label);
        let counts = self.counts.iter().filter(|(series, _)| is_of(series));
        counts.map(|(_, count)| count).sum()
    }
}

pub(super) fn begin(run: Run) {
    say(&format!(
        "ledger run: seed {}, {} changes, one thing goes wrong every {BEAT} changes; this tenant may make {HOURLY_CALLS} \
         calls an hour, where a real one may make 10,000",
        run.seed, run.changes
    ));
}

pub(super) fn progress(beat: usize, ledger: &Ledger, run: Run, elapsed: Duration) {
    if beat.is_multiple_of(20) {
        say(&format!(
            "  {} of {} changes after {} s",
            ledger.changes(),
            run.changes,
            elapsed.as_secs()
        ));
    }
}

pub(super) fn tell(report: &Report) {
    let lines = people(report)
        .into_iter()
        .chain(crossbill(report))
        .chain(verdict(report))
        .chain(run(report));
    for (what, told) in lines {
        say(&format!("{what:<18} {told}"));
    }
    let verdict = &report.verdict;
    for (what, all) in [
        ("lost", &verdict.lost),
        ("doubled", &verdict.doubled),
        ("different", &verdict.different),
        ("waits", &verdict.waiting),
    ] {
        for one in all {
            say(&format!("{what}: {one}"));
        }
    }
}

type Line = (&'static str, String);

fn people(report: &Report) -> [Line; 2] {
    let sent = listed(&report.verdict.sent);
    [
        ("sent", format!("{}  ({sent})", report.run.changes)),
        ("went wrong", listed(&report.havoc)),
    ]
}

fn crossbill(report: &Report) -> [Line; 7] {
    let count = |metric, label| report.count(metric, label).to_string();
    let (webhooks, changes) = (
        report.count("crossbill_webhooks_accepted_total", ""),
        report.count("crossbill_feed_events_total", ""),
    );
    let applied = report.count("crossbill_applied_total", "");
    #[expect(clippy::cast_precision_loss, reason = "a ratio of counts")]
    let each = report.calls as f64 / applied.max(1) as f64;
    [
        (
            "accepted",
            format!("{webhooks} webhooks and {changes} changes of Jim2"),
        ),
        ("spilled", count("crossbill_spilled_total", "")),
        ("applied", applied.to_string()),
        ("no-ops", count("crossbill_noops_total", "")),
        ("retries", count("crossbill_broker_settled_total", "retr")),
        (
            "calls to Autotask",
            format!("{}, {each:.2} for each applied change", report.calls),
        ),
        ("ended by itself", report.ended.to_string()),
    ]
}

fn verdict(report: &Report) -> [Line; 7] {
    let verdict = &report.verdict;
    let planted = listed(&verdict.planted);
    [
        (
            "held",
            format!("{}  (planted: {planted})", listed(&verdict.held)),
        ),
        ("held in the end", listed(&verdict.still_held)),
        ("dead letters", verdict.dead.to_string()),
        (
            "conflicts",
            format!(
                "{}  (the owner's value stands, the other is in the journal), and {} edits in Jim2 possibly overwritten \
                 (the journal tells by whom)",
                verdict.conflicts, verdict.possibly
            ),
        ),
        ("doubled", verdict.doubled.len().to_string()),
        ("lost", verdict.lost.len().to_string()),
        (
            "different",
            format!(
                "{} of {} values compared",
                verdict.different.len(),
                verdict.compared
            ),
        ),
    ]
}

fn run(report: &Report) -> [Line; 2] {
    [
        ("under failures", format!("{} s", report.worked.as_secs())),
        (
            "converged",
            format!("{} s after the last one", report.converged.as_secs()),
        ),
    ]
}

fn listed<K: std::fmt::Display, V: std::fmt::Display>(counts: &BTreeMap<K, V>) -> String {
    if counts.is_empty() {
        return "none".to_owned();
    }
    let each: Vec<String> = counts
        .iter()
        .map(|(what, count)| format!("{count} {what}"))
        .collect();
    each.join(", ")
}

#[expect(clippy::print_stdout, reason = "what the run is looked at for")]
fn say(line: &str) {
    println!("{line}");
}
