//! Which causes are alarming, by what is known. Pure.

use std::{collections::BTreeMap, time::Duration};

use chrono::TimeDelta;
use domain::{Fixer, System};
use store::{gap::Gap, held::Group, sweep::Sweep, system::SystemState};

use super::{cause::Cause, facts::Facts};
use crate::{
    remedy,
    sweep::{may_be_late, words},
};

/// A person's pause that lasts so long may have been forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::hours(1);
/// The next sweep closes a gap; one that is open for so long is not closed by itself.
const UNCLOSED: TimeDelta = TimeDelta::minutes(30);
/// A sweep that is so much later than its interval is not made any more.
const LATE: TimeDelta = TimeDelta::hours(1);
/// Whoever takes webhooks says so every ten seconds.
const UNHEARD: TimeDelta = TimeDelta::minutes(3);
/// A source is read all the time.
const UNREAD_SECONDS: f64 = 600.0;
/// A system that is tried again is not well yet.
const CALM: TimeDelta = TimeDelta::minutes(10);
/// Who pauses a site that was never resumed.
const INSTALLATION: &str = "installation";

/// The causes, the most urgent first.
pub fn alarming(facts: &Facts) -> Vec<Cause> {
    let mut causes = Vec::new();
    for state in &facts.systems {
        causes.extend(of_system(state, facts));
    }
    causes.extend(of_ingress(facts));
    causes.extend(of_spill(facts));
    causes.extend(facts.held.iter().filter_map(|group| of_held(group, facts)));
    let stopped = facts.sweeps.iter().filter(|(sweep, _)| sweep.is_stopped);
    causes.extend(stopped.map(|(sweep, _)| of_stopped(sweep)));
    causes.extend(of_gaps(&facts.gaps));
    if facts.are_running() {
        causes.extend(of_late(facts));
        causes.extend(of_cursors(facts));
    }
    causes
}

/// A cause with nothing counted, for the integrator.
fn plain(class: &str, of: &str, says: String, step: String) -> Cause {
    Cause {
        identity: format!("{class}|{of}"),
        class: class.to_owned(),
        code: String::new(),
        says,
        items: 0,
        unit: String::new(),
        net: None,
        companies: Vec::new(),
        companies_in_all: 0,
        since: None,
        detail: None,
        who: Fixer::Integrator.as_str().to_owned(),
        step,
        continues: true,
        patience_seconds: 0,
        calm_seconds: 0,
    }
}

/// What only waits for a day to come needs nobody.
fn of_held(group: &Group, facts: &Facts) -> Option<Cause> {
    let problem = &group.problem;
    if problem.subject["is"] == "time" {
        return None;
    }
    let cause = plain(
        "held",
        &problem.identity,
        problem.says.trim_end_matches('.').to_owned(),
        problem.step.clone(),
    );
    Some(Cause {
        code: problem.code.clone(),
        items: group.items,
        unit: "record".to_owned(),
        net: group.net.filter(|net| !net.is_zero()),
        companies: group.companies.clone(),
        companies_in_all: group.companies_in_all,
        since: Some(group.since),
        who: problem.who.clone(),
        continues: problem.continues,
        patience_seconds: facts.patience.num_seconds(),
        ..cause
    })
}

fn of_system(state: &SystemState, facts: &Facts) -> Option<Cause> {
    let system = state.system;
    let (word, by) = (system.as_str(), state.paused_by.as_deref());
    if let Some(departed) = &state.departed {
        let says = format!("nothing is written to {system}: {}", departed.stop());
        let remedy = remedy::of_stop(system, &departed.code).to_owned();
        return Some(Cause {
            code: departed.code.clone(),
            since: Some(departed.since),
            continues: false,
            patience_seconds: 0,
            ..plain("departed", word, says, remedy)
        });
    }
    if state.paused {
        let by = by.filter(|by| *by != INSTALLATION)?;
        let says = format!("{system} is paused by {by}: nothing is written to it");
        return Some(Cause {
            continues: false,
            patience_seconds: FORGOTTEN.num_seconds(),
            ..plain("paused", word, says, "crossbill resume".to_owned())
        });
    }
    let stop = state.stop.as_ref()?;
    // What a person has to mend is told at once; a system that is away, or used up, may be back by itself.
    let may_pass = matches!(stop.code.as_str(), "away" | "budget" | "licence");
    let says = format!("{system} is stopped: {}", stop.reason.trim_end_matches('.'));
    let remedy = remedy::of_stop(system, &stop.code).to_owned();
    let of = format!("{word}|{}", stop.code);
    Some(Cause {
        code: stop.code.clone(),
        patience_seconds: i64::from(may_pass) * facts.patience.num_seconds(),
        calm_seconds: seconds(CALM),
        ..plain("stopped", &of, says, remedy)
    })
}

/// Gaps of one reason are one cause, whatever kinds they are of.
fn of_gaps(gaps: &[Gap]) -> Vec<Cause> {
    let mut by_reason: BTreeMap<(System, &str), Vec<&Gap>> = BTreeMap::new();
    for gap in gaps {
        by_reason
            .entry((gap.system, &gap.reason))
            .or_default()
            .push(gap);
    }
    let cause = |((system, reason), gaps): ((System, &str), Vec<&Gap>)| {
        let says = format!(
            "changes in {system} may have been missed and were not looked at again: {}",
            reason.trim_end_matches('.')
        );
        let kinds: Vec<&str> = gaps
            .iter()
            .map(|gap| gap.kind.as_ref().map_or("all kinds", |kind| kind.as_str()))
            .collect();
        let missed: i64 = gaps.iter().filter_map(|gap| gap.missed).sum();
        let known = (missed > 0).then(|| format!("; {missed} calls are known to have been missed"));
        Cause {
            since: gaps.iter().map(|gap| gap.since).min(),
            detail: Some(format!(
                "Of: {}{}.",
                kinds.join(", "),
                known.unwrap_or_default()
            )),
            patience_seconds: UNCLOSED.num_seconds(),
            ..plain(
                "gap",
                &format!("{}|{reason}", system.as_str()),
                says,
                "see crossbill status for the sweep that does not come to its end, and crossbill webhooks check".to_owned(),
            )
        }
    };
    by_reason.into_iter().map(cause).collect()
}

fn of_stopped(sweep: &Sweep) -> Cause {
    let of = &sweep.of;
    let identity = format!("{}|{}|{}", of.kind, of.system.as_str(), of.trail);
    let says = format!("the sweep of {} waits for a person", words(of));
    let step = format!(
        "find out why; if they are meant to be gone: crossbill resume --release {}",
        of.kind
    );
    Cause {
        detail: sweep.trouble.clone(),
        ..plain("sweep-stopped", &identity, says, step)
    }
}

fn of_late(facts: &Facts) -> Option<Cause> {
    let is_late = |(sweep, every): &&(Sweep, Duration)| {
        let every = TimeDelta::from_std(*every).unwrap_or(TimeDelta::MAX);
        let late = TimeDelta::seconds(sweep.seconds).checked_sub(&every);
        !sweep.is_stopped && late.is_some_and(|late| late > may_be_late(&sweep.of, LATE))
    };
    let late: Vec<_> = facts.sweeps.iter().filter(is_late).collect();
    let names: Vec<String> = late.iter().map(|(sweep, _)| words(&sweep.of)).collect();
    let trouble = late.iter().find_map(|(sweep, _)| sweep.trouble.clone());
    let says = format!("what is changed is not looked for: {}", names.join(", "));
    (!late.is_empty()).then(|| Cause {
        items: late.len().try_into().unwrap_or(i64::MAX),
        unit: "sweep".to_owned(),
        detail: trouble,
        calm_seconds: seconds(CALM),
        ..plain(
            "sweeps-late",
            "",
            says,
            "see crossbill status for what keeps them".to_owned(),
        )
    })
}

fn of_spill(facts: &Facts) -> Option<Cause> {
    (facts.spilled > 0).then(|| Cause {
        items: facts.spilled,
        unit: "event".to_owned(),
        patience_seconds: facts.patience.num_seconds(),
        ..plain(
            "spilled",
            "",
            "RabbitMQ does not take them, and nothing is lost".to_owned(),
            "see whether RabbitMQ runs (AMQP_URL), and its alarms of memory and disk".to_owned(),
        )
    })
}

fn of_ingress(facts: &Facts) -> Option<Cause> {
    let unheard = facts.unheard.filter(|unheard| *unheard > UNHEARD)?;
    let cause = plain(
        "unheard",
        "",
        "nobody takes webhooks: what is changed in Autotask is only found by sweeps".to_owned(),
        "see whether crossbill serve ingress runs".to_owned(),
    );
    Some(Cause {
        since: Some(facts.at - unheard),
        ..cause
    })
}

fn of_cursors(facts: &Facts) -> impl Iterator<Item = Cause> {
    let unread = facts
        .cursors
        .iter()
        .filter(|cursor| cursor.seconds > UNREAD_SECONDS);
    unread.map(|cursor| Cause {
        since: Some(cursor.moved_at),
        calm_seconds: seconds(CALM),
        ..plain(
            "unread",
            &cursor.name,
            format!(
                "nobody reads {}: what is changed there is only found by sweeps",
                cursor.name
            ),
            "see whether crossbill serve ingress runs".to_owned(),
        )
    })
}

fn seconds(delta: TimeDelta) -> i32 {
    delta.num_seconds().try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
