//! The one loop of upkeep and of sweeps.

use std::time::Duration;

use store::Db;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::Step;
use crate::trouble::{Trouble, chain};

/// Steps now and then every `wait`, and at once again while there is more, until `stop`.
///
/// Trouble is told once, and once that it is over. Every step is safe to break off.
pub(crate) async fn every<F, Stepping>(
    name: &str,
    wait: Duration,
    db: &Db,
    stop: &CancellationToken,
    mut work: F,
) where
    F: FnMut() -> Stepping,
    Stepping: Future<Output = Result<Step, Trouble>>,
{
    let steps = async {
        let mut is_well = true;
        loop {
            let stepped = work().await;
            is_well = tell(name, is_well, &stepped);
            match stepped {
                Ok(Step::Again) => {}
                Ok(Step::Rest) => sleep(wait).await,
                Err(trouble) => {
                    trouble.heed(db).await;
                    sleep(wait).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = steps => {}
    }
}

/// Logs a change between well and not well. Answers how it is now.
fn tell(name: &str, was_well: bool, stepped: &Result<Step, Trouble>) -> bool {
    match stepped {
        Ok(_) => {
            if !was_well {
                tracing::info!(upkeep = name, "upkeep goes on");
            }
            true
        }
        Err(trouble) => {
            let reason = chain(trouble);
            if was_well {
                tracing::error!(upkeep = name, reason, "upkeep waits");
            } else {
                tracing::debug!(upkeep = name, reason, "upkeep still waits");
            }
            false
        }
    }
}
