//! The state of the two systems, shared by all processes: paused by a person, stopped by a fact, and which
//! database each was when it was connected.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{StopReason, System};
use serde::Serialize;

use crate::{Db, Error, database::Departed, error};

/// A row of `system_state`, without the budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SystemState {
    /// Which.
    pub system: System,
    /// Whether a person has paused it. Both start paused.
    pub paused: bool,
    /// Who paused or resumed it last.
    pub paused_by: Option<String>,
    /// Why it is stopped just now.
    pub stop: Option<Stopped>,
    /// Which database it was when it was connected.
    pub identity: Option<Identity>,
    /// What was seen that does not go with what is known of its database: nothing is written before that is over.
    pub departed: Option<Departed>,
}

impl SystemState {
    /// Whether work for it may go on.
    pub fn is_running(&self) -> bool {
        !self.paused && self.stop.is_none() && self.departed.is_none()
    }
}

/// Why a system is stopped, and when to look again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// A stable word; see [`StopReason::as_str`].
    pub code: String,
    /// One plain sentence.
    pub reason: String,
    /// When to look again.
    pub until: DateTime<Utc>,
    /// How long that is from now, in Postgres's clock.
    pub left: Duration,
}

/// Which database a system is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// The database's own id.
    pub database_id: String,
    /// How often it was restored.
    pub db_epoch: i64,
}

/// Both systems, in the order of [`System::BOTH`].
pub async fn state(db: &Db) -> Result<[SystemState; 2], Error> {
    let rows = sqlx::query!(
        r#"select system, paused, paused_by, stopped_reason, stopped_code, database_id, db_epoch,
                  departed_code, departed_reason, departed_at, agreed_at,
                  case when stopped_until > now() then stopped_until end as stopped_until,
                  extract(epoch from stopped_until - now())::float8 as left
           from system_state"#
    )
    .fetch_all(&db.0)
    .await?;
    let mut states = Vec::new();
    for row in rows {
        let departed = row.departed_code.zip(row.departed_reason);
        states.push(SystemState {
            system: error::system("system_state.system", &row.system)?,
            paused: row.paused,
            paused_by: row.paused_by,
            stop: row.stopped_until.map(|until| Stopped {
                code: row.stopped_code.unwrap_or_default(),
                reason: row.stopped_reason.unwrap_or_default(),
                until,
                left: Duration::from_secs_f64(row.left.unwrap_or_default().max(0.0)),
            }),
            identity: row.database_id.map(|database_id| Identity {
                database_id,
                db_epoch: row.db_epoch.unwrap_or_default(),
            }),
            departed: departed
                .zip(row.departed_at)
                .map(|((code, reason), since)| Departed {
                    code,
                    reason,
                    since,
                    agreed_at: row.agreed_at,
                }),
        });
    }
    states.sort_by_key(|state| state.system);
    // The migration inserts both and nothing deletes them.
    states.try_into().map_err(|_| Error::Word {
        column: "system_state.system",
        word: "(a row is missing)".to_owned(),
    })
}

/// Pauses a system. `false` if it was paused before.
pub async fn pause(db: &Db, system: System, who: &str) -> Result<bool, Error> {
    turn(db, system, who, true).await
}

/// Lets a system go on. `false` if it was not paused.
pub async fn resume(db: &Db, system: System, who: &str) -> Result<bool, Error> {
    turn(db, system, who, false).await
}

async fn turn(db: &Db, system: System, who: &str, paused: bool) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update system_state set paused = $2, paused_by = $3 where system = $1 and paused <> $2",
        system.as_str(),
        paused,
        who,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stops a system for `after`. Of several stops the one that lasts longest holds, with its own reason: a short wait
/// for the budget must not let workers call again with credentials that were just refused.
#[tracing::instrument(name = "db.system.stop", skip_all, fields(system = system.as_str(), reason = reason.as_str()))]
pub async fn stop(
    db: &Db,
    system: System,
    reason: &StopReason,
    after: Duration,
) -> Result<(), Error> {
    sqlx::query!(
        "update system_state
         set stopped_code = $2, stopped_reason = $3,
             stopped_until = now() + make_interval(secs => $4)
         where system = $1
           and (stopped_until is null or stopped_until <= now() + make_interval(secs => $4))",
        system.as_str(),
        reason.as_str(),
        reason.to_string(),
        after.as_secs_f64(),
    )
    .execute(&db.0)
    .await?;
    Ok(())
}

/// Ends a stop. `false` if there was none.
pub async fn clear_stop(db: &Db, system: System) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update system_state set stopped_code = null, stopped_reason = null, stopped_until = null
         where system = $1 and stopped_code is not null",
        system.as_str(),
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Which database a system was when it was connected.
pub async fn identity(db: &Db, system: System) -> Result<Option<Identity>, Error> {
    Ok(state(db)
        .await?
        .into_iter()
        .find(|state| state.system == system)
        .and_then(|state| state.identity))
}

/// Says which database a system is from now on.
pub async fn set_identity(db: &Db, system: System, identity: &Identity) -> Result<(), Error> {
    sqlx::query!(
        "update system_state set database_id = $2, db_epoch = $3 where system = $1",
        system.as_str(),
        identity.database_id,
        identity.db_epoch,
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
    async fn both_start_paused_and_a_stop_ends_by_itself(pool: PgPool) {
        let db = Db::from(pool);
        for system in System::BOTH {
            assert!(resume(&db, system, "mia").await.unwrap());
            assert!(!resume(&db, system, "mia").await.unwrap());
        }
        stop(
            &db,
            System::Jim2,
            &StopReason::Licence,
            Duration::from_mins(1),
        )
        .await
        .unwrap();
        let [autotask, jim2] = state(&db).await.unwrap();
        assert!(autotask.is_running());
        assert!(!jim2.is_running());
        let stopped = jim2.stop.unwrap();
        assert_eq!(stopped.code, "licence");
        assert!(stopped.left > Duration::from_secs(50), "{:?}", stopped.left);

        assert!(clear_stop(&db, System::Jim2).await.unwrap());
        assert!(!clear_stop(&db, System::Jim2).await.unwrap());
        stop(&db, System::Jim2, &StopReason::Away, Duration::ZERO)
            .await
            .unwrap();
        assert!(state(&db).await.unwrap()[1].is_running());
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_stop_that_lasts_longest_holds_with_its_own_reason(pool: PgPool) {
        let db = Db::from(pool);
        let seconds = Duration::from_secs;
        let refused = StopReason::Credentials("refused".to_owned());
        for (reason, after, holds) in [
            (StopReason::Away, seconds(10), "away"),
            (refused, seconds(300), "credentials"),
            (StopReason::Budget, seconds(9), "credentials"),
            (StopReason::Licence, seconds(600), "licence"),
        ] {
            stop(&db, System::Autotask, &reason, after).await.unwrap();
            let [autotask, _] = state(&db).await.unwrap();
            let stopped = autotask.stop.unwrap();
            assert_eq!(stopped.code, holds, "after {reason:?}");
        }
        sqlx::query("update system_state set stopped_until = now() - interval '1 second'")
            .execute(&db.0)
            .await
            .unwrap();
        stop(&db, System::Autotask, &StopReason::Budget, seconds(9))
            .await
            .unwrap();
        let [autotask, _] = state(&db).await.unwrap();
        assert_eq!(
            autotask.stop.unwrap().code,
            "budget",
            "one that is over holds nothing"
        );
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn the_identity_of_a_system_is_kept(pool: PgPool) {
        let db = Db::from(pool);
        assert_eq!(identity(&db, System::Jim2).await.unwrap(), None);
        let known = Identity {
            database_id: "JIM-MAIN".to_owned(),
            db_epoch: 3,
        };
        set_identity(&db, System::Jim2, &known).await.unwrap();
        assert_eq!(identity(&db, System::Jim2).await.unwrap(), Some(known));
    }
}
