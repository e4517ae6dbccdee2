//! `api/v1/jobcreate`, `cardfilecreate`, `pocreate` and `quotecreate`: at once, or through the eBusiness queue.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::App;
use super::parameter::Parameters;
use super::reading::{Document, Writer};
use crate::jim2::create::body_reference;
use crate::jim2::fault::Fault;
use crate::jim2::options::Queueing;
use crate::jim2::order::Kind;
use crate::jim2::queue::Create;
use crate::jim2::refusal::{Blame, Refusal};
use crate::jim2::world::World;

/// `POST jobcreate`.
pub(super) async fn create_job(
    State(app): State<App>,
    _: Writer,
    parameters: Parameters,
    Document(body): Document,
) -> Result<Response, Refusal> {
    create(&app, Create::Job, &parameters, body)
}

/// `POST cardfilecreate`.
pub(super) async fn create_card(
    State(app): State<App>,
    _: Writer,
    parameters: Parameters,
    Document(body): Document,
) -> Result<Response, Refusal> {
    create(&app, Create::CardFile, &parameters, body)
}

/// `POST pocreate`.
pub(super) async fn create_purchase(
    State(app): State<App>,
    _: Writer,
    parameters: Parameters,
    Document(body): Document,
) -> Result<Response, Refusal> {
    create(&app, Create::Order(Kind::Purchase), &parameters, body)
}

/// `POST quotecreate`.
pub(super) async fn create_quote(
    State(app): State<App>,
    _: Writer,
    parameters: Parameters,
    Document(body): Document,
) -> Result<Response, Refusal> {
    create(&app, Create::Order(Kind::Quote), &parameters, body)
}

fn create(
    app: &App,
    what: Create,
    parameters: &Parameters,
    body: Value,
) -> Result<Response, Refusal> {
    parameters.only(|name| ["Queue", "SubmitRefId"].contains(&name))?;
    let in_address = parameters
        .get("SubmitRefId")
        .filter(|text| !text.is_empty());
    let in_body = body_reference(&body)?;
    let queue = queue(parameters)?;
    if let Some(reference) = in_address {
        if !queue {
            let detail = "SubmitRefId works only together with Queue.";
            return Err(parameter("submit-ref-without-queue", detail));
        }
        if in_body.as_ref().is_some_and(|other| other != reference) {
            let detail = "SubmitRefId and the body's submitRefId differ.";
            return Err(parameter("submit-ref-mismatch", detail));
        }
    }
    let mut world = app.world();
    if !queue {
        let made = world.make(what, &body)?;
        let told = made_told(&world, what, made);
        return Ok((StatusCode::CREATED, Json(told)).into_response());
    }
    let reference = in_address.map(str::to_owned).or_else(|| in_body.clone());
    if let Some(reference) = &reference
        && let Some(first) = world.queue.number_of(reference)
    {
        return repeated(&world, reference, first);
    }
    let due = due(&mut world);
    let number = world.queue.put(what, body, reference, in_body, due);
    if world.options.queueing == Queueing::Failing || world.faults.strikes(Fault::QueueFails) {
        let reason = "The request could not be processed; process it again.";
        world.queue.fail(number, reason.to_owned());
    }
    Ok(accepted(number))
}

/// When a request is processed by itself: right after the answer, or later.
fn due(world: &mut World) -> Option<DateTime<Utc>> {
    if world.options.queueing == Queueing::Held {
        return None;
    }
    match world.faults.strike(Fault::QueueSlow) {
        Some(setting) => world.after(setting.duration()),
        None => Some(world.now()),
    }
}

fn repeated(world: &World, reference: &str, first: u64) -> Result<Response, Refusal> {
    if world.options.duplicate_answers_first {
        return Ok(accepted(first));
    }
    Err(Refusal::new(
        StatusCode::CONFLICT,
        "duplicate-submit-ref",
        format!("SubmitRefId {reference} has already come with request {first}."),
    ))
}

fn accepted(number: u64) -> Response {
    (StatusCode::ACCEPTED, Json(json!({ "requestNo": number }))).into_response()
}

fn made_told(world: &World, what: Create, made: i64) -> Value {
    match what {
        Create::Job => json!({ "jobNo": made }),
        Create::Order(Kind::Purchase) => json!({ "poNo": made }),
        Create::Order(Kind::Quote) => json!({ "quoteNo": made }),
        Create::CardFile => {
            let code = world.cards.get(&made).map(|card| &card.code);
            json!({ "cardNo": made, "cardCode": code })
        }
    }
}

fn queue(parameters: &Parameters) -> Result<bool, Refusal> {
    match parameters.get("Queue").map(str::to_lowercase).as_deref() {
        None | Some("false" | "f" | "0") => Ok(false),
        Some("true" | "t" | "1") => Ok(true),
        Some(_) => Err(
            Refusal::malformed("queue", "Queue is true, 1, t, false, 0 or f.")
                .blaming(Blame::Parameter("Queue".to_owned())),
        ),
    }
}

fn parameter(code: &'static str, detail: &str) -> Refusal {
    Refusal::malformed(code, detail).blaming(Blame::Parameter("SubmitRefId".to_owned()))
}
