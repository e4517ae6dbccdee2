//! How much of Autotask's hourly allowance is used, asked seldom and by one process at a time.

use domain::System;
use store::{budget, system};

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Asks, while Autotask is neither paused nor stopped and nobody has asked lately.
pub(super) async fn measure_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let [autotask, _] = system::state(&upkeep.db).await?;
    debug_assert_eq!(autotask.system, System::Autotask);
    let last = budget::usage(&upkeep.db).await?;
    // Nearly the whole wait: a loop that wakes a little early must not skip every other turn.
    let enough = upkeep.timing.measure.as_secs_f64() * 0.9;
    let is_fresh = last.age_seconds.is_some_and(|age| age < enough);
    if !autotask.is_running() || is_fresh {
        return Ok(Step::Rest);
    }
    let told = upkeep.autotask.threshold().await?;
    let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let (used, limit) = (whole(told.used), whole(told.limit));
    budget::measure(&upkeep.db, used, limit, whole(told.minutes)).await?;
    metrics::gauge!(names::ALLOWANCE_USED).set(f64::from(told.used) / f64::from(told.limit.max(1)));
    Ok(Step::Rest)
}

#[cfg(test)]
mod tests;
