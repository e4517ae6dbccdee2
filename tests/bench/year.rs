//! `ops/bench year`: plays a share of a provider's year, and tells what it cost.

use std::{process::ExitCode, time::Duration};

use sandbox::{check::Agreement, provider::Size};

use crate::{
    it::year::{self, Phase, Plan, Played},
    say::{note, tell},
};

/// Calls an hour that this tenant may make, so that nobody waits for the next hour; what a real one makes of it is told.
const HOURLY_CALLS: usize = 100_000_000;
/// The longest that one part of it may take.
const PATIENCE: Duration = Duration::from_hours(10);

/// Plays one of so many parts of a year. What does not agree in the end is a failure.
pub(crate) async fn run(part: usize) -> ExitCode {
    let plan = Plan {
        size: Size::year().part(part),
        hourly_calls: HOURLY_CALLS,
        patience: PATIENCE,
    };
    let played = year::play(plan, note).await;
    for line in lines(part, &played) {
        tell(&line);
    }
    let is_whole = played.agreements.iter().all(Agreement::is_whole);
    if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn lines(part: usize, played: &Played) -> Vec<String> {
    let there = &played.volume;
    let share = if part == 1 {
        "a year".to_owned()
    } else {
        format!("1/{part} of a year")
    };
    let mut lines = vec![format!(
        "{share}: {} companies, {} tickets, {} time entries, {} billing items on {} invoices, {} contracts, {} stock codes",
        there.companies,
        there.tickets,
        there.entries,
        there.items,
        there.invoices,
        there.subscriptions,
        there.wares
    )];
    lines.push(
        "phase | minutes | calls to Autotask (reads + writes) | calls to Jim2 (reads + writes) | applied changes | calls a change (Autotask, Jim2)"
            .to_owned(),
    );
    lines.extend(played.phases.iter().map(phase));
    lines.extend(load(played));
    lines.push(format!(
        "memory of crossbill at most (VmHWM): {:.0} MB",
        played.memory
    ));
    for (when, agreement) in ["load", "day"].iter().zip(&played.agreements) {
        let compared = agreement.compared.iter();
        let compared: Vec<_> = compared
            .map(|(kind, count)| format!("{count} {kind}"))
            .collect();
        lines.push(format!(
            "after the {when}: {}, {} values compared; {} findings",
            compared.join(", "),
            agreement.values,
            agreement.findings.len()
        ));
        let findings = agreement.findings.iter().take(10);
        lines.extend(
            findings.map(|one| format!("  {:?}: {}: {}", one.trouble, one.record, one.says)),
        );
    }
    lines.extend(played.held.iter().map(|held| format!("held: {held}")));
    lines.extend(
        played
            .left
            .iter()
            .map(|left| format!("not loaded, by design: {left}")),
    );
    lines
}

fn phase(phase: &Phase) -> String {
    let calls = phase.calls;
    format!(
        "{} | {:.1} | {} ({} + {}) | {} ({} + {}) | {} | {:.2}, {:.2}",
        phase.name,
        phase.took.as_secs_f64() / 60.0,
        calls.autotask(),
        calls.autotask_reads,
        calls.autotask_writes,
        calls.jim2(),
        calls.jim2_reads,
        calls.jim2_writes,
        phase.applied,
        phase.for_each(calls.autotask()),
        phase.for_each(calls.jim2()),
    )
}

/// What the first load would take of a real tenant's allowance.
fn load(played: &Played) -> Vec<String> {
    let calls = played.load_calls();
    let hours = year::float(calls) / year::ALLOWANCE;
    vec![format!(
        "the first load makes {calls} calls to Autotask, {:.2} for each of the {} records: {hours:.2} hours of the whole \
         allowance of {:.0} calls an hour; as first loads give way from {:.0} % of it on, {:.2} hours",
        year::float(calls) / year::float(there_are(played)),
        there_are(played),
        year::ALLOWANCE,
        year::SHARE_OF_LOADS * 100.0,
        hours / year::SHARE_OF_LOADS,
    )]
}

fn there_are(played: &Played) -> u64 {
    played.volume.records().try_into().unwrap()
}
