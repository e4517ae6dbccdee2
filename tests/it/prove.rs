//! The ledger run: people work on both sides while everything that Crossbill stands on fails at random; in the end nothing
//! is lost, nothing is there twice, nothing differs, and only what was planted is held.
//!
//! `ops/prove` runs a long one; among the tests is a short one. The seed decides what people do and what fails when; how
//! these meet is the machine's.

mod havoc;
mod ledger;
mod people;
mod report;
mod roles;
mod worlds;

use std::time::Duration;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use sandbox::{autotask, provider::Size};
use tokio::time::{Instant, sleep_until};

use self::{havoc::Havoc, ledger::Ledger, people::People, report::Report, roles::Roles};
use crate::system::{Site, System, setting};

/// Changes between two things that go wrong.
const BEAT: usize = 60;
/// How long each of these is there at least, so that it is met.
const LASTS: Duration = Duration::from_secs(1);
/// Calls an hour that this tenant may make: a real one may make 10,000.
const HOURLY_CALLS: usize = 100_000_000;
/// How long it may take to get quiet after the last fault: the fourth retry of a record is ten minutes after its third.
const CALM: Duration = Duration::from_mins(25);

/// What a run is made of.
#[derive(Debug, Clone, Copy)]
struct Run {
    seed: u64,
    changes: usize,
}

impl Run {
    fn from_environment() -> Self {
        Self {
            seed: setting("CROSSBILL_PROVE_SEED", 1),
            changes: setting("CROSSBILL_PROVE_CHANGES", 360),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_doubled_or_different_after_a_run_of_failures() {
    let run = Run::from_environment();
    report::begin(run);
    let system = site().await;
    let mut random = ChaCha8Rng::seed_from_u64(run.seed);
    let mut roles = Roles::start(&system);
    roles.ready().await;
    system.settle().await;
    let calls = worlds::autotask_calls(&system).await;
    let mut people = People::meet(&system).await;
    let mut ledger = Ledger::default();
    let mut havoc = Havoc::default();
    let began = Instant::now();
    let mut beat = 0;
    while ledger.changes() < run.changes {
        let next = Instant::now() + LASTS;
        let changes = BEAT.min(run.changes - ledger.changes());
        people.work(&mut ledger, &mut random, changes).await;
        sleep_until(next).await;
        havoc.go_on(&system, &mut roles, &mut random).await;
        roles.restart_ended().await;
        beat += 1;
        report::progress(beat, &ledger, run, began.elapsed());
    }
    havoc.end(&system, &mut roles).await;
    roles.ready().await;
    let calm = Instant::now();
    system.quiet_within(CALM).await;
    let converged = calm.elapsed();
    let held = worlds::held(&system).await;
    people.map_what_was_planted(&system).await;
    system.quiet_within(CALM).await;
    let report = Report {
        run,
        worked: calm.duration_since(began),
        converged,
        havoc: havoc.told(),
        counts: roles.counts().await,
        ended: roles.ended(),
        calls: worlds::autotask_calls(&system).await - calls,
        verdict: ledger.judge(&system, &people, held).await,
    };
    report::tell(&report);
    assert!(
        report.verdict.is_clean(),
        "seed {}: {:#?}",
        run.seed,
        report.verdict
    );
}

/// A site that stands on services of its own, every role a process, with everything allowed that may be.
async fn site() -> System {
    let usual = Site::default();
    let system = System::connected(Site {
        has_own_rabbitmq: true,
        has_own_postgres: true,
        autotask: autotask::Options {
            hourly_threshold: HOURLY_CALLS,
            ..usual.autotask
        },
        size: Size {
            companies: 60,
            contacts: 120,
            tickets: 40,
            technicians: 8,
            work: None,
        },
        ..usual
    })
    .await;
    let forget = [
        "lookups",
        "set",
        "issueType",
        "autotask",
        "Telephony",
        "--forget",
    ];
    system.crossbill(&forget).await;
    system
}
