//! The one way to send an HTTP request to another system, and to fail at it.
//!
//! Nothing is retried here and no redirect is followed: what happens next is the caller's decision.
//! Nothing secret gets out: errors carry no URL and no request, and answers are quoted shortened.

mod answer;
mod client;
mod error;
pub mod metrics;
mod retry_after;
mod server_clock;

pub use answer::Answer;
pub use client::{Client, Settings, Unbuildable};
pub use error::{Broken, Error};
pub use server_clock::ServerClock;
