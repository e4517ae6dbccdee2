//! `/sandbox/…`: what people do at Jim2's own screens, and what a test or an operator of the sandbox does to it.

mod act;
mod screen;
mod state;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::api::App;
use super::clock;
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
            get(async |State(app): State<App>| Json(stats(&app.world()))),
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
        .route("/clock", post(set_clock))
        .route("/database", post(database))
        .route("/lock", post(lock))
        .route("/unlock", post(unlock))
        .route("/ready", post(ready))
        .route("/invoice", post(invoice))
        .route("/hold-transaction", post(hold))
        .route("/release-transaction", post(release));
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

fn stats(world: &World) -> Value {
    world.stats.told(world.changes.safe_mark())
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
    Ok(Json(world.faults.tell()))
}

async fn set_clock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    if let Some(now) = body["now"].as_str() {
        let moment = DateTime::parse_from_rfc3339(now).ok();
        let moment = moment.map(|moment| moment.with_timezone(&Utc));
        let moment = moment.filter(|moment| clock::is_told(*moment));
        let wrong = || sorry(format!("{now} is not a moment like 2026-11-23T00:00:00Z."));
        world.clock.set(moment.ok_or_else(wrong)?);
    } else {
        let seconds = whole(&body, "advanceSeconds")?;
        world.clock.advance(seconds).ok_or_else(too_far)?;
    }
    Ok(Json(json!({ "now": world.now() })))
}

/// Makes the database another one, or a restored one, to its readers. Nobody stays signed in to it.
async fn database(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    if let Some(id) = body["databaseId"].as_str() {
        id.clone_into(&mut world.options.database_id);
    }
    if let Some(epoch) = body["epoch"].as_i64() {
        world.options.epoch =
            i32::try_from(epoch).map_err(|_| sorry("epoch is too large.".to_owned()))?;
    }
    world.sessions.close_all();
    Ok(Json(json!({
        "databaseId": world.options.database_id,
        "epoch": world.options.epoch,
    })))
}

async fn lock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let job = whole(&body, "job")?;
    world.lock(job, &initials(&body)?)?;
    Ok(Json(json!({ "id": job })))
}

async fn unlock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let job = whole(&body, "job")?;
    app.world().unlock(job)?;
    Ok(Json(json!({ "id": job })))
}

async fn ready(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let job = whole(&body, "job")?;
    let ready = body["ready"].as_bool().unwrap_or(true);
    let by = initials(&body).unwrap_or_else(|_| "SYS".to_owned());
    world.set_ready(job, ready, &by)?;
    Ok(Json(json!({ "id": job })))
}

async fn invoice(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let jobs: Option<Vec<i64>> = body["jobs"]
        .as_array()
        .map(|jobs| jobs.iter().filter_map(Value::as_i64).collect());
    let jobs = jobs.ok_or_else(|| sorry("jobs must be a list of job numbers.".to_owned()))?;
    let by = initials(&body).unwrap_or_else(|_| "SYS".to_owned());
    let invoice = world.invoice(&jobs, &by)?;
    Ok(Json(json!({ "invNo": invoice })))
}

/// Opens a transaction; `act` is what it will have done when it commits.
async fn hold(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let act = act::in_transaction(&body)?;
    let now = world.now();
    let until = match body["seconds"].as_i64() {
        Some(seconds) => Some(clock::later(now, seconds).ok_or_else(too_far)?),
        None => None,
    };
    let id = world.changes.hold(now, until, act);
    Ok(Json(json!({ "id": id })))
}

/// Commits one transaction, or every open one; an act that is refused then is told, and keeps no other back.
async fn release(State(app): State<App>, body: Option<Json<Value>>) -> Answer {
    let mut world = app.world();
    let wanted = body.and_then(|Json(body)| body["id"].as_i64());
    let open: Vec<i64> = world.changes.open().map(|held| held.position).collect();
    let chosen: Vec<i64> = open
        .into_iter()
        .filter(|position| wanted.is_none_or(|wanted| wanted == *position))
        .collect();
    let mut refused = Vec::new();
    for position in &chosen {
        if let Err(refusal) = world.commit(*position) {
            refused.push(json!({ "id": position, "error": refusal.detail }));
        }
    }
    Ok(Json(json!({ "released": chosen, "refused": refused })))
}

impl World {
    /// Commits every transaction whose time has come.
    pub(crate) fn release_due(&mut self) {
        let now = self.now();
        let due: Vec<i64> = self
            .changes
            .open()
            .filter(|held| held.until.is_some_and(|until| until <= now))
            .map(|held| held.position)
            .collect();
        for position in due {
            if let Err(refusal) = self.commit(position) {
                tracing::warn!(
                    position,
                    detail = refusal.detail,
                    "held transaction rolled back"
                );
            }
        }
    }

    /// Commits an open transaction: what it did shows now, at the position and with the time it took then.
    fn commit(&mut self, position: i64) -> Result<(), Refusal> {
        let held = self
            .changes
            .commit(position)
            .ok_or_else(|| Refusal::not_found("Transaction", position))?;
        self.opened = Some(held.opened);
        let outcome = match held.act {
            Some((what, body)) => act::run(self, &what, &body),
            None => Ok(()),
        };
        self.opened = None;
        self.changes.committed();
        outcome
    }
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

fn too_far() -> Sorry {
    sorry("That is too far away for a clock.".to_owned())
}

fn sorry(sentence: String) -> Sorry {
    Sorry(StatusCode::BAD_REQUEST, sentence)
}
