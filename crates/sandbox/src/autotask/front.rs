//! The way of a request: faults, login, limits, then the deed, then the wait that makes an answer slow.

mod login;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::answer::{Answer, Refusal};
use super::app::App;
use super::fault::Fault;
use super::limit::{Lane, TIMEFRAME_MINUTES};
use super::options::{ApiUser, Denial};
use super::read::Asked;
use super::route::{Call, Deed, Route};
use super::wire::{Cut, Wires};
use super::world::World;
use super::{control, metadata, read, route, write};
use crate::fault::setting::Setting;

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
    match task.await {
        Ok(Ok(answer)) => axum::Json(answer).into_response(),
        Ok(Err(refusal)) => {
            app.world().traffic.note_refusal();
            refusal.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn answer(app: Arc<App>, cut: Cut, parts: Parts, body: Bytes) -> Answer {
    if app.world().faults.strikes(Fault::Unavailable) {
        return Err(Refusal::Unavailable);
    }
    let route = route::read(&parts.method, parts.uri.path());
    match &route {
        Ok(Route::Zone) => return zone(&app, &parts),
        Ok(Route::Versions) => return Ok(json!({"apiVersions": ["1.0"]})),
        Ok(Route::Version | Route::Threshold | Route::Entity(_)) | Err(_) => {}
    }
    let user = login::user(&app.world(), &parts.headers)?;
    if parts.uri.to_string().len() > LONGEST_ADDRESS {
        return Err(Refusal::TooLong);
    }
    let route = route?;
    let _thread = Thread::take(&app, &user, &route)?;
    if app.world().faults.strikes(Fault::Error500) {
        return Err(Refusal::invalid(
            "An unexpected error occurred while processing the request.",
        ));
    }
    let answer = perform(&app, &route, &user, &parts, &body);
    let is_write = matches!(&route, Route::Entity(call) if call.deed.is_write());
    if is_write && answer.is_ok() && app.world().faults.strikes(Fault::LostAnswer) {
        cut.cut();
    }
    let wait = wait(&mut app.world());
    sleep(wait).await;
    answer
}

/// How long the answer takes.
fn wait(world: &mut World) -> Duration {
    let slow = world.faults.strike(Fault::SlowAnswer);
    let slow = slow.map_or(Duration::ZERO, |slow| slow.duration());
    world.options.answer_delay + world.traffic.latency(world.quota()) + slow
}

/// One of the few requests an endpoint serves at once; given back when dropped.
struct Thread {
    app: Arc<App>,
    lane: Lane,
}

impl Thread {
    fn take(app: &Arc<App>, user: &ApiUser, route: &Route) -> Result<Self, Refusal> {
        let (endpoint, label, is_write) = match route {
            Route::Entity(call) => (
                call.endpoint,
                format!("{} {}", call.entity.plural, call.deed.name()),
                call.deed.is_write(),
            ),
            Route::Threshold => (
                "ThresholdInformation",
                "ThresholdInformation".to_owned(),
                false,
            ),
            Route::Zone | Route::Versions | Route::Version => {
                ("Version", "Version".to_owned(), false)
            }
        };
        let lane = Lane {
            integration_code: user.integration_code.clone(),
            endpoint: endpoint.to_owned(),
        };
        let mut world = app.world();
        let now = world.now();
        world.traffic.note(&label, is_write);
        let (quota, threads) = (world.quota(), world.options.threads);
        world.traffic.count(now, quota)?;
        let entered = world.traffic.enter(&lane, threads);
        entered.map_err(|refusal| crowded(&mut world, refusal))?;
        drop(world);
        Ok(Self {
            app: Arc::clone(app),
            lane,
        })
    }
}

/// A request too many at once is not always refused with the status that one would expect.
fn crowded(world: &mut World, refusal: Refusal) -> Refusal {
    let struck = world.faults.strike(Fault::ThreadRefusal);
    match (refusal, struck.map(|struck| struck.word())) {
        (Refusal::TooMany(text), Some("503")) => Refusal::Busy(text),
        (Refusal::TooMany(text), Some(_)) => Refusal::invalid(text),
        (refusal, _) => refusal,
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let lag = self.app.world().options.thread_release_lag;
        if lag.is_zero() {
            return self.app.world().traffic.leave(&self.lane);
        }
        let (app, lane) = (Arc::clone(&self.app), self.lane.clone());
        self.app.tasks().spawn(async move {
            app.stopping().run_until_cancelled(sleep(lag)).await;
            app.world().traffic.leave(&lane);
        });
    }
}

fn zone(app: &App, parts: &Parts) -> Answer {
    let parameters = parameters(parts);
    let user = parameters.get("user").map_or("", String::as_str);
    let known = |known: &ApiUser| known.user_name.eq_ignore_ascii_case(user);
    if !app.world().options.users.iter().any(known) {
        return Err(Refusal::invalid(
            "Zone information could not be determined for the user.",
        ));
    }
    let base = base(parts);
    Ok(
        json!({"zoneName": "Sandbox", "url": format!("{base}/ATServicesRest/"), "webUrl": format!("{base}/"), "ci": 1_234_567}),
    )
}

fn perform(app: &Arc<App>, route: &Route, user: &ApiUser, parts: &Parts, body: &Bytes) -> Answer {
    match route {
        Route::Entity(call) => {
            let body = json_body(parts, body)?;
            app.act(|world| entity(world, call, user, parts, &body))
        }
        Route::Threshold => {
            let mut world = app.world();
            let now = world.now();
            Ok(json!({
                "externalRequestThreshold": world.quota().requests,
                "requestThresholdTimeframe": TIMEFRAME_MINUTES,
                "currentTimeframeRequestCount": world.traffic.used(now),
            }))
        }
        Route::Zone | Route::Versions | Route::Version => Ok(json!({"version": "1.0"})),
    }
}

fn entity(world: &mut World, call: &Call, user: &ApiUser, parts: &Parts, body: &Value) -> Answer {
    let entity = call.entity;
    if let Some(answer) = denied(world, call) {
        return answer;
    }
    let (base, parameters) = (base(parts), parameters(parts));
    let asked = Asked {
        by_get: parts.method == Method::GET,
        parameters: &parameters,
        body,
        base: &base,
    };
    let item = |id| json!({"itemId": id});
    match call.deed {
        Deed::Info => Ok(metadata::info(entity)),
        Deed::Fields => Ok(metadata::fields(entity)),
        Deed::UserDefinedFields => metadata::user_defined_fields(entity),
        Deed::Get(id) => read::get(world, entity, call.parent, id),
        Deed::List => read::list(world, entity, call.parent.unwrap_or_default(), &base),
        Deed::Query => read::query(world, entity, &asked),
        Deed::Count => read::count(world, entity, &asked),
        Deed::Create => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::create(world, entity, call.parent, body, actor).map(item)
        }
        Deed::Update(scope) => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::update(world, entity, call.parent, body, scope, actor).map(item)
        }
        Deed::Delete(id) => {
            let actor = login::actor(world, user, &parts.headers)?;
            write::delete(world, entity, call.parent, id, actor).map(item)
        }
    }
}

/// The answer of a tenant whose security level hides the entity.
fn denied(world: &mut World, call: &Call) -> Option<Answer> {
    let is_meant = |setting: &Setting| setting.names(call.entity.plural);
    if world.faults.setting(Fault::Forbidden).is_some_and(is_meant)
        && world.faults.strikes(Fault::Forbidden)
    {
        return Some(Err(Refusal::Forbidden));
    }
    let (_, denial) = world
        .options
        .denied
        .iter()
        .find(|(plural, _)| plural.eq_ignore_ascii_case(call.entity.plural))?;
    Some(match (denial, call.deed) {
        (Denial::Forbidden, _) => Err(Refusal::Forbidden),
        (Denial::Text, _) | (Denial::Silence, Deed::Create | Deed::Update(_) | Deed::Delete(_)) => {
            Err(Refusal::permission())
        }
        (Denial::Silence, Deed::Get(_)) => Ok(json!({"item": null})),
        (Denial::Silence, Deed::List | Deed::Query) => Ok(read::nothing()),
        (Denial::Silence, Deed::Count) => Ok(json!({"queryCount": 0})),
        (Denial::Silence, Deed::Info | Deed::Fields | Deed::UserDefinedFields) => return None,
    })
}

fn json_body(parts: &Parts, body: &Bytes) -> Result<Value, Refusal> {
    if matches!(parts.method, Method::GET | Method::DELETE) {
        return Ok(Value::Null);
    }
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !content_type.to_ascii_lowercase().contains("json") {
        return Err(Refusal::NotJson);
    }
    serde_json::from_slice(body)
        .map_err(|error| Refusal::invalid(format!("The body is not JSON: {error}.")))
}

fn parameters(parts: &Parts) -> HashMap<String, String> {
    Query::try_from_uri(&parts.uri)
        .map(|Query(parameters)| parameters)
        .unwrap_or_default()
}

/// The address the caller used, so that it can follow the addresses in answers.
fn base(parts: &Parts) -> String {
    let host = parts
        .headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    format!("http://{host}")
}
