//! `api/v1/assets`.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer, read_only_relationship, related};
use super::{App, attribute, filter, render};
use crate::jim2::asset::Asset;
use crate::jim2::input::Input;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// What `include` may name.
const INCLUDES: &[&str] = &["owner", "ship"];

/// `GET assets`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    page::only_of_lists(&parameters, &world.options, &["include"])?;
    parameters.includes("Assets", INCLUDES)?;
    let found = filter::assets(&world, &parameters.0)?;
    let found = ("assets", found);
    page::listed(&parameters, &world.options, found, |one| {
        resource(&world, one)
    })
}

/// `GET assets/{assetno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    parameters.includes("Assets", INCLUDES)?;
    let world = app.world();
    let asset = world.asset(number(&no)?)?;
    Ok(answer_one(StatusCode::OK, &resource(&world, asset)))
}

/// `POST assets`.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.new_resource("Asset")?;
    let mut world = app.world();
    let mut fields = attribute::ASSET.created(&sent.attributes, &world.options)?;
    for (name, value) in &sent.relationships {
        fields.push(related(name, value, INCLUDES, "CardFile")?);
    }
    let actor = world.api_user();
    let no = world.create_asset(&actor, &fields)?;
    let own = render::path(&world.options, &format!("assets/{no}"));
    let answer = answer_one(StatusCode::CREATED, &resource(&world, world.asset(no)?));
    Ok(([(header::LOCATION, own)], answer).into_response())
}

/// `PATCH assets/{assetno}`.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.known_resource("Asset", |id| id == no)?;
    let mut world = app.world();
    let no = number(&no)?;
    world.asset(no)?;
    if let Some(name) = sent.relationships.keys().next() {
        return Err(read_only_relationship("asset", name));
    }
    let fields: Vec<Input> = attribute::ASSET.changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_asset(no, &actor, &fields)?;
    Ok(answer_one(
        StatusCode::OK,
        &resource(&world, world.asset(no)?),
    ))
}

/// An asset as a resource.
fn resource(world: &World, asset: &Asset) -> Value {
    let no = asset.no.to_string();
    let own = render::path(&world.options, &format!("assets/{no}"));
    let mut told = render::resource("Asset", &no, &render::asset(world, asset), &own);
    told["relationships"] = json!({
        "owner": render::card_link(asset.owner),
        "ship": render::card_link(asset.ship),
    });
    told
}
