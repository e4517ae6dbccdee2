//! The one writing session of a system, shared so that all processes use one licence. Its bytes come sealed.

use std::time::Duration;

use domain::System;

use crate::{Db, Error};

/// A writing session as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The sealed bytes.
    pub sealed: Vec<u8>,
    /// Counts the sessions: sealing the same thing twice gives other bytes.
    pub version: i64,
    /// Who opened it.
    pub holder: String,
}

/// The session now kept, unless it has run out.
pub async fn load(db: &Db, system: System) -> Result<Option<Session>, Error> {
    Ok(sqlx::query_as!(
        Session,
        "select sealed, version, holder from session where system = $1 and expires_at > now()",
        system.as_str(),
    )
    .fetch_optional(&db.0)
    .await?)
}

/// Keeps a session for `lasts` in place of the one with version `replaced` (`None`: of nothing, or of one
/// that has run out). Answers the session now kept: another one where somebody was faster.
pub async fn save(
    db: &Db,
    system: System,
    sealed: &[u8],
    holder: &str,
    lasts: Duration,
    replaced: Option<i64>,
) -> Result<Session, Error> {
    let saved = sqlx::query_as!(
        Session,
        "insert into session as s (system, sealed, holder, expires_at)
         values ($1, $2, $3, now() + make_interval(secs => $4))
         on conflict (system) do update
         set sealed = excluded.sealed, holder = excluded.holder, expires_at = excluded.expires_at,
             version = s.version + 1
         where s.expires_at <= now() or s.version = $5
         returning sealed, version, holder",
        system.as_str(),
        sealed,
        holder,
        lasts.as_secs_f64(),
        replaced,
    )
    .fetch_optional(&db.0)
    .await?;
    match saved {
        Some(session) => Ok(session),
        // Cleared in between: the caller's next load finds nothing and opens anew.
        None => load(db, system).await?.ok_or(Error::Collision),
    }
}

/// Forgets the session with this version. `false`: another one is kept.
pub async fn clear(db: &Db, system: System, version: i64) -> Result<bool, Error> {
    // Not deleted: a later session must not get the same version.
    let done = sqlx::query!(
        "update session set sealed = '', expires_at = now()
         where system = $1 and version = $2 and expires_at > now()",
        system.as_str(),
        version,
    )
    .execute(&db.0)
    .await?;
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    const LASTS: Duration = Duration::from_mins(20);

    async fn keep(db: &Db, sealed: &[u8], replaced: Option<i64>) -> Session {
        save(db, System::Jim2, sealed, "worker", LASTS, replaced)
            .await
            .unwrap()
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn of_two_processes_one_session_is_kept(pool: PgPool) {
        let db = Db::from(pool);
        assert_eq!(load(&db, System::Jim2).await.unwrap(), None);
        let first = keep(&db, b"first", None).await;
        assert_eq!(
            keep(&db, b"second", None).await,
            first,
            "somebody was faster"
        );
        let second = keep(&db, b"second", Some(first.version)).await;
        assert_eq!(second.sealed, b"second");
        assert!(!clear(&db, System::Jim2, first.version).await.unwrap());
        assert!(clear(&db, System::Jim2, second.version).await.unwrap());
        assert_eq!(load(&db, System::Jim2).await.unwrap(), None);
        let third = keep(&db, b"third", None).await;
        assert!(third.version > second.version);
    }
}
