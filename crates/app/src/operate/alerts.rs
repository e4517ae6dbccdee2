//! What is alarming, who was told, and whether messages come.

use chrono::{DateTime, Utc};
use reconciler::alerts::{self, Cause, Digest, Message};
use serde::Serialize;
use serde_json::json;
use store::alert::Told;

use super::mistake;
use crate::parts::Parts;

/// A cause, and who was told of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Alarm {
    /// The cause as it is now.
    #[serde(flatten)]
    pub(crate) cause: Cause,
    /// When a reconciler first saw it; `None` where none has yet.
    pub(crate) seen_at: Option<DateTime<Utc>>,
    /// What each way out has told of it.
    pub(crate) told: Vec<Told>,
}

/// How a test by a way out went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Tried {
    /// The way out.
    pub(crate) outlet: &'static str,
    /// Why it did not take the message.
    pub(crate) trouble: Option<String>,
}

/// What is alarming now.
pub(crate) async fn standing(parts: &Parts) -> anyhow::Result<Vec<Alarm>> {
    let (db, now) = (&parts.db, parts.clock.now());
    let patience = parts.config.alerts.patience;
    let facts = alerts::gather(db, &parts.trails(), now, patience).await?;
    let (seen, told) = (store::alert::list(db).await?, store::alert::told(db).await?);
    let alarm = |cause: Cause| {
        let row = seen.iter().find(|row| row.cause == cause.identity);
        let own = told.iter().filter(|told| told.cause == cause.identity);
        Alarm {
            seen_at: row.filter(|row| row.over_at.is_none()).map(|row| row.since),
            told: own.cloned().collect(),
            cause,
        }
    };
    Ok(alerts::alarming(&facts).into_iter().map(alarm).collect())
}

/// Sends a test by each way out, which is written down.
pub(crate) async fn test(parts: &Parts, who: &str) -> anyhow::Result<Vec<Tried>> {
    let alerts = parts.alerts()?;
    if alerts.outlets.is_empty() {
        return mistake(
            "nobody is told of alerts: set ALERTS_WEBHOOK_URL, or ALERTS_SMTP_URL, ALERTS_MAIL_FROM and ALERTS_MAIL_TO",
        );
    }
    let message = Message::test(who, parts.clock.now(), alerts.zone);
    let mut tried = Vec::new();
    for outlet in &alerts.outlets {
        let sent = outlet.send(&message).await;
        tried.push(Tried {
            outlet: outlet.name(),
            trouble: sent.err().map(|trouble| trouble.to_string()),
        });
    }
    store::audit::write(&parts.db, who, "alerts test", &json!(tried)).await?;
    Ok(tried)
}

/// The digest as it would be told now, of what was since the last one.
pub(crate) async fn digest(parts: &Parts) -> anyhow::Result<Digest> {
    let since = store::digest::last(&parts.db, None).await?;
    Ok(alerts::digest(&parts.db, &parts.trails(), parts.clock.now(), since).await?)
}
