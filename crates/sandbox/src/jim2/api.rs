//! The web API: who may call, and where each call goes.

mod assets;
mod attribute;
mod cardfiles;
mod contacts;
mod filter;
mod gate;
mod getdata;
mod invoices;
mod jobs;
mod lines;
mod order_lines;
mod orders;
mod page;
mod parameter;
mod projects;
mod reading;
pub(crate) mod render;
mod simple;
mod stock;
mod token;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::door::Latch;
use super::refusal::Refusal;
use super::world::World;

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct App {
    world: Arc<Mutex<World>>,
    pub(crate) tasks: TaskTracker,
    pub(crate) latch: Latch,
    stop: CancellationToken,
}

impl App {
    /// An application over a world, behind the door of `latch`, until `stop`.
    pub(crate) fn new(
        world: World,
        tasks: TaskTracker,
        latch: Latch,
        stop: CancellationToken,
    ) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            tasks,
            latch,
            stop,
        }
    }

    /// The world, with every transaction that is due committed and every request that is due processed.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.release_due();
        world.process_due();
        world
    }

    /// Takes its time, but not when all is to end.
    async fn wait(&self, duration: Duration) {
        if duration.is_zero() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            () = self.stop.cancelled() => {}
        }
    }
}

/// The routes below `/{app}`.
pub(crate) fn router(app: &App) -> Router<App> {
    let name = format!("/{}", app.world().options.app);
    let routes = Router::new()
        .route("/token", post(token::issue))
        .route("/logoff", get(token::log_off).post(token::log_off))
        .route("/api/v1/jobcreate", post(simple::create_job))
        .route("/api/v1/cardfilecreate", post(simple::create_card))
        .route("/api/v1/pocreate", post(simple::create_purchase))
        .route("/api/v1/quotecreate", post(simple::create_quote))
        .merge(orders::routes())
        .route("/api/v1/custom/getdata", get(getdata::run))
        .route("/api/v1/custom/GetData", get(getdata::run))
        .route("/api/v1/jobs", get(jobs::list).post(jobs::create))
        .route("/api/v1/jobs/{jobno}", get(jobs::one).patch(jobs::update))
        .route(
            "/api/v1/jobs/{jobno}/{lines}",
            get(lines::list).post(lines::create),
        )
        .route(
            "/api/v1/jobs/{jobno}/{lines}/{id}",
            get(lines::one).patch(lines::update).delete(lines::remove),
        )
        .route("/api/v1/invoices/{invno}", get(invoices::one))
        .route(
            "/api/v1/projects",
            get(projects::list).post(projects::create),
        )
        .route(
            "/api/v1/projects/{projectno}",
            get(projects::one).patch(projects::update),
        )
        .route("/api/v1/assets", get(assets::list).post(assets::create))
        .route(
            "/api/v1/assets/{assetno}",
            get(assets::one).patch(assets::update),
        )
        .route("/api/v1/stock", get(stock::list))
        .route("/api/v1/stock/{stockno}", get(stock::one))
        .route("/api/v1/stock/{stockno}/{part}", get(stock::parts))
        .route("/api/v1/cardfiles", get(cardfiles::list))
        .route(
            "/api/v1/cardfiles/{cardno}",
            get(cardfiles::one).patch(cardfiles::update),
        )
        .route(
            "/api/v1/cardfiles/{cardno}/contacts",
            get(contacts::list).post(contacts::create),
        )
        .route(
            "/api/v1/cardfiles/{cardno}/contacts/{id}",
            get(contacts::one)
                .patch(contacts::update)
                .delete(contacts::remove),
        )
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(app.clone(), gate::gate));
    Router::new().nest(&name, routes)
}

async fn nowhere(request: Request) -> Refusal {
    Refusal::not_found("Address", request.uri().path())
}

async fn wrong_method(request: Request) -> Refusal {
    Refusal::method(format!(
        "{} does not take {}.",
        request.uri().path(),
        request.method()
    ))
}
