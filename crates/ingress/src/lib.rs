//! The way in: Autotask's webhooks and Jim2's change feed become events on RabbitMQ.
//!
//! A webhook is checked, published with a confirm (or kept in Postgres) and answered; nothing else happens here.
//! A feed publishes a page and only then moves its cursor. What is told twice is harmless, what is lost is not.

mod event;
pub mod feed;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzz;
mod heartbeat;
mod kind;
pub mod metrics;
mod missed;
mod pace;
mod payload;
pub mod poll;
mod registry;
mod rejection;
mod router;
mod secret;
mod signed;
#[cfg(test)]
mod testing;
mod trouble;

pub use heartbeat::Heartbeat;
pub use missed::Missed;
pub use router::{Intake, router};

/// The setting that holds our own initials in Jim2, as `connect` found them.
pub const OWN_INITIALS: &str = "jim2.initials";
