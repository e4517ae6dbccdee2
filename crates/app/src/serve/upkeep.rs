//! Keeping house: what was left behind is brought back, and what nobody told of is found.

use std::sync::Arc;

use reconciler::{
    sweep,
    upkeep::{self, Timing, Upkeep},
};
use sync::Publish;
use tokio_util::sync::CancellationToken;

use super::roles::Tasks;
use crate::parts::{Clients, Parts};

/// Starts it.
pub(super) fn start(
    tasks: &mut Tasks,
    (parts, intake): (&Parts, &Publish),
    clients: &Clients,
    turn: &CancellationToken,
) -> anyhow::Result<()> {
    let upkeep = Upkeep {
        db: parts.db.clone(),
        publish: parts.publish.clone(),
        publisher: parts.publisher.clone(),
        intake: intake.publisher().clone(),
        broker: parts.broker.clone(),
        autotask: clients.autotask.clone(),
        jim2: clients.jim2.clone(),
        lists: clients.lists(),
        hooks: crate::kinds::hooks(),
        wanted: parts.webhooks(),
        trails: parts.trails(),
        alerts: parts.alerts()?,
        holder: parts.holder.clone(),
        clock: Arc::clone(&parts.clock),
        timing: Timing::default(),
    };
    let stop = turn.clone();
    tasks.spawn(async move {
        Box::pin(upkeep::run(upkeep, stop)).await;
        Ok(())
    });
    let (sweeps, stop) = (parts.sweeps(clients), turn.clone());
    tasks.spawn(async move {
        Box::pin(sweep::run(sweeps, stop)).await;
        Ok(())
    });
    Ok(())
}
