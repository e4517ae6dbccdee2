//! What all requests share: the world behind its lock, and the tasks that outlive a request.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::webhook::delivery;
use super::world::World;

/// The stand-in's inside.
#[derive(Debug)]
pub(super) struct App {
    world: Mutex<World>,
    http: reqwest::Client,
    tasks: TaskTracker,
    stopping: CancellationToken,
    moved: Notify,
}

impl App {
    /// An application around a world.
    pub(super) fn new(world: World) -> io::Result<Self> {
        // Another stand-in of the same process may have chosen the provider already, which is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self {
            world: Mutex::new(world),
            http,
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            moved: Notify::new(),
        })
    }

    /// The client that calls webhooks.
    pub(super) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Tells when something was done in the world.
    pub(super) fn moved(&self) -> &Notify {
        &self.moved
    }

    /// The tasks to wait for at the end.
    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }

    /// Ends when the stand-in does.
    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Does something in the world, and sends what webhooks came of it.
    pub(super) fn act<T>(self: &Arc<Self>, deed: impl FnOnce(&mut World) -> T) -> T {
        let (result, lanes) = {
            let mut world = self.world();
            let result = deed(&mut world);
            (result, world.queues.start())
        };
        for lane in lanes {
            let app = Arc::clone(self);
            self.tasks.spawn(async move {
                let stopping = app.stopping.clone();
                stopping.run_until_cancelled(delivery::run(app, lane)).await;
            });
        }
        self.moved.notify_waiters();
        result
    }

    /// The world, for what can cause no webhook.
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every task to end.
    pub(super) fn end(&self) {
        self.stopping.cancel();
        self.tasks.close();
    }

    /// Tells every task to end, and waits until they have.
    pub(super) async fn stop(&self) {
        self.end();
        self.tasks.wait().await;
    }
}
