//! The broker's promises, against a real RabbitMQ, a virtual host a test.
#![expect(
    clippy::unwrap_used,
    reason = "clippy's allow-in-tests does not reach helpers"
)]

mod consuming;
mod dying;
mod mute;
mod publishing;
mod settling;
mod site;
mod topology;
