//! The stand-in of Autotask PSA: its REST API with state, limits and webhooks, and people's hands beside it.
//!
//! Whatever the documents do not show to be possible is refused, and [`Options`] says what can be switched.

mod answer;
mod app;
mod billing;
mod clock;
mod control;
mod fault;
mod front;
mod limit;
mod metadata;
mod options;
mod query;
mod read;
mod replica;
mod route;
mod row;
mod schema;
mod seed;
mod udf;
mod webhook;
mod wire;
mod world;
mod write;

use std::io;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use options::{API_RESOURCE, ApiUser, Denial, Inventory, Options};

use crate::fault::switch::Switch;
use crate::provider::Provider;
use app::App;

/// A running stand-in; it ends when it is stopped or dropped.
#[derive(Debug)]
pub struct Autotask {
    app: Arc<App>,
    base_url: String,
}

impl Autotask {
    /// Starts to answer at the listener, filled with the provider's companies, people, tickets and notes.
    #[expect(
        clippy::unused_async,
        reason = "the two stand-ins are started alike, inside a runtime"
    )]
    pub async fn start(
        listener: TcpListener,
        provider: &Provider,
        options: Options,
    ) -> io::Result<Self> {
        let base_url = format!("http://{}", listener.local_addr()?);
        let faults = options.switches();
        let mut world = seed::world(provider, options);
        world.faults.start(&faults)?;
        let app = Arc::new(App::new(world)?);
        front::start(&app, listener);
        Ok(Self { app, base_url })
    }

    /// Reads a fault to start with, such as `lost-answer:count=1`.
    pub fn fault(text: &str) -> Result<Switch, String> {
        crate::fault::read::<fault::Fault>(text)
    }

    /// The address without a path: `http://127.0.0.1:18080`.
    pub fn base_url(&self) -> String {
        self.base_url.clone()
    }

    /// Ends it: requests in hand are answered, webhooks on their way are dropped.
    pub async fn stop(self) {
        self.app.stop().await;
    }
}

impl Drop for Autotask {
    fn drop(&mut self) {
        self.app.end();
    }
}

#[cfg(test)]
mod tests;
