//! The way of a request: faults, login, limits, then the deed, then the wait that makes an answer slow.

mod login;
mod outlet;
mod request;
mod rights;
mod thread;
mod zone;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::answer::{Answer, Refusal};
use super::app::App;
use super::fault::Fault;
use super::options::ApiUser;
use super::read::{Asked, Reading};
use super::route::{Call, Deed, Route};
use super::webhook::log;
use super::wire::{Cut, Wires};
use super::world::World;
use super::{control, metadata, read, route, write};
use crate::wall::dated;
use outlet::Outlet;
use thread::Thread;
use zone::Zone;

/// The longest body that is read.
const MOST_BYTES: usize = 10_000_000;

/// The longest address that the web server in front lets through.
const LONGEST_ADDRESS: usize = 2048;

/// Answers at the listener until the stand-in ends.
pub(super) fn start(app: &Arc<App>, listener: TcpListener) {
    let router = Router::new().fallback(serve).with_state(Arc::clone(app));
    let service = router.into_make_service_with_connect_info::<Cut>();
    let stopping = app.stopping().clone().cancelled_owned();
    app.tasks().spawn(async move {
        if let Err(error) = axum::serve(Wires(listener), service)
            .with_graceful_shutdown(stopping)
            .await
        {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "the stand-in of autotask cannot serve"
            );
        }
    });
}

async fn serve(
    State(app): State<Arc<App>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if let Some(deed) = parts.uri.path().strip_prefix("/sandbox/") {
        return control::serve(&app, &parts, deed, &body);
    }
    // The deed goes on when the caller hangs up, as it does in the real system.
    let task = app
        .tasks()
        .spawn(answer(Arc::clone(&app), cut, parts, body));
    let response = match task.await {
        Ok(Ok((answer, outlet))) => outlet.send(&answer),
        Ok(Err(refusal)) => {
            app.world().traffic.note_refusal();
            refusal.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let now = app.world().now();
    dated(response, now)
}

async fn answer(
    app: Arc<App>,
    cut: Cut,
    parts: Parts,
    body: Bytes,
) -> Result<(Value, Outlet), Refusal> {
    let (zone, path) = Zone::of(parts.uri.path());
    let route = route::read(&parts.method, path);
    if let Some(page) = page(&mut app.world()) {
        return Err(page);
    }
    match &route {
        Ok(Route::Zone) => {
            let (parameters, server) = (request::parameters(&parts), request::base(&parts));
            let told = zone::tell(&app.world(), &parameters, &server)?;
            return Ok((told, Outlet::Whole));
        }
        Ok(Route::Versions) => return Ok((json!({"apiVersions": ["1.0"]}), Outlet::Whole)),
        Ok(Route::Version | Route::Threshold | Route::Entity(_)) | Err(_) => {}
    }
    if zone != Zone::home(&app.world()) {
        return Err(Refusal::WrongZone);
    }
    let user = login::user(&app.world(), &parts.headers)?;
    if parts.uri.to_string().len() > LONGEST_ADDRESS {
        return Err(Refusal::Page(StatusCode::NOT_FOUND));
    }
    let route = route?;
    let _thread = Thread::take(&app, &user, &route)?;
    if let Some(failure) = failure(&mut app.world()) {
        return Err(failure);
    }
    let base = format!("{}{}", request::base(&parts), zone.prefix());
    let answer = perform(&app, &route, &user, (&parts, &body), &base);
    let is_write = matches!(&route, Route::Entity(call) if call.deed.is_write());
    if is_write && answer.is_ok() && app.world().faults.strikes(Fault::LostAnswer) {
        cut.cut();
    }
    let wait = wait(&mut app.world());
    sleep(wait).await;
    let answer = answer?;
    let outlet = Outlet::of(&mut app.world());
    Ok((answer, outlet))
}

/// A page of the web server in front, instead of whatever was asked.
fn page(world: &mut World) -> Option<Refusal> {
    if world.faults.strikes(Fault::Unavailable) {
        return Some(Refusal::Page(StatusCode::SERVICE_UNAVAILABLE));
    }
    let struck = world.faults.strike(Fault::HtmlAnswer)?;
    Some(Refusal::Page(match struck.word() {
        "404" => StatusCode::NOT_FOUND,
        "503" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    }))
}

/// A fault of the server before anything is done.
fn failure(world: &mut World) -> Option<Refusal> {
    if world.faults.strikes(Fault::Error500) {
        let sentence = "An unexpected error occurred while processing the request.";
        return Some(Refusal::invalid(sentence));
    }
    let deadlocked = world.faults.strikes(Fault::Deadlock);
    deadlocked.then(|| {
        Refusal::invalid(
            "Transaction (Process ID 87) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
        )
    })
}

/// How long the answer takes.
fn wait(world: &mut World) -> Duration {
    let slow = world.faults.strike(Fault::SlowAnswer);
    let slow = slow.map_or(Duration::ZERO, |slow| slow.duration());
    world.options.answer_delay + world.traffic.latency(world.quota()) + slow
}

fn perform(
    app: &Arc<App>,
    route: &Route,
    user: &ApiUser,
    (parts, body): (&Parts, &Bytes),
    base: &str,
) -> Answer {
    match route {
        Route::Entity(call) => {
            let body = request::json_body(parts, body)?;
            app.act(|world| {
                if call.entity.plural == log::LOG {
                    log::forget_old(world);
                }
                entity(world, call, user, (parts, &body), base)
            })
        }
        Route::Threshold => {
            let mut world = app.world();
            let (now, quota) = (world.now(), world.quota());
            Ok(json!({
                "externalRequestThreshold": quota.requests,
                "requestThresholdTimeframe": quota.minutes,
                "currentTimeframeRequestCount": world.traffic.used(now, quota),
            }))
        }
        Route::Zone | Route::Versions | Route::Version => Ok(json!({"version": "1.0"})),
    }
}

fn entity(
    world: &mut World,
    call: &Call,
    user: &ApiUser,
    (parts, body): (&Parts, &Value),
    base: &str,
) -> Answer {
    if let Some(answer) = rights::denied(world, call) {
        return answer;
    }
    let (entity, parent) = (call.entity, call.parent);
    let parameters = request::parameters(parts);
    let asked = Asked {
        by_get: parts.method == Method::GET,
        is_turning: call.deed == Deed::Page,
        parameters: &parameters,
        body,
        base,
    };
    let item = |id| json!({"itemId": id});
    match call.deed {
        Deed::Info => {
            let access = rights::access(world, entity);
            Ok(metadata::info(entity, world.udfs.of(entity), access))
        }
        Deed::Fields => Ok(metadata::fields(entity, world)),
        Deed::UserDefinedFields => metadata::user_defined_fields(entity, world.udfs.of(entity)),
        Deed::Get(id) => {
            let found = read::get(&Reading::next(world, entity), entity, parent, id);
            found.map_or_else(|| read::missing(world), Ok)
        }
        Deed::List => {
            let parent = parent.unwrap_or_default();
            read::list(&Reading::next(world, entity), entity, parent, base)
        }
        Deed::Query | Deed::Page => read::query(&Reading::next(world, entity), entity, &asked),
        Deed::Count => read::count(&Reading::next(world, entity), entity, &asked),
        Deed::Create => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::create(world, entity, parent, body, actor).map(item)
        }
        Deed::Update(scope) => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::update(world, entity, parent, body, scope, actor).map(item)
        }
        Deed::Delete(id) => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::delete(world, entity, parent, id, actor).map(item)
        }
    }
}
