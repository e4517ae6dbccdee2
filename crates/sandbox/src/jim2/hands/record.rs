//! What people do with a record beside writing it: keep it open, make it Ready, invoice it.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{Answer, Sorry, initials, moment, sorry, whole};
use crate::jim2::api::App;
use crate::jim2::lock::Record;
use crate::jim2::world::{Actor, World};

/// Opens a record in somebody's editor, until it is closed or `seconds` are over.
pub(super) async fn lock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let (record, id) = record(&world, &body)?;
    let by = initials(&body)?;
    let person = Actor::person(&by);
    match record {
        Record::Job(no) => drop(world.editable_job(no, &person)?),
        Record::Card(no) => drop(world.editable_card(no, &person)?),
    }
    let until = moment::until(world.now(), &body)?;
    world.lock(record, &by, until);
    Ok(Json(json!({ "id": id })))
}

/// Closes a record's editor.
pub(super) async fn unlock(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let (record, id) = record(&world, &body)?;
    world.unlock(record);
    Ok(Json(json!({ "id": id })))
}

/// The record of `job`, `card` or `contact`, and its id. A contact like `10-2` is edited in card 10.
fn record(world: &World, body: &Value) -> Result<(Record, Value), Sorry> {
    if let Some(contact) = body["contact"].as_str() {
        let card = contact.split('-').next().and_then(|no| no.parse().ok());
        let card = card.ok_or_else(|| sorry("contact must be like \"10-2\".".to_owned()))?;
        world.card(card)?;
        return Ok((Record::Card(card), json!(contact)));
    }
    if body.get("card").is_some() {
        let card = whole(body, "card")?;
        world.card(card)?;
        return Ok((Record::Card(card), json!(card)));
    }
    let job = whole(body, "job")?;
    world.job(job)?;
    Ok((Record::Job(job), json!(job)))
}

/// Makes a finished job Ready to invoice, or takes that back.
pub(super) async fn ready(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let job = whole(&body, "job")?;
    let ready = body["ready"].as_bool().unwrap_or(true);
    let by = initials(&body).unwrap_or_else(|_| "SYS".to_owned());
    world.set_ready(job, ready, &by)?;
    Ok(Json(json!({ "id": job })))
}

/// Puts Ready jobs of one customer on one invoice.
pub(super) async fn invoice(State(app): State<App>, Json(body): Json<Value>) -> Answer {
    let mut world = app.world();
    let jobs: Option<Vec<i64>> = body["jobs"]
        .as_array()
        .map(|jobs| jobs.iter().filter_map(Value::as_i64).collect());
    let jobs = jobs.ok_or_else(|| sorry("jobs must be a list of job numbers.".to_owned()))?;
    let by = initials(&body).unwrap_or_else(|_| "SYS".to_owned());
    let invoice = world.invoice(&jobs, &by)?;
    Ok(Json(json!({ "invNo": invoice })))
}
