//! The system as a whole, from its outside. One binary, one module a theme.
#![expect(
    clippy::unwrap_used,
    reason = "in a test a panic is a failure, which is what we want"
)]

mod alerts;
mod asset;
mod billing;
mod companies;
mod conflicts;
mod contract;
#[cfg(debug_assertions)]
mod crash_points;
mod crashes;
mod day;
mod denials;
#[expect(
    unused_imports,
    reason = "the tests of it are all that is here; `ops/bench` uses it"
)]
mod figures;
mod floor_plan;
#[expect(
    dead_code,
    reason = "a minute has to roll in it: `ops/bench governor` plays it"
)]
mod governor;
mod lined;
mod lookups;
mod mapped_by_hand;
mod new_tenant;
mod ops;
mod outages;
mod pausing;
mod prove;
mod purchase;
mod quote;
mod refusals;
mod restores;
mod roles;
mod signatures;
mod stock;
mod strangers;
mod sweeps;
mod system;
mod tickets;
mod time;
mod unwritable;
mod webhooks;
#[expect(
    dead_code,
    unused_imports,
    reason = "what a year cost is told by `ops/bench`"
)]
mod year;
