//! What is to be told of a cause now. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use store::alert::{Alert, Told};

use super::{cause::Cause, message::What};

/// What lasts is told of again after a day, though it got no worse.
const DAILY: TimeDelta = TimeDelta::days(1);

/// A cause, and what was told of it by one outlet.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The cause as it was last seen.
    pub cause: &'a Cause,
    /// Since when it is there, or until when it was.
    pub alert: &'a Alert,
    /// What was told.
    pub told: Option<&'a Told>,
}

/// What is to be told of it at `now`, where a cause is told of at most once in `window`: that it is there, once it lasted
/// long enough; that it is there still, where it got worse or a day has passed; and that it is over, to whoever was told.
pub fn decide(entry: &Entry<'_>, now: DateTime<Utc>, window: TimeDelta) -> Option<What> {
    let (cause, alert, told) = (entry.cause, entry.alert, entry.told);
    let told_at = told.and_then(|told| told.told_at);
    let open = told.filter(|told| told.is_open);
    if let Some(over_at) = alert.over_at {
        let is_calm = now - over_at >= TimeDelta::seconds(cause.calm_seconds.into());
        return (open.is_some() && is_calm).then_some(What::Resolved);
    }
    let is_shut = told_at.is_some_and(|at| now - at < window);
    let lasts = now - alert.since >= TimeDelta::seconds(cause.patience_seconds);
    match open {
        _ if is_shut => None,
        Some(open) => {
            let is_worse = cause.items > open.items || cause.net > open.net;
            let is_old = told_at.is_none_or(|at| now - at >= DAILY);
            (is_worse || is_old).then_some(What::Reminded)
        }
        None => lasts.then_some(What::Raised),
    }
}

#[cfg(test)]
mod tests;
