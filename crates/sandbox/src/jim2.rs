//! A stand-in of Jim2 Business Engine: its web API over HTTP with state, its change table, and its people.
//!
//! What the documents do not show to be possible is refused; [`Options`] switches it on.

mod api;
mod asset;
mod card;
mod change;
mod clock;
mod contact;
mod create;
mod door;
mod fault;
mod hands;
mod input;
mod invoice;
mod job;
mod line;
mod list;
mod lock;
mod named;
mod note;
mod options;
mod order;
mod project;
mod queue;
mod record;
mod refusal;
mod seed;
mod session;
mod stats;
mod status;
mod stock;
#[cfg(test)]
mod tests;
mod world;

use std::io;
use std::net::SocketAddr;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use self::door::Door;
pub use self::options::{ContactIds, ErrorBodies, Options, Paging, Queueing};
use self::world::World;
use crate::fault::switch::Switch;
use crate::provider::Provider;

/// A running Jim2; it ends when dropped.
#[derive(Debug)]
pub struct Jim2 {
    address: SocketAddr,
    tasks: TaskTracker,
    stop: DropGuard,
}

impl Jim2 {
    /// Starts a Jim2 that knows its share of the provider's business. A set-up that makes no sense is refused.
    #[expect(
        clippy::unused_async,
        reason = "serving needs a runtime, and a caller without one should not compile"
    )]
    pub async fn start(
        listener: TcpListener,
        provider: &Provider,
        options: Options,
    ) -> io::Result<Self> {
        let wrong = |sentence| io::Error::new(io::ErrorKind::InvalidInput, sentence);
        options.check().map_err(wrong)?;
        let address = listener.local_addr()?;
        let tasks = TaskTracker::new();
        let stop = CancellationToken::new();
        let faults = options.faults.clone();
        let mut world = World::new(options);
        world.fill(provider);
        world.faults.start(&faults)?;
        let (door, latch) = Door::of(listener)?;
        if let Some(duration) = world.take_refusal() {
            latch.shut(duration);
        }
        let app = api::App::new(world, tasks.clone(), latch, stop.clone());
        let router: Router = api::router(&app).merge(hands::router()).with_state(app);
        let server =
            axum::serve(door, router).with_graceful_shutdown(stop.clone().cancelled_owned());
        tasks.spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(error = &error as &dyn std::error::Error, "jim2 stopped");
            }
        });
        Ok(Self {
            address,
            tasks,
            stop: stop.drop_guard(),
        })
    }

    /// Reads a fault to start with, such as `lost-answer:count=1`.
    pub fn fault(text: &str) -> Result<Switch, String> {
        crate::fault::read::<fault::Fault>(text)
    }

    /// Where it listens, without the application's name: `http://127.0.0.1:PORT`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it, after the answers under way.
    pub async fn stop(self) {
        drop(self.stop);
        self.tasks.close();
        self.tasks.wait().await;
    }
}
