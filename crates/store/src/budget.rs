//! The hourly allowance of Autotask calls, which all processes and all other integrations of the tenant share.
//!
//! What counts is the last measure plus what we granted since plus the others' rate times the measure's age.

use std::time::Duration;

use domain::System;
use serde::Serialize;

use crate::{Db, Error};

/// From this share of the allowance on, live work goes slower and bulk work waits.
pub const SLOW_FROM: f64 = 0.50;
/// From this share on, only essential work goes on.
pub const ESSENTIAL_FROM: f64 = 0.75;
/// From this share on, nothing goes on.
pub const STOP_FROM: f64 = 0.90;

/// What live work waits before each batch while it goes slower.
pub const SLOW: Duration = Duration::from_secs(1);
/// When work that has to wait asks again.
pub const ASK_AGAIN: Duration = Duration::from_mins(1);
/// When bulk work that has to wait asks again.
pub const BULK_ASKS_AGAIN: Duration = Duration::from_mins(5);

/// What the calls are worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lane {
    /// What was begun, what a person asked for, and live creations.
    Essential,
    /// Other live work.
    Live,
    /// Sweeps, first loads and big replays.
    Bulk,
}

/// Whether calls may be made. What is granted is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// At once.
    Go,
    /// Granted; make them after this pause.
    Slow(Duration),
    /// Not granted; ask again after this.
    Wait(Duration),
}

/// How much of the allowance is used.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Usage {
    /// What the last measure said.
    pub used: i32,
    /// How many calls a window has.
    pub allowance: i32,
    /// How long the window is.
    pub window_minutes: i32,
    /// What we granted since the measure.
    pub granted_since: i32,
    /// Calls a minute that are not ours.
    pub rate_others: f64,
    /// How old the measure is; `None` before the first.
    pub age_seconds: Option<f64>,
}

impl Usage {
    /// The share of the allowance that is used, once `calls` more are made.
    pub fn share_with(&self, calls: u32) -> f64 {
        let age_minutes = self.age_seconds.unwrap_or_default() / 60.0;
        let used = f64::from(self.used)
            + f64::from(self.granted_since)
            + f64::from(calls)
            + self.rate_others * age_minutes.min(f64::from(self.window_minutes));
        used / f64::from(self.allowance.max(1))
    }
}

/// Whether calls of a lane may be made at this share of the allowance.
pub fn decide(lane: Lane, share: f64) -> Grant {
    if share >= STOP_FROM {
        return Grant::Wait(match lane {
            Lane::Essential | Lane::Live => ASK_AGAIN,
            Lane::Bulk => BULK_ASKS_AGAIN,
        });
    }
    match lane {
        Lane::Essential if share >= ESSENTIAL_FROM => Grant::Slow(SLOW),
        Lane::Live if share >= ESSENTIAL_FROM => Grant::Wait(ASK_AGAIN),
        Lane::Live if share >= SLOW_FROM => Grant::Slow(SLOW),
        Lane::Bulk if share >= SLOW_FROM => Grant::Wait(BULK_ASKS_AGAIN),
        Lane::Essential | Lane::Live | Lane::Bulk => Grant::Go,
    }
}

/// How much of the allowance is used, as far as we know.
pub async fn usage(db: &Db) -> Result<Usage, Error> {
    Ok(sqlx::query_as!(
        Usage,
        r#"select used, allowance, window_minutes, granted_since, rate_others,
                  extract(epoch from now() - measured_at)::float8 as age_seconds
           from system_state where system = $1"#,
        System::Autotask.as_str(),
    )
    .fetch_one(&db.0)
    .await?)
}

/// Asks for calls. Granted ones are counted in the same transaction.
pub async fn grant(db: &Db, lane: Lane, calls: u32) -> Result<Grant, Error> {
    let mut tx = db.begin().await?;
    let usage = sqlx::query_as!(
        Usage,
        r#"select used, allowance, window_minutes, granted_since, rate_others,
                  extract(epoch from now() - measured_at)::float8 as age_seconds
           from system_state where system = $1 for update"#,
        System::Autotask.as_str(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let grant = decide(lane, usage.share_with(calls));
    match grant {
        Grant::Wait(_) => {}
        Grant::Go | Grant::Slow(_) => {
            sqlx::query!(
                "update system_state set granted_since = granted_since + $2 where system = $1",
                System::Autotask.as_str(),
                i32::try_from(calls).unwrap_or(i32::MAX),
            )
            .execute(&mut *tx)
            .await?;
        }
    }
    tx.commit().await?;
    Ok(grant)
}

/// Takes in what Autotask says of the allowance. What others use is what it counts and we did not grant,
/// smoothed over two measures that are at least ten seconds apart.
pub async fn measure(db: &Db, used: i32, limit: i32, window_minutes: i32) -> Result<(), Error> {
    sqlx::query!(
        "update system_state
         set rate_others = case
                 when measured_at is null or now() - measured_at < interval '10 seconds'
                 then rate_others
                 else (rate_others
                       + greatest(0, $2::int - used - granted_since)
                         / (extract(epoch from now() - measured_at)::float8 / 60)) / 2
                 end,
             used = $2, allowance = $3, window_minutes = $4, granted_since = 0,
             measured_at = now()
         where system = $1",
        System::Autotask.as_str(),
        used,
        limit,
        window_minutes,
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[test]
    fn lanes_give_way_by_worth() {
        let (go, slow) = (Grant::Go, Grant::Slow(SLOW));
        let (wait, bulk) = (Grant::Wait(ASK_AGAIN), Grant::Wait(BULK_ASKS_AGAIN));
        for (share, expected) in [
            (0.0, [go, go, go]),
            (0.499, [go, go, go]),
            (0.50, [go, slow, bulk]),
            (0.749, [go, slow, bulk]),
            (0.75, [slow, wait, bulk]),
            (0.899, [slow, wait, bulk]),
            (0.90, [wait, wait, bulk]),
            (1.5, [wait, wait, bulk]),
        ] {
            let lanes = [Lane::Essential, Lane::Live, Lane::Bulk];
            assert_eq!(
                lanes.map(|lane| decide(lane, share)),
                expected,
                "at {share}"
            );
        }
    }

    #[test]
    fn an_old_measure_counts_what_others_have_used_since() {
        let usage = Usage {
            used: 4000,
            allowance: 10_000,
            window_minutes: 60,
            granted_since: 500,
            rate_others: 10.0,
            age_seconds: Some(1800.0),
        };
        assert!((usage.share_with(200) - 0.50).abs() < 1e-9);
        let ancient = Usage {
            age_seconds: Some(1e9),
            ..usage
        };
        assert!(
            (ancient.share_with(0) - 0.51).abs() < 1e-9,
            "at most a window's worth"
        );
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn grants_count_until_the_next_measure(pool: PgPool) {
        let db = Db::from(pool);
        measure(&db, 4990, 10_000, 60).await.unwrap();
        assert_eq!(grant(&db, Lane::Bulk, 9).await.unwrap(), Grant::Go);
        assert_eq!(
            grant(&db, Lane::Bulk, 9).await.unwrap(),
            Grant::Wait(BULK_ASKS_AGAIN)
        );
        assert_eq!(grant(&db, Lane::Live, 9).await.unwrap(), Grant::Slow(SLOW));
        assert_eq!(
            usage(&db).await.unwrap().granted_since,
            18,
            "what waits is not counted"
        );
        measure(&db, 100, 10_000, 60).await.unwrap();
        assert_eq!(usage(&db).await.unwrap().granted_since, 0);
        assert_eq!(grant(&db, Lane::Bulk, 9).await.unwrap(), Grant::Go);
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_we_did_not_grant_is_somebody_elses(pool: PgPool) {
        let db = Db::from(pool);
        measure(&db, 1000, 10_000, 60).await.unwrap();
        grant(&db, Lane::Live, 100).await.unwrap();
        sqlx::query("update system_state set measured_at = now() - interval '10 minutes'")
            .execute(&db.0)
            .await
            .unwrap();
        measure(&db, 1300, 10_000, 60).await.unwrap();
        let rate = usage(&db).await.unwrap().rate_others;
        assert!(
            (rate - 10.0).abs() < 0.1,
            "200 calls in 10 minutes, half of it new: {rate}"
        );
    }
}
