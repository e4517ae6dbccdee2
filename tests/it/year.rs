//! A year of a provider: the first load of all its history, killed half way, and a day of changes after it. `ops/bench
//! year` plays as much of it as a machine has time for; the test plays a hundredth.

mod day;
mod load;
mod site;
mod told;

use std::time::Duration;

use sandbox::{check::Agreement, provider::Size};
use tokio::time::Instant;

pub(crate) use told::{ALLOWANCE, Phase, SHARE_OF_LOADS, float};
use told::{Calls, Volume};

/// How a year is played.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How much of it there is.
    pub(crate) size: Size,
    /// Calls an hour that this tenant may make.
    pub(crate) hourly_calls: usize,
    /// How long to wait for anything at most.
    pub(crate) patience: Duration,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Played {
    /// What there was.
    pub(crate) volume: Volume,
    /// Connecting, the first load until the kill, the rest of it, and the day.
    pub(crate) phases: Vec<Phase>,
    /// The most memory that a process of Crossbill had, in MB.
    pub(crate) memory: f64,
    /// What the checker compared after the load, and after the day.
    pub(crate) agreements: [Agreement; 2],
    /// What is held in the end, by kind and problem.
    pub(crate) held: Vec<String>,
    /// What Crossbill leaves in the past, and why: how often each.
    pub(crate) left: Vec<String>,
}

impl Played {
    /// Calls to Autotask for connecting and the first load.
    pub(crate) fn load_calls(&self) -> u64 {
        let of_load = self.phases.iter().take(3);
        of_load.map(|phase| phase.calls.autotask()).sum()
    }
}

/// Plays it; `note` hears what happens now.
pub(crate) async fn play(plan: Plan, note: fn(&str)) -> Played {
    let stage = site::Stage::set(plan, note).await;
    let mut played = load::load(&stage).await;
    day::play(&stage, &mut played).await;
    played.held = stage.held().await;
    played.left.extend(stage.left().await);
    stage.system.terminate().await;
    played
}

impl site::Stage {
    /// What one phase cost, from what was counted before it.
    async fn phase(&self, name: &'static str, (began, before): (Instant, Counted)) -> Phase {
        let now = self.counted().await;
        Phase {
            name,
            took: began.elapsed(),
            calls: now.calls - before.calls,
            applied: now.applied - before.applied,
        }
    }

    async fn counted(&self) -> Counted {
        Counted {
            calls: Calls::read(&self.system).await,
            applied: self.applied().await,
        }
    }

    async fn begin(&self, what: &str) -> (Instant, Counted) {
        (self.note)(what);
        (Instant::now(), self.counted().await)
    }
}

/// What is counted from the beginning on.
#[derive(Debug, Clone, Copy)]
struct Counted {
    calls: Calls,
    applied: i64,
}

impl site::Stage {
    /// Compares both systems, everything since the beginning; what of it is not to be equal by design is only counted.
    ///
    /// Notes on a job that people had made before Crossbill came stay where they are: only what is written from then on
    /// travels.
    async fn agreement(&self) -> (Agreement, usize) {
        let mut agreement = self.system.agreement_since(self.from).await;
        let before = agreement.findings.len();
        let is_old = |one: &sandbox::check::Finding| {
            let job = one.record.rsplit(' ').next().unwrap_or_default();
            one.says.starts_with("note ") && self.earlier_jobs.iter().any(|no| no == job)
        };
        agreement.findings.retain(|one| !is_old(one));
        let left = before - agreement.findings.len();
        (agreement, left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hundredth of the year.
    const PART: usize = 100;
    /// Calls to Autotask for each record of the first load: it is read by many at once, and what refers to its other half is
    /// written once. Some of each batch's calls are the same for one record and for 200, so a slow machine, which has larger
    /// batches, needs fewer.
    const CALLS_A_RECORD: f64 = 1.2;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_first_load_of_a_years_part_is_whole_although_it_was_killed_half_way_and_nothing_is_there_twice()
     {
        let plan = Plan {
            size: Size::year().part(PART),
            hourly_calls: 100_000_000,
            patience: crate::system::LATER * 2,
        };
        let played = play(plan, |_| {}).await;
        for agreement in &played.agreements {
            assert!(agreement.is_whole(), "{:#?}", agreement.findings);
            for (kind, least) in [
                ("tickets", played.volume.tickets / 2),
                ("time", played.volume.entries),
                ("billing", played.volume.items * 9 / 10),
            ] {
                let compared = agreement.compared[kind];
                assert!(
                    compared >= least,
                    "{compared} of {least} of the kind {kind}"
                );
            }
        }
        assert_eq!(played.held, Vec::<String>::new());
        let calls = float(played.load_calls()) / float(played.volume.records().try_into().unwrap());
        assert!(
            calls <= CALLS_A_RECORD,
            "{calls} calls a record: {:#?}",
            played.phases
        );
    }
}
