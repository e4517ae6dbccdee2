//! The names of the engine's metrics.

/// Messages taken from the queues. By kind.
pub const EVENTS: &str = "crossbill_events_total";
/// Events that asked for nothing: an echo, a duplicate, an edit of what is not carried. By kind.
pub const NO_OPS: &str = "crossbill_noops_total";
/// Remote writes that were done. By kind and system.
pub const WRITES: &str = "crossbill_writes_total";
/// Pairs that were brought into step by at least one write. By kind.
pub const APPLIED: &str = "crossbill_applied_total";
/// Times a pair was held. By kind.
pub const HELD: &str = "crossbill_held_total";
/// From the moment an event was first seen to the moment its write was remembered, in seconds. By kind.
pub const SECONDS: &str = "crossbill_event_seconds";
/// Events that went to Postgres because the broker did not take them.
pub const SPILLED: &str = "crossbill_spilled_total";
