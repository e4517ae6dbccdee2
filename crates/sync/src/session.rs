//! The one writing session of Jim2, shared by all processes through Postgres, its token sealed.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use chrono::{DateTime, Utc};
use domain::{Source, System};
use jim2::{Grant, Identity, Kept, Known, Seen, Session, TopJob};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use store::Db;

use crate::Seal;

/// Stands among the tokens for that of a session sealed with another key; no token is empty.
const UNREADABLE: &str = "";

/// Keeps Jim2's writing session in Postgres.
#[derive(Debug)]
pub struct SealedSession {
    db: Db,
    seal: Seal,
    holder: String,
    /// The versions of the grants seen, by their tokens: Postgres compares versions, not tokens.
    versions: Mutex<HashMap<String, i64>>,
}

#[derive(Serialize, Deserialize)]
struct Plain {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
}

/// What is known of Jim2's database, in the words of its client.
pub fn in_jim2s_words(known: store::database::Known) -> Known {
    Known {
        identity: known.identity.map(|identity| Identity {
            database_id: identity.database_id,
            epoch: identity.db_epoch,
        }),
        mark: known.mark,
        job: known.job.map(|job| TopJob {
            no: job.no,
            made_at: job.made_at,
        }),
        is_training: known.is_training,
        departed: known.departed.map(|departed| departed.stop()),
    }
}

/// The highest job that was seen, in the words of the store.
pub fn top_job(seen: &Seen) -> Option<store::database::TopJob> {
    seen.top_job().map(|job| store::database::TopJob {
        no: job.no,
        made_at: job.made_at,
    })
}

impl SealedSession {
    /// The session kept in `db`, sealed with `seal`. `holder` says who opened it.
    pub fn new(db: Db, seal: Seal, holder: String) -> Self {
        Self {
            db,
            seal,
            holder,
            versions: Mutex::default(),
        }
    }

    /// The session as a grant, its version kept to replace it by; `None` where it was sealed with another key. Then a new
    /// one takes its place, and its licence is free when its token ends.
    fn usable(&self, session: &store::session::Session) -> Option<Grant> {
        let opened = self.opened(session).ok();
        if opened.is_none() {
            let mut versions = self.versions();
            versions.clear();
            versions.insert(UNREADABLE.to_owned(), session.version);
        }
        opened
    }

    fn opened(&self, session: &store::session::Session) -> Result<Grant, Source> {
        let plain: Plain = serde_json::from_slice(&self.seal.open(&session.sealed)?)?;
        let mut versions = self.versions();
        versions.clear();
        versions.insert(plain.access_token.clone(), session.version);
        Ok(Grant {
            access_token: plain.access_token.into(),
            refresh_token: plain.refresh_token.map(Into::into),
            expires_at: plain.expires_at,
            used_at: plain.used_at,
        })
    }

    fn sealed(&self, grant: &Grant) -> Result<Vec<u8>, Source> {
        let plain = Plain {
            access_token: grant.access_token.expose_secret().to_owned(),
            refresh_token: grant
                .refresh_token
                .as_ref()
                .map(|token| token.expose_secret().to_owned()),
            expires_at: grant.expires_at,
            used_at: grant.used_at,
        };
        Ok(self.seal.close(&serde_json::to_vec(&plain)?)?)
    }

    fn version(&self, grant: &Grant) -> Option<i64> {
        self.versions()
            .get(grant.access_token.expose_secret())
            .copied()
    }

    fn versions(&self) -> std::sync::MutexGuard<'_, HashMap<String, i64>> {
        self.versions
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Session for SealedSession {
    fn known(&self) -> Kept<'_, Known> {
        Box::pin(async move {
            let known = store::database::known(&self.db, System::Jim2).await?;
            Ok(in_jim2s_words(known))
        })
    }

    fn load(&self) -> Kept<'_, Option<Grant>> {
        Box::pin(async move {
            match store::session::load(&self.db, System::Jim2).await? {
                Some(session) => Ok(self.usable(&session)),
                None => Ok(None),
            }
        })
    }

    fn save<'a>(&'a self, grant: &'a Grant, replaced: Option<&'a Grant>) -> Kept<'a, Grant> {
        Box::pin(async move {
            let lasts = (grant.expires_at - grant.used_at)
                .to_std()
                .unwrap_or(Duration::from_mins(20));
            let replaced = match replaced {
                Some(grant) => self.version(grant),
                None => self.versions().get(UNREADABLE).copied(),
            };
            let sealed = self.sealed(grant)?;
            let kept = store::session::save(
                &self.db,
                System::Jim2,
                &sealed,
                &self.holder,
                lasts,
                replaced,
            )
            .await?;
            self.opened(&kept)
        })
    }

    fn clear<'a>(&'a self, grant: &'a Grant) -> Kept<'a, ()> {
        Box::pin(async move {
            if let Some(version) = self.version(grant) {
                store::session::clear(&self.db, System::Jim2, version).await?;
            }
            Ok(())
        })
    }
}
