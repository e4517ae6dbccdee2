//! The names of what is measured here.

/// Histogram: seconds from sending to the last byte of the answer. Labels: `operation`, `outcome`.
pub const REQUEST_SECONDS: &str = "rest_request_seconds";
