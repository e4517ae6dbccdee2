//! The hourly allowance of Autotask calls, which all processes and all other integrations of the tenant share.
//!
//! What counts is the last measure plus what we granted since plus the others' rate times the measure's age.

mod forecast;
mod lanes;
mod measure;
mod usage;

pub use forecast::{Forecast, forecast};
pub use lanes::{Grant, SLOW, STOP_FROM, Terms, decide, terms};
pub use measure::{Begun, Told, begin_measure, measure};
pub use usage::{Usage, usage};

use domain::{Lane, System};
use sqlx::PgConnection;

use crate::{Db, Error};

/// Asks for calls. They are counted first, under the lock of the one row, so that no two processes are granted the same
/// room; what is not granted is taken back.
pub async fn grant(db: &Db, lane: Lane, calls: u32) -> Result<Grant, Error> {
    let mut tx = db.begin().await?;
    count_in(&mut tx, lane, calls).await?;
    let grant = decide(lane, &usage::usage_in(&mut *tx).await?);
    match grant {
        Grant::Go | Grant::Slow(_) => tx.commit().await?,
        Grant::Wait(_) | Grant::Stop(_) => tx.rollback().await?,
    }
    Ok(grant)
}

/// Counts calls that are made whatever is used: measuring is how we learn that there is room again.
pub async fn count(db: &Db, lane: Lane, calls: u32) -> Result<(), Error> {
    count_in(&mut *db.0.acquire().await?, lane, calls).await
}

async fn count_in(connection: &mut PgConnection, lane: Lane, calls: u32) -> Result<(), Error> {
    sqlx::query!(
        "with counted as (
             update system_state set granted_since = granted_since + $2 where system = $1
             returning greatest(window_minutes, 1) as minutes
         )
         insert into lane_use as u (lane, at, calls)
         select $3, date_bin(make_interval(secs => minutes), now(), timestamptz 'epoch'), $2 from counted
         on conflict (lane, at) do update set calls = u.calls + excluded.calls",
        System::Autotask.as_str(),
        i32::try_from(calls).unwrap_or(i32::MAX),
        lane.as_str(),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests;
