//! `api/v1/cardfiles`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::jobs::number;
use super::page::{self, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer};
use super::{App, attribute, filter, render};
use crate::jim2::refusal::Refusal;

/// `GET cardfiles`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    page::only_of_lists(&parameters, &world.options, &[])?;
    let cards = filter::cards(&world, &parameters.0)?;
    let found = ("cardfiles", cards);
    page::listed(&parameters, &world.options, found, |one| {
        render::card_resource(&world.options, one)
    })
}

/// `GET cardfiles/{cardno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let told = render::card_resource(&world.options, world.card(number(&no)?)?);
    Ok(answer_one(StatusCode::OK, &told))
}

/// `PATCH cardfiles/{cardno}`.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let sent = document.known_resource("CardFile", |id| id == no)?;
    let no = number(&no)?;
    world.card(no)?;
    let fields = attribute::CARD_FILE.for_change(&sent.attributes)?;
    let actor = world.api_user();
    world.edit_card(no, &actor, &fields)?;
    let told = render::card_resource(&world.options, world.card(no)?);
    Ok(answer_one(StatusCode::OK, &told))
}
