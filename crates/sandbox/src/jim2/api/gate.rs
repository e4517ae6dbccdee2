//! What every call to the API passes through: it is counted, faults strike it, and its answer gets its shape.

mod call;
mod people;

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use self::call::Call;
use super::App;
use crate::jim2::fault::Fault;
use crate::jim2::options::ErrorBodies;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;
use crate::wall::dated;

/// What a proxy says of a server that does not answer.
const PAGE: &str = "<html><head><title>502 Bad Gateway</title></head>\
    <body><h1>502 Bad Gateway</h1><p>The server behind this proxy does not answer.</p></body></html>";

/// Keeps the count of running calls right, even when a call breaks off.
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
pub(super) async fn gate(State(app): State<App>, request: Request, next: Next) -> Response {
    let running = app.tasks.spawn(pass(app.clone(), request, next));
    running.await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "a call broke off");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    })
}

async fn pass(app: App, request: Request, next: Next) -> Response {
    let call = Call::of(&request);
    let (bodies, struck) = begin(&app, &call);
    let _running = Running {
        app: app.clone(),
        entity: call.entity.clone(),
    };
    let response = match struck {
        Some(Instead::Refusal(refusal)) => refusal.into_response(),
        Some(Instead::Page) => {
            let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
            (StatusCode::BAD_GATEWAY, kind, PAGE).into_response()
        }
        Some(Instead::Nothing(duration)) => {
            app.wait(duration).await;
            return cut_off();
        }
        None => answer(&app, &call, request, next).await,
    };
    let now = app.world().clock_time();
    dated(finish(&app, &call, bodies, response), now)
}

/// Counts the call, and lets the faults strike that leave nothing of it.
fn begin(app: &App, call: &Call) -> (ErrorBodies, Option<Instead>) {
    let mut world = app.world();
    world
        .stats
        .begin(&call.entity, call.endpoint.clone(), call.write);
    let struck = if app.latch.is_shut() {
        Some(Instead::Nothing(Duration::ZERO))
    } else {
        strike(&mut world)
    };
    (world.options.error_bodies, struck)
}

/// What a fault does in the place of the call.
enum Instead {
    Refusal(Refusal),
    Page,
    /// Nothing for so long, and then no answer.
    Nothing(Duration),
}

fn strike(world: &mut World) -> Option<Instead> {
    if world.faults.strikes(Fault::Unavailable) {
        let detail = "Jim2 Server is not available.";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let refusal = Refusal::new(status, "unavailable", detail);
        return Some(Instead::Refusal(refusal));
    }
    if world.faults.strikes(Fault::HtmlPage) {
        return Some(Instead::Page);
    }
    if let Some(setting) = world.faults.strike(Fault::Hangs) {
        return Some(Instead::Nothing(setting.duration()));
    }
    if world.faults.strikes(Fault::Error500) {
        let detail = "An unexpected error occurred.";
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        let refusal = Refusal::new(status, "internal-error", detail);
        return Some(Instead::Refusal(refusal));
    }
    None
}

/// Lets others act first, does what was asked, and takes its time.
async fn answer(app: &App, call: &Call, request: Request, next: Next) -> Response {
    people::come_first(&mut app.world(), call.target);
    let late = call.write.then(|| late(app)).flatten();
    let response = match late {
        None => next.run(request).await,
        Some((position, duration)) => {
            app.wait(duration).await;
            app.world().commit_next(position);
            let committing = Committing { app, position };
            let response = next.run(request).await;
            drop(committing);
            response
        }
    };
    let delay = {
        let mut world = app.world();
        let slow = world.faults.strike(Fault::Slow);
        let slow = slow.map_or(Duration::ZERO, |setting| setting.duration());
        world.options.answer_delay.saturating_add(slow)
    };
    app.wait(delay).await;
    response
}

/// The position that a write takes now although it commits later, and how much later.
fn late(app: &App) -> Option<(i64, Duration)> {
    let mut world = app.world();
    let setting = world.faults.strike(Fault::LateCommit)?;
    let now = world.now();
    let position = world.changes.hold(now, None, None);
    Some((position, setting.duration()))
}

/// Ends a late transaction, whatever became of it.
struct Committing<'a> {
    app: &'a App,
    position: i64,
}

impl Drop for Committing<'_> {
    fn drop(&mut self) {
        self.app.world().committed(self.position);
    }
}

/// Gives the answer its shape, or loses it.
fn finish(app: &App, call: &Call, bodies: ErrorBodies, response: Response) -> Response {
    let mut world = app.world();
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        world.stats.refuse();
        return refusal.told(bodies);
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        world.stats.refuse();
        return response;
    }
    let is_lost = call.write && world.faults.strikes(Fault::LostAnswer)
        || call.signs_in && world.faults.strikes(Fault::LostToken);
    if is_lost { cut_off() } else { response }
}

/// An answer that fails before its first byte, which makes the server close the connection.
fn cut_off() -> Response {
    let lost = io::Error::other("the answer is lost on purpose");
    let body = stream::iter([Err::<Bytes, io::Error>(lost)]);
    Response::new(Body::from_stream(body))
}
