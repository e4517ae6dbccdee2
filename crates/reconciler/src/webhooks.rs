//! Our webhooks in Autotask: what they are to be like, what they are like, and making the one like the other. `connect`,
//! the guardian and `crossbill webhooks` do it by the same functions.
//!
//! Calls go one after the other, as three at once on one endpoint are too many.

mod compare;
mod gap;
mod given_up;
mod look;
mod mend;

use chrono::{DateTime, Utc};
use domain::Kind;
use secrecy::SecretString;
use store::Db;
use sync::Watch;
use url::Url;

pub use self::{
    compare::{Correction, Findings},
    look::Seen,
    mend::{Mended, rotate},
};

/// A webhook that is to be, and the kind of its events.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The kind.
    pub kind: Kind,
    /// What it watches.
    pub watch: Watch,
}

/// What all our webhooks have alike.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The address that leads to ingress from outside.
    pub address: Url,
    /// What their secrets are derived from.
    pub site_key: SecretString,
}

/// Where and when they are looked after.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Our database.
    pub db: &'a Db,
    /// Autotask.
    pub autotask: &'a autotask::Client,
    /// The time.
    pub now: DateTime<Utc>,
}

/// Why webhooks could not be looked after.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Postgres.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Autotask.
    #[error(transparent)]
    Autotask(#[from] autotask::Error),
}

/// Whether the secret is sent as well, which cannot be read and so not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// Only where something else is to be mended.
    Trusted,
    /// In any case.
    Renewed,
}

impl Wanted {
    /// What a webhook is like, held against what it is to be. Writes nothing.
    pub async fn look(&self, at: Place<'_>, hook: &Hook) -> Result<Seen, Error> {
        let rows = store::webhook::list(at.db).await?;
        let row = rows.into_iter().find(|row| row.name == hook.watch.name);
        look::look(self, at, hook, row).await
    }

    /// Makes a webhook what it is to be, and stores what it is like then. The time in which it did not call is a gap, which
    /// ends now if it is on again.
    pub async fn mend(&self, at: Place<'_>, hook: &Hook, secret: Secret) -> Result<Mended, Error> {
        let seen = self.look(at, hook).await?;
        Box::pin(mend::mend(at, hook, seen, secret)).await
    }
}

pub(crate) use given_up::take_given_up;
