//! `api/v1/pos`. A purchase is made by `pocreate` and nothing else.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, answer, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer, read_only_relationship};
use super::{App, attribute, filter, purchase_lines, render};
use crate::jim2::order::{Kind, Order};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// What `include` may name.
const INCLUDES: &[&str] = &["vendor", "ship", "stock"];

/// The routes of purchases and their lines.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/pos", get(list))
        .route("/api/v1/pos/{pono}", get(one).patch(update))
        .route(
            "/api/v1/pos/{pono}/stock",
            get(purchase_lines::list).post(purchase_lines::create),
        )
        .route(
            "/api/v1/pos/{pono}/stock/{id}",
            get(purchase_lines::one)
                .patch(purchase_lines::update)
                .delete(purchase_lines::remove),
        )
}

/// `GET pos`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    parameters.only(|name| {
        filter::is_filter(name) || page::is_paging(name, &world.options) || name == "include"
    })?;
    parameters.includes("Purchases", INCLUDES)?;
    let found = filter::purchases(&world, &parameters.0)?;
    let found = ("pos", found);
    page::listed(&parameters, &world.options, found, |one| {
        resource(&world, one)
    })
}

/// `GET pos/{pono}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    let includes = parameters.includes("Purchases", INCLUDES)?;
    let world = app.world();
    let order = world.order(Kind::Purchase, number(&no)?)?;
    let mut document = json!({ "data": resource(&world, order) });
    if includes.contains(&"stock") {
        document["included"] = purchase_lines::all(&world, order).into();
    }
    Ok(answer(StatusCode::OK, &document))
}

/// `PATCH pos/{pono}`.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.known_resource("Purchase", |id| id == no)?;
    let mut world = app.world();
    let no = number(&no)?;
    world.order(Kind::Purchase, no)?;
    if let Some(name) = sent.relationships.keys().next() {
        return Err(read_only_relationship("purchase", name));
    }
    let fields = attribute::PURCHASE.changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_order(Kind::Purchase, no, &actor, &fields)?;
    let order = world.order(Kind::Purchase, no)?;
    Ok(answer_one(StatusCode::OK, &resource(&world, order)))
}

/// A purchase as a resource.
fn resource(world: &World, order: &Order) -> Value {
    let no = order.no.to_string();
    let own = render::path(&world.options, &format!("pos/{no}"));
    let mut told = render::resource("Purchase", &no, &render::order(world, order), &own);
    told["relationships"] = json!({
        "vendor": render::card_link(order.card),
        "ship": render::card_link(order.ship),
    });
    told
}
