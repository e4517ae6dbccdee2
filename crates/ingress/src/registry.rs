//! Which webhooks there are and what they sign with, kept in memory and read again when a call does not fit.

use std::{
    collections::HashMap,
    error::Error as StdError,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde_json::Value as Json;
use store::{Db, setting, webhook};
use sync::{OWN_RESOURCE, webhook_secret};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use crate::secret::is_signed_with;

/// Strangers can make us look at Postgres no more often than this.
const AT_MOST_EVERY: Duration = Duration::from_secs(1);

/// For how long after it got another secret a webhook's last one is taken: Autotask tries a call for minutes only.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// How long a call waits for Postgres here at most. All who wait meanwhile go on with what is known then.
const READ_WITHIN: Duration = Duration::from_secs(1);

/// The webhooks as last read.
#[derive(Debug)]
pub(crate) struct Registry {
    db: Db,
    site_key: SecretString,
    cached: RwLock<Option<Arc<Known>>>,
    /// When it was last read, well or badly. Held while reading, which only a call that does not fit what is known
    /// waits for.
    read_at: Mutex<Option<Instant>>,
}

/// What is known of our webhooks.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// The secrets of each name that are taken: the present one, and the one before until then.
    secrets: HashMap<String, Vec<Secret>>,
    /// Our own resource in Autotask.
    pub(crate) own_resource: Option<String>,
}

/// A secret that is taken.
#[derive(Debug)]
struct Secret {
    secret: SecretString,
    /// Until when; `None` is for good.
    until: Option<DateTime<Utc>>,
}

/// The secrets of a webhook that are taken: the one of its version, and for a while the one before.
fn taken(
    site_key: &SecretString,
    (name, version): (&str, i32),
    rotated_at: Option<DateTime<Utc>>,
) -> Vec<Secret> {
    let of = |version: i32, until: Option<DateTime<Utc>>| Secret {
        secret: webhook_secret(site_key, name, version),
        until,
    };
    let before = rotated_at.filter(|_| version > 1);
    let before = before.map(|at| of(version - 1, Some(at + OVERLAP)));
    [of(version, None)].into_iter().chain(before).collect()
}

impl Known {
    /// One webhook of this name and version, which it got at the beginning of 1970.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) fn only(site_key: &SecretString, name: &str, version: i32) -> Self {
        Self {
            secrets: HashMap::from([(
                name.to_owned(),
                taken(site_key, (name, version), Some(DateTime::UNIX_EPOCH)),
            )]),
            own_resource: None,
        }
    }

    /// Whether there is a webhook of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.secrets.contains_key(name)
    }

    /// Whether webhook `name` signed this body, as far as its secrets are taken `now`.
    pub(crate) fn is_signed(
        &self,
        (name, signature): (&str, &str),
        body: &[u8],
        now: DateTime<Utc>,
    ) -> bool {
        let signed = |taken: &Secret| {
            is_signed_with(&taken.secret, signature, body)
                && taken.until.is_none_or(|until| now < until)
        };
        let secrets = self.secrets.get(name);
        secrets.is_some_and(|secrets| secrets.iter().any(signed))
    }
}

impl Registry {
    /// A registry over `db`, for the secrets derived from `site_key`. Nothing is read yet.
    pub(crate) fn new(db: Db, site_key: SecretString) -> Self {
        Self {
            db,
            site_key,
            cached: RwLock::default(),
            read_at: Mutex::default(),
        }
    }

    /// What is known; read first where nothing is. `None` while Postgres cannot be asked either.
    pub(crate) async fn known(&self) -> Option<Arc<Known>> {
        match self.cached() {
            Some(known) => Some(known),
            None => self.again().await,
        }
    }

    /// What is known once Postgres was asked again, which happens at most once a second.
    pub(crate) async fn again(&self) -> Option<Arc<Known>> {
        let mut read_at = self.read_at.lock().await;
        if read_at.is_some_and(|at| at.elapsed() < AT_MOST_EVERY) {
            return self.cached();
        }
        // Before as well: a caller that hangs up ends the reading, and is no reason to read more often.
        *read_at = Some(Instant::now());
        let loaded = timeout(READ_WITHIN, self.load()).await;
        *read_at = Some(Instant::now());
        match loaded {
            Ok(Ok(known)) => {
                let mut cached = self.cached.write().unwrap_or_else(PoisonError::into_inner);
                *cached = Some(Arc::new(known));
            }
            Ok(Err(error)) => going_on(&error),
            Err(late) => going_on(&late),
        }
        self.cached()
    }

    fn cached(&self) -> Option<Arc<Known>> {
        self.cached
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    async fn load(&self) -> Result<Known, store::Error> {
        let own: Option<Json> = setting::get(&self.db, OWN_RESOURCE).await?;
        let rows = webhook::list(&self.db).await?;
        let secrets = |row: &webhook::Webhook| {
            let (version, rotated_at) = (row.secret_version, row.rotated_at);
            taken(&self.site_key, (&row.name, version), rotated_at)
        };
        Ok(Known {
            secrets: rows
                .iter()
                .map(|row| (row.name.clone(), secrets(row)))
                .collect(),
            own_resource: own.as_ref().and_then(whole),
        })
    }
}

fn going_on(error: &(dyn StdError + 'static)) {
    tracing::warn!(
        error,
        "the webhooks could not be read, going on with what is known"
    );
}

/// A setting that is a number or text of one, as text.
fn whole(setting: &Json) -> Option<String> {
    match setting {
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{PgPool, postgres::PgPoolOptions};

    use super::*;
    use crate::{
        secret::signature,
        testing::{site_key, webhook},
    };

    const NAME: &str = "crossbill-ticket";
    const BODY: &[u8] = b"{}";

    #[sqlx::test(migrator = "store::MIGRATOR")]
    async fn while_postgres_hangs_strangers_hold_up_nobody(pool: PgPool) {
        let one = PgPoolOptions::new()
            .max_connections(1)
            .connect_with((*pool.connect_options()).clone())
            .await
            .unwrap();
        let registry = Registry::new(Db::from(one.clone()), site_key());
        webhook::upsert(&Db::from(pool), &webhook(NAME, 1))
            .await
            .unwrap();
        assert!(registry.known().await.unwrap().has(NAME));
        let _hanging = one.acquire().await.unwrap();
        // From here on nothing is asked of the network, and the clock jumps to whatever is waited for next.
        tokio::time::pause();
        tokio::time::advance(AT_MOST_EVERY).await;

        let began = Instant::now();
        let (a, b, c) = tokio::join!(registry.again(), registry.again(), registry.again());
        let waited = began.elapsed();
        assert!(waited < READ_WITHIN * 2, "all together: {waited:?}");
        assert!(
            [a, b, c]
                .iter()
                .all(|known| known.as_ref().unwrap().has(NAME))
        );

        tokio::time::advance(AT_MOST_EVERY).await;
        let began = Instant::now();
        let seal = signature(&webhook_secret(&site_key(), NAME, 1), BODY);
        let ours = async {
            let known = registry.known().await.unwrap();
            (
                known.is_signed((NAME, &seal), BODY, DateTime::UNIX_EPOCH),
                began.elapsed(),
            )
        };
        let (_, ours) = tokio::join!(registry.again(), ours);
        assert_eq!(ours, (true, Duration::ZERO), "beside a stranger's call");
    }
}
