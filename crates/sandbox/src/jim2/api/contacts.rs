//! `api/v1/cardfiles/{cardno}/contacts`.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{answer, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Resource, Writer};
use super::{App, attribute, render};
use crate::jim2::contact::contact;
use crate::jim2::input::Input;
use crate::jim2::options::Options;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

const KIND: &str = "CardFileContact";

/// `GET` of a card's people.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    Path(card): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|_| false)?;
    let world = app.world();
    let card = world.card(number(&card)?)?;
    let mut data: Vec<Value> = Vec::new();
    for person in &card.contacts {
        data.push(told(&world, card.no, person.no)?);
    }
    Ok(answer(StatusCode::OK, &json!({ "data": data })))
}

/// `GET` of one person.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path((card, id)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let card = number(&card)?;
    let told = told(&world, card, contact_no(&world.options, card, &id)?)?;
    Ok(answer_one(StatusCode::OK, &told))
}

/// `POST` of a new person.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    Path(card): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.new_resource(KIND)?;
    attribute::CARD_FILE_CONTACT.for_creation(&sent.attributes)?;
    let mut world = app.world();
    let card = number(&card)?;
    let actor = world.api_user();
    let no = world.create_contact(card, &actor, &attributes(sent))?;
    let id = render::contact_id(&world.options, card, no);
    let own = render::path(&world.options, &format!("cardfiles/{card}/contacts/{id}"));
    let answer = answer_one(StatusCode::CREATED, &told(&world, card, no)?);
    Ok(([(header::LOCATION, own)], answer).into_response())
}

/// `PATCH` of a person.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path((card, id)): Path<(String, String)>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let card = number(&card)?;
    let no = contact_no(&world.options, card, &id)?;
    told(&world, card, no)?;
    let sent = document.known_resource(KIND, |sent| sent == id)?;
    attribute::CARD_FILE_CONTACT.for_change(&sent.attributes)?;
    let actor = world.api_user();
    world.edit_contact(card, no, &actor, &attributes(sent))?;
    Ok(answer_one(StatusCode::OK, &told(&world, card, no)?))
}

/// `DELETE` of a person.
pub(super) async fn remove(
    State(app): State<App>,
    _: Writer,
    Path((card, id)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let mut world = app.world();
    let card = number(&card)?;
    let no = contact_no(&world.options, card, &id)?;
    let actor = world.api_user();
    world.delete_contact(card, no, &actor)?;
    Ok(StatusCode::NO_CONTENT)
}

fn attributes(sent: Resource) -> Input {
    Input::new("/data", "attributes", &Value::Object(sent.attributes))
}

fn told(world: &World, card: i64, no: i64) -> Result<Value, Refusal> {
    let person = contact(world.card(card)?, no)?;
    let id = render::contact_id(&world.options, card, no);
    let own = render::path(&world.options, &format!("cardfiles/{card}/contacts/{id}"));
    Ok(render::resource(KIND, &id, &render::contact(person), &own))
}

/// The contact's number in an id of this build's shape.
fn contact_no(options: &Options, card: i64, id: &str) -> Result<i64, Refusal> {
    let number = if options.contact_ids_name_the_card() {
        id.strip_prefix(&format!("{card}-"))
    } else {
        Some(id)
    };
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| Refusal::not_found(KIND, id))
}
