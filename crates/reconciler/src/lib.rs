//! What runs beside the workers so that nothing stays where it fell: upkeep now, sweeps later.
//!
//! Every loop is a function of one step that can be repeated at any moment by any number of processes.
//! Nothing here writes to either system: it only puts events, and dead letters, back on their way.

pub mod metrics;
mod trouble;
pub mod upkeep;

pub use upkeep::{Timing, Upkeep};
