//! The clock, and transactions that take their time.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Answer, Sorry, act, sorry, whole};
use crate::jim2::api::App;
use crate::jim2::clock;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// `now` and `advanceSeconds` stop the clock; `offsetSeconds` lets it run, so many seconds off the system's.
pub(super) async fn set_clock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    if let Some(now) = body["now"].as_str() {
        let moment = DateTime::parse_from_rfc3339(now).ok();
        let moment = moment.map(|moment| moment.with_timezone(&Utc));
        let moment = moment.filter(|moment| clock::is_told(*moment));
        let wrong = || sorry(format!("{now} is not a moment like 2026-11-23T00:00:00Z."));
        world.clock.set(moment.ok_or_else(wrong)?);
    } else if body.get("offsetSeconds").is_some() {
        let seconds = whole(&body, "offsetSeconds")?;
        world.clock.run_off(seconds).ok_or_else(too_far)?;
    } else {
        let seconds = whole(&body, "advanceSeconds")?;
        world.clock.advance(seconds).ok_or_else(too_far)?;
    }
    Ok(Json(json!({ "now": world.now() })))
}

/// Opens a transaction; `act` is what it will have done when it commits.
pub(super) async fn hold(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let act = act::in_transaction(&body)?;
    let now = world.now();
    let until = until(now, &body)?;
    let id = world.changes.hold(now, until, act);
    Ok(Json(json!({ "id": id })))
}

/// The moment `seconds` from now; none where nothing is said.
pub(super) fn until(now: DateTime<Utc>, body: &Value) -> Result<Option<DateTime<Utc>>, Sorry> {
    if body["seconds"].is_null() {
        return Ok(None);
    }
    let seconds = whole(body, "seconds")?;
    clock::later(now, seconds).map(Some).ok_or_else(too_far)
}

/// Commits one transaction, or every open one; an act that is refused then is told, and keeps no other back.
pub(super) async fn release(State(app): State<App>, body: Option<Json<Value>>) -> Answer {
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
            .commit_next(position)
            .ok_or_else(|| Refusal::not_found("Transaction", position))?;
        let outcome = match held.act {
            Some((what, body)) => act::run(self, &what, &body),
            None => Ok(()),
        };
        self.committed(position);
        outcome
    }
}

fn too_far() -> Sorry {
    sorry("That is too far away for a clock.".to_owned())
}
