//! How far our clock is ahead of each system's, as it was last seen.

use chrono::{DateTime, TimeDelta, Utc};
use domain::System;

use crate::{Db, Error};

/// A look at two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// When, by ours.
    pub at: DateTime<Utc>,
    /// How far ours was ahead; negative where it was behind.
    pub ahead: TimeDelta,
}

/// The last look at the clock of `system`; `None` where it never told its time.
pub async fn last(db: &Db, system: System) -> Result<Option<Look>, Error> {
    let row = sqlx::query!(
        "select clock_at, clock_ahead_ms from system_state where system = $1",
        system.as_str(),
    )
    .fetch_one(&db.0)
    .await?;
    Ok(row
        .clock_at
        .zip(row.clock_ahead_ms)
        .map(|(at, ahead)| Look {
            at,
            ahead: TimeDelta::milliseconds(ahead),
        }))
}

/// Keeps a look.
pub async fn looked(db: &Db, system: System, look: Look) -> Result<(), Error> {
    sqlx::query!(
        "update system_state set clock_at = $2, clock_ahead_ms = $3 where system = $1",
        system.as_str(),
        look.at,
        look.ahead.num_milliseconds(),
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_last_look_at_each_clock_is_kept(pool: PgPool) {
        let db = Db::from(pool);
        let look = |ahead: i64| Look {
            at: DateTime::UNIX_EPOCH + TimeDelta::days(20_000),
            ahead: TimeDelta::milliseconds(ahead),
        };
        for ahead in [-90_250, 1] {
            looked(&db, System::Jim2, look(ahead)).await.unwrap();
            assert_eq!(last(&db, System::Jim2).await.unwrap(), Some(look(ahead)));
        }
        assert_eq!(last(&db, System::Autotask).await.unwrap(), None);
    }
}
