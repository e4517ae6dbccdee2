//! The system as a whole, from its outside. One binary, one module a theme.
#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is a failure, which is what we want"
)]

mod floor_plan;
