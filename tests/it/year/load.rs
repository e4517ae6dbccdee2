//! The first load of all history: connecting, a sweep over everything, a kill half way, and both once more.

use std::time::Duration;

use super::{Played, site::Stage};
use crate::system::{Process, eventually_every, memory, only_if};

/// How often it is looked how far the load is.
const PACE: Duration = Duration::from_millis(200);

/// Loads all of it.
pub(super) async fn load(stage: &Stage) -> Played {
    let mut phases = Vec::new();
    let begun = stage.begin("connecting").await;
    stage.connect().await;
    phases.push(stage.phase("connect", begun).await);

    let begun = stage
        .begin("loading all history, until half of it is there")
        .await;
    let (mut serve, mut sweep) = start(stage).await;
    half_way(stage, &mut serve).await;
    let mut peak = memory(&serve, "VmHWM").unwrap().max(peak_of(&mut sweep));
    serve.kill();
    sweep.kill();
    phases.push(stage.phase("first load until the kill", begun).await);

    let begun = stage.begin("killed; loading the rest").await;
    // As five minutes do: a sweep that was killed keeps its trail for so long.
    stage
        .system
        .database
        .execute("update sweep set leased_until = now() where leased_until > now()")
        .await;
    let (serve, sweep) = start(stage).await;
    assert_eq!(sweep.ended(stage.plan.patience).await, Some(0), "the sweep");
    stage.system.quiet_within(stage.plan.patience).await;
    stage.system.crossbill(&["mapping", "apply", "--yes"]).await;
    stage.system.quiet_within(stage.plan.patience).await;
    peak = peak.max(memory(&serve, "VmHWM").unwrap());
    phases.push(stage.phase("first load after the kill", begun).await);
    stage.system.keep(serve);

    (stage.note)("comparing both systems");
    let (compared, notes) = stage.agreement().await;
    Played {
        volume: stage.volume,
        phases,
        memory: peak,
        agreements: [compared, sandbox::check::Agreement::default()],
        held: Vec::new(),
        left: vec![format!(
            "{notes} notes on {} jobs that people had made before Crossbill came",
            stage.earlier_jobs.len()
        )],
    }
}

/// All roles in one process, and an operator who has everything since the beginning looked at.
async fn start(stage: &Stage) -> (Process, Process) {
    let mut serve = stage.system.launch(&["serve"], "serve");
    serve.ready().await;
    let since = stage.begins();
    let sweep = stage.system.launch(&["sweep", "--since", &since], "sweep");
    (serve, sweep)
}

/// Waits until half of what there is has been compared.
async fn half_way(stage: &Stage, serve: &mut Process) {
    let half = stage.volume.records() / 2;
    let half = i64::try_from(half).unwrap();
    eventually_every(
        PACE,
        stage.plan.patience,
        "half of it is loaded",
        async || {
            serve.lives()?;
            let done = stage.compared().await;
            only_if(done >= half, format!("{done} of {half}"))
        },
    )
    .await;
}

fn peak_of(process: &mut Process) -> f64 {
    if process.lives().is_ok() {
        memory(process, "VmHWM").unwrap_or_default()
    } else {
        0.0
    }
}
