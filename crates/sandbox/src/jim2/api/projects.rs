//! `api/v1/projects`.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer, read_only_relationship, related};
use super::{App, attribute, filter, render};
use crate::jim2::input::Input;
use crate::jim2::project::Project;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// What `include` may name.
const INCLUDES: &[&str] = &["customer", "ship"];

/// `GET projects`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    page::only_of_lists(&parameters, &world.options, &["include"])?;
    parameters.includes("Projects", INCLUDES)?;
    let found = filter::projects(&world, &parameters.0)?;
    let found = ("projects", found);
    page::listed(&parameters, &world.options, found, |one| {
        resource(&world, one)
    })
}

/// `GET projects/{projectno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    parameters.includes("Projects", INCLUDES)?;
    let world = app.world();
    let project = world.project(number(&no)?)?;
    Ok(answer_one(StatusCode::OK, &resource(&world, project)))
}

/// `POST projects`.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.new_resource("Project")?;
    let mut world = app.world();
    let mut fields = attribute::PROJECT.created(&sent.attributes, &world.options)?;
    for (name, value) in &sent.relationships {
        fields.push(related(name, value, INCLUDES, "CardFile")?);
    }
    let actor = world.api_user();
    let no = world.create_project(&actor, &fields)?;
    let own = render::path(&world.options, &format!("projects/{no}"));
    let answer = answer_one(StatusCode::CREATED, &resource(&world, world.project(no)?));
    Ok(([(header::LOCATION, own)], answer).into_response())
}

/// `PATCH projects/{projectno}`.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.known_resource("Project", |id| id == no)?;
    let mut world = app.world();
    let no = number(&no)?;
    world.project(no)?;
    if let Some(name) = sent.relationships.keys().next() {
        return Err(read_only_relationship("project", name));
    }
    let fields: Vec<Input> = attribute::PROJECT.changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_project(no, &actor, &fields)?;
    Ok(answer_one(
        StatusCode::OK,
        &resource(&world, world.project(no)?),
    ))
}

/// A project as a resource.
fn resource(world: &World, project: &Project) -> Value {
    let no = project.no.to_string();
    let own = render::path(&world.options, &format!("projects/{no}"));
    let mut told = render::resource("Project", &no, &render::project(world, project), &own);
    told["relationships"] = json!({
        "customer": render::card_link(project.customer),
        "ship": render::card_link(project.ship),
    });
    told
}
