//! How people are told.

use chrono::{NaiveTime, TimeDelta};
use reconciler::alerts::{Form, MailSettings};
use secrecy::SecretString;

/// How people are told. Without a webhook and without mail nobody is, and the metrics tell.
#[derive(Debug, Clone)]
pub(crate) struct Alerts {
    /// Where messages are posted, and how they look.
    pub(crate) webhook: Option<(SecretString, Form)>,
    /// How mail is sent.
    pub(crate) mail: Option<MailSettings>,
    /// How long a cause lasts before it is told of.
    pub(crate) patience: TimeDelta,
    /// A cause is told of once in this time.
    pub(crate) window: TimeDelta,
    /// When the digest is told, by the site's clocks.
    pub(crate) digest_at: Option<NaiveTime>,
}
