//! `/sandbox/…`: what people do at Jim2's own screens, and what a test or an operator of the sandbox does to it.

mod act;
mod moment;
mod money;
mod record;
mod screen;
mod site;
mod state;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::api::App;
use super::refusal::Refusal;
use super::world::World;
use crate::fault::switch::Switch;
use crate::only::Only;

/// The routes below `/sandbox`.
pub(crate) fn router() -> Router<App> {
    let routes = Router::new()
        .route("/create", post(create))
        .route("/edit", post(edit))
        .route("/delete", post(delete))
        .route(
            "/state",
            get(async |State(app): State<App>, Query(only): Query<Only>| {
                Json(state::told(&app.world(), &only))
            }),
        )
        .route(
            "/stats",
            get(async |State(app): State<App>| Json(stats(&mut app.world()))),
        )
        .route(
            "/queue",
            get(async |State(app): State<App>| Json(app.world().queue.told())),
        )
        .route("/reprocess", post(reprocess))
        .route(
            "/fault",
            get(async |State(app): State<App>| Json(app.world().faults.tell())).post(fault),
        )
        .route("/clock", post(moment::set_clock))
        .route("/hold-transaction", post(moment::hold))
        .route("/release-transaction", post(moment::release))
        .route("/lock", post(record::lock))
        .route("/unlock", post(record::unlock))
        .route("/ready", post(record::ready))
        .route("/invoice", post(record::invoice))
        .route("/pay", post(money::pay))
        .route("/reverse-payment", post(money::reverse))
        .route("/credit", post(money::credit))
        .route("/database", post(site::database))
        .route("/backup", post(site::back_up))
        .route("/restore", post(site::restore))
        .route("/clean-changes", post(site::clean_changes))
        .route("/password", post(site::password))
        .route("/log-off", post(site::log_off))
        .route("/status", post(site::status))
        .route("/priority", post(site::priority))
        .route("/stock", post(site::stock));
    Router::new().nest("/sandbox", routes)
}

/// A refusal in a sentence.
pub(crate) struct Sorry(StatusCode, String);

impl From<Refusal> for Sorry {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.status, refusal.detail)
    }
}

impl IntoResponse for Sorry {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

type Answer = Result<Json<Value>, Sorry>;

async fn create(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let id = act::create(&mut app.world(), &body)?;
    Ok(Json(json!({ "id": id })))
}

async fn edit(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let id = act::edit(&mut app.world(), &body)?;
    Ok(Json(json!({ "id": id })))
}

async fn delete(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let id = act::delete(&mut app.world(), &body)?;
    Ok(Json(json!({ "id": id })))
}

fn stats(world: &mut World) -> Value {
    let now = world.now();
    let mut told = world.stats.told(world.changes.safe_mark());
    told["licencesTaken"] = json!(world.sessions.taken(now));
    told
}

async fn reprocess(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let number = whole(&body, "requestNo")?;
    let number = u64::try_from(number).map_err(|_| Refusal::not_found("Request", number))?;
    let made = app.world().process(number)?;
    Ok(Json(json!({ "id": made })))
}

async fn fault(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let switch = Switch::from_json(&body).map_err(sorry)?;
    let mut world = app.world();
    world.faults.switch(&switch).map_err(sorry)?;
    if let Some(duration) = world.take_refusal() {
        app.latch.shut(duration);
    }
    Ok(Json(world.faults.tell()))
}

fn initials(body: &Value) -> Result<String, Sorry> {
    body["by"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| sorry("by must be the initials of a person.".to_owned()))
}

fn whole(body: &Value, name: &str) -> Result<i64, Sorry> {
    body[name]
        .as_i64()
        .ok_or_else(|| sorry(format!("{name} must be a whole number.")))
}

fn sorry(sentence: String) -> Sorry {
    Sorry(StatusCode::BAD_REQUEST, sentence)
}
