//! How much of Autotask's hourly allowance is used, asked seldom and by one process at a time.

use domain::{StopReason, System};
use store::{
    budget,
    system::{self, SystemState},
};

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// At most so much of the window lies between two measures.
const PARTS: f64 = 40.0;

/// Asks, while Autotask is neither paused nor stopped and nobody has asked lately. A stop because the allowance is used up
/// is no reason not to ask, but the best one: how else would we learn that it is not any more?
pub(super) async fn measure_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let [autotask, _] = system::state(&upkeep.db).await?;
    debug_assert_eq!(autotask.system, System::Autotask);
    let last = budget::usage(&upkeep.db).await?;
    let window = f64::from(last.window_minutes) * 60.0;
    let every = upkeep.timing.measure.as_secs_f64().min(window / PARTS);
    // Nearly the whole wait: a loop that wakes a little early must not skip every other turn.
    let is_fresh = last.age_seconds.is_some_and(|age| age < every * 0.9);
    if !may_ask(&autotask) || is_fresh {
        return Ok(Step::Rest);
    }
    let told = sync::measure(&upkeep.db, &upkeep.autotask).await??;
    metrics::gauge!(names::ALLOWANCE_USED).set(f64::from(told.used) / f64::from(told.limit.max(1)));
    Ok(Step::Rest)
}

fn may_ask(autotask: &SystemState) -> bool {
    let is_budget = |code: &str| code == StopReason::Budget.as_str();
    let stop = autotask.stop.as_ref();
    !autotask.paused && stop.is_none_or(|stop| is_budget(&stop.code))
}

#[cfg(test)]
mod tests;
