//! The names of this crate's metrics.

/// Counter: messages put back on their way, by `from` (`spill`, `claim`, `held`, `dead`).
pub const PUT_BACK: &str = "crossbill_upkeep_put_back_total";
/// Counter: dead letters that became held items.
pub const BURIED: &str = "crossbill_upkeep_buried_total";
/// Gauge: 1 while Autotask calls the webhook, by `webhook`.
pub const WEBHOOK_ACTIVE: &str = "crossbill_webhook_active";
/// Counter: what was mended of our webhooks in Autotask, by `webhook` and `what`.
pub const WEBHOOK_MENDED: &str = "crossbill_webhook_mended_total";
/// Gauge: the share of Autotask's hourly allowance that is used, by all its integrations.
pub const ALLOWANCE_USED: &str = "crossbill_autotask_allowance_used_ratio";
/// Gauge: by how many seconds our clock is ahead of that of each `system`.
pub const CLOCK_AHEAD: &str = "crossbill_clock_ahead_seconds";
/// Counter: complete passes of sweeps, by `kind` and `system`.
pub const SWEEP_PASSES: &str = "crossbill_sweep_passes_total";
/// Counter: events that sweeps published, by `kind` and `system`.
pub const SWEEP_FOUND: &str = "crossbill_sweep_events_total";
/// Counter: pairs that full sweeps found not to be as agreed, by `kind`, `system` and `cause` (`missed`, `outage`, `mapping`,
/// `unexplained`).
pub const DRIFT: &str = "crossbill_drift_pairs_total";
/// Counter: messages to people, by `outlet` (`webhook`, `mail`) and `what` (`raised`, `reminded`, `resolved`, `digest`,
/// `failed`).
pub const ALERT_MESSAGES: &str = "crossbill_alert_messages_total";
