//! What runs beside the workers so that nothing stays where it fell, and nothing is missed: upkeep and sweeps.
//!
//! Every loop is a function of one step that can be repeated at any moment by any number of processes.
//! Nothing here writes to a record of either system: events and dead letters are put back on their way, our own
//! webhooks in Autotask are mended, and people are told what needs them.

pub mod alerts;
pub mod lists;
pub mod metrics;
pub mod remedy;
pub mod sweep;
mod trouble;
pub mod upkeep;
pub mod webhooks;

pub use alerts::{Alerts, Outlet};
pub use sweep::{Sweeps, Trailed};
pub use upkeep::{Timing, Upkeep};
