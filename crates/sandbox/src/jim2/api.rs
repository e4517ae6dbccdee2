//! The web API: who may call, what is counted, which faults strike, and where each call goes.

mod attribute;
mod cardfiles;
mod contacts;
mod filter;
mod getdata;
mod jobs;
mod lines;
mod page;
mod parameter;
mod reading;
pub(crate) mod render;
mod simple;
mod token;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use tokio_util::task::TaskTracker;

use super::fault::Fault;
use super::refusal::Refusal;
use super::world::World;

/// What every handler shares.
#[derive(Clone)]
pub(crate) struct App {
    world: Arc<Mutex<World>>,
    pub(crate) tasks: TaskTracker,
}

impl App {
    /// An application over a world.
    pub(crate) fn new(world: World, tasks: TaskTracker) -> Self {
        Self {
            world: Arc::new(Mutex::new(world)),
            tasks,
        }
    }

    /// The world, with every transaction that is due committed.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.release_due();
        world
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
        .layer(from_fn_with_state(app.clone(), gate));
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

/// A call as the counters and faults see it.
struct Call {
    entity: String,
    endpoint: String,
    write: bool,
}

impl Call {
    fn of(request: &Request) -> Self {
        let path = request.extensions().get::<MatchedPath>().map_or_else(
            || request.uri().path().to_owned(),
            |path| path.as_str().to_owned(),
        );
        let path = path.trim_start_matches('/');
        let path = path.split_once('/').map_or(path, |(_, rest)| rest);
        let path = path.trim_start_matches("api/v1/");
        let signing = matches!(path, "token" | "logoff");
        let method = request.method();
        let endpoint = if path.eq_ignore_ascii_case("custom/getdata") {
            let parameters = parameter::parse(request.uri().query().unwrap_or_default());
            let name = parameter::find(&parameters, "queryname").unwrap_or_default();
            format!("getdata {name}")
        } else {
            format!("{method} {path}")
        };
        Self {
            entity: path.split('/').next().unwrap_or(path).to_owned(),
            endpoint,
            write: !signing && method != Method::GET && method != Method::HEAD,
        }
    }
}

/// Keeps the count of running calls right, even when the caller hangs up.
struct Running {
    app: App,
    entity: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.app.world().stats.end(&self.entity);
    }
}

/// Answers in a task of its own: what was asked is done, and only then waited for, also when the caller hangs up.
async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let running = app.tasks.spawn(pass(app.clone(), request, next));
    running.await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a call broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

async fn pass(app: App, request: Request, next: Next) -> Response {
    let call = Call::of(&request);
    let (delay, bodies, struck) = {
        let mut world = app.world();
        world
            .stats
            .begin(&call.entity, call.endpoint.clone(), call.write);
        let options = &world.options;
        let (delay, bodies) = (options.answer_delay, options.error_bodies);
        (delay, bodies, strike(&mut world))
    };
    let _running = Running {
        app: app.clone(),
        entity: call.entity,
    };
    let response = match struck {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        app.world().stats.refuse();
        return refusal.told(bodies);
    }
    let mut world = app.world();
    if response.status().is_client_error() || response.status().is_server_error() {
        world.stats.refuse();
    } else if call.write && world.faults.strikes(Fault::LostAnswer) {
        return cut_off();
    }
    response
}

/// The answer a fault gives instead of the call's own.
fn strike(world: &mut World) -> Option<Refusal> {
    if world.faults.strikes(Fault::Unavailable) {
        let detail = "Jim2 Server is not available.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Some(Refusal::new(status, "unavailable", detail));
    }
    if world.faults.strikes(Fault::Error500) {
        let detail = "An unexpected error occurred.";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        return Some(Refusal::new(status, "internal-error", detail));
    }
    None
}

/// An answer that fails before its first byte, which makes the server close the connection.
fn cut_off() -> Response {
    let lost = io::Error::other("the answer is lost on purpose");
    let body = stream::iter([Err::<Bytes, io::Error>(lost)]);
    Response::new(Body::from_stream(body))
}
