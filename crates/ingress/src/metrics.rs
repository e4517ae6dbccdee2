//! The names of this crate's metrics.

/// Counter: webhook calls answered with 202, by `outcome` (`published`, `spilled`, `deactivated`).
pub const ACCEPTED: &str = "crossbill_webhooks_accepted_total";
/// Counter: webhook calls turned away, by `reason`.
pub const REJECTED: &str = "crossbill_webhooks_rejected_total";
/// Counter: events that a feed put on their way, by `feed` (the name of its cursor).
pub const FEED_EVENTS: &str = "crossbill_feed_events_total";
/// Gauge: seconds from the oldest change of the last page to its publishing, by `feed`; 0 when idle.
pub const FEED_LAG: &str = "crossbill_feed_lag_seconds";
