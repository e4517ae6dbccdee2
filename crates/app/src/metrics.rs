//! The names of the process's own gauges.

/// Messages that wait in a queue. By queue.
pub(crate) const QUEUE_MESSAGES: &str = "crossbill_queue_messages";
/// Consumers of a queue. By queue.
pub(crate) const QUEUE_CONSUMERS: &str = "crossbill_queue_consumers";
/// How long a queue has not been seen empty, in seconds: no event in it waits longer. By queue.
pub(crate) const QUEUE_OLDEST_SECONDS: &str = "crossbill_queue_oldest_seconds_at_most";
/// Events that wait in Postgres for the broker.
pub(crate) const SPILL_MESSAGES: &str = "crossbill_spill_messages";
/// Held items that are not archived.
pub(crate) const HELD_ITEMS: &str = "crossbill_held_items";
/// The money that they hold up, without GST, as far as it is known.
pub(crate) const HELD_DOLLARS: &str = "crossbill_held_dollars";
/// Pairs with a write that is not finished.
pub(crate) const OPEN_INTENTS: &str = "crossbill_open_intents";
/// Spans in which events may have been missed.
pub(crate) const OPEN_GAPS: &str = "crossbill_open_gaps";
/// Pairs. By kind and state.
pub(crate) const PAIRS: &str = "crossbill_pairs";
/// How long ago a source was last read to its end, in seconds. By cursor.
pub(crate) const CURSOR_AGE_SECONDS: &str = "crossbill_cursor_age_seconds";
/// The share of Autotask's hourly allowance that is used, from 0 to 1.
pub(crate) const BUDGET_SHARE: &str = "crossbill_budget_share";
/// What that share will be at the next full hour at this rate; 0.9 where nothing goes on before.
pub(crate) const BUDGET_FORECAST: &str = "crossbill_budget_forecast_share";
/// Calls to Autotask that are not ours, a minute.
pub(crate) const BUDGET_OTHERS: &str = "crossbill_budget_others_per_minute";
/// Calls granted in the window. By lane.
pub(crate) const BUDGET_GRANTED: &str = "crossbill_budget_granted_calls";
/// 1 while a system is neither paused nor stopped. By system.
pub(crate) const SYSTEM_RUNNING: &str = "crossbill_system_running";
/// Up to when a sweep has met all changes, in seconds since 1970. By sweep (`ticket_autotask`).
pub(crate) const SWEPT_UP_TO: &str = "crossbill_complete_up_to_timestamp_seconds";
/// What is alarming: causes. By class (`held`, `stopped`, …), code and who can solve it.
pub(crate) const ALERT_CAUSES: &str = "crossbill_alert_causes";
/// Items that wait for them. By the same.
pub(crate) const ALERT_ITEMS: &str = "crossbill_alert_items";
/// The money that they hold up, without GST, as far as it is known. By the same.
pub(crate) const ALERT_DOLLARS: &str = "crossbill_alert_dollars";
/// Messages to people that could not be sent, and are tried again. By outlet.
pub(crate) const ALERTS_UNSENT: &str = "crossbill_alerts_unsent";
/// When somebody last looked what is alarming, in seconds since 1970.
pub(crate) const ALERTS_LOOKED_AT: &str = "crossbill_alerts_looked_at_timestamp_seconds";
