//! RabbitMQ, and the only crate that names it: topology, publishing, consuming, settling.
//!
//! Everything is durable, persistent, mandatory and confirmed. A copy is confirmed before its original is
//! acknowledged, so that a crash in between repeats a message and never loses one.

mod connection;
mod consumer;
pub mod dead;
mod error;
mod message;
pub mod metrics;
mod publisher;
mod settle;
mod suspect;
#[cfg(feature = "testing")]
pub mod testing;
pub mod topology;
mod url;

pub use connection::{Broker, Depth, backoff};
pub use consumer::{Consumer, Delivery, Queues};
pub use error::Error;
pub use message::{Headers, Lane, Outgoing, Route};
pub use publisher::{Limits, PublishError, Publisher, PublisherTask};
pub use settle::{Settled, Settler, Unsent};
pub use suspect::{Suspect, Suspects};
pub use topology::{Family, Tier, Tiers, Topology};
pub use url::AmqpUrl;
