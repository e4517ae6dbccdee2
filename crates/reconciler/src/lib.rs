//! What runs beside the workers so that nothing stays where it fell, and nothing is missed: upkeep and sweeps.
//!
//! Every loop is a function of one step that can be repeated at any moment by any number of processes.
//! Nothing here writes to either system: it only puts events, and dead letters, back on their way.

pub mod metrics;
pub mod sweep;
mod trouble;
pub mod upkeep;

pub use sweep::{Sweeps, Trailed};
pub use upkeep::{Timing, Upkeep};
