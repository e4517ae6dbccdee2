//! Postgres, and the only crate that knows it: pairs and claims, intents, held items, mappings, cursors, budget.
//!
//! One module an aggregate, free functions with `db` first. A transaction begins and ends inside one
//! function, so that none can span a call to another system. Times are Postgres's own (`now()`).

pub mod absence;
pub mod alert;
pub mod audit;
pub mod budget;
pub mod claim;
pub mod clock;
pub mod contents;
pub mod cursor;
pub mod database;
mod db;
pub mod digest;
mod dirty;
mod error;
pub mod gap;
pub mod guard;
pub mod heartbeat;
pub mod held;
pub mod intent;
pub mod journal;
pub mod lookup;
pub mod mapping;
pub mod pair;
mod remember;
pub mod sequence;
pub mod session;
pub mod setting;
pub mod slot;
pub mod spill;
pub mod status;
pub mod sweep;
pub mod system;
#[cfg(test)]
mod testing;
pub mod webhook;

pub use claim::{Claim, Claimed, Taken};
pub use db::{Db, MIGRATOR};
pub use error::Error;
pub use pair::{ChildRow, PairRow, State};
pub use remember::{Held, Outcome, Remembered, remember};
