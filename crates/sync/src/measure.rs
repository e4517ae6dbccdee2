//! Measuring the allowance: the one way to ask how much of it is used, and to remember it.

use autotask::Threshold;
use store::{
    Db,
    budget::{self, Told},
};

/// Asks Autotask how much of the allowance is used, and remembers it for all processes.
pub async fn measure(
    db: &Db,
    autotask: &autotask::Client,
) -> Result<Result<Threshold, autotask::Error>, store::Error> {
    let begun = budget::begin_measure(db).await?;
    let told = match autotask.threshold().await {
        Ok(told) => told,
        Err(error) => return Ok(Err(error)),
    };
    let whole = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let measured = Told {
        used: whole(told.used),
        allowance: whole(told.limit),
        window_minutes: whole(told.minutes),
    };
    budget::measure(db, begun, measured).await?;
    Ok(Ok(told))
}
