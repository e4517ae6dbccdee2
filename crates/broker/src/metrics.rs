//! The names of this crate's metrics.

/// Counter: messages published, by `outcome` (`confirmed`, or the word of the refusal).
pub const PUBLISHED: &str = "crossbill_broker_published_total";
/// Histogram: seconds from the call to the confirm.
pub const CONFIRM_SECONDS: &str = "crossbill_broker_confirm_seconds";
/// Gauge: 1 while the publisher has a connection that takes messages.
pub const PUBLISHER_UP: &str = "crossbill_broker_publisher_up";
/// Counter: messages taken from a queue, by `lane`.
pub const TAKEN: &str = "crossbill_broker_taken_total";
/// Counter: messages settled, by `how` (`acknowledged`, `retried`, `deferred`, `buried`, `given back`).
pub const SETTLED: &str = "crossbill_broker_settled_total";
