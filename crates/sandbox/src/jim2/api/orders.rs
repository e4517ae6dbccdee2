//! `api/v1/pos`, and `api/v1/quotes` where a switch says that this build has it. Either is made by its create call and
//! nothing else.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, answer, answer_one};
use super::parameter::Parameters;
use super::reading::{Document, Reader, Writer, read_only_relationship};
use super::{App, attribute, filter, order_lines, render};
use crate::jim2::order::{Kind, Order};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// Which of them an address is about; one that this build has not is nowhere.
pub(super) struct Which(pub(super) Kind);

impl FromRequestParts<App> for Which {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let kind = parts.extensions.get::<Kind>().copied();
        let is_there = |kind: &Kind| *kind == Kind::Purchase || app.world().options.quotes;
        let kind = kind.filter(is_there);
        let nowhere = || Refusal::not_found("Address", parts.uri.path());
        kind.map(Self).ok_or_else(nowhere)
    }
}

/// The routes of both and of their lines.
pub(super) fn routes() -> Router<App> {
    routes_of(Kind::Purchase).merge(routes_of(Kind::Quote))
}

fn routes_of(kind: Kind) -> Router<App> {
    let list = format!("/api/v1/{}", kind.list());
    Router::new()
        .route(&list, get(self::list))
        .route(&format!("{list}/{{no}}"), get(one).patch(update))
        .route(
            &format!("{list}/{{no}}/stock"),
            get(order_lines::list).post(order_lines::create),
        )
        .route(
            &format!("{list}/{{no}}/stock/{{id}}"),
            get(order_lines::one)
                .patch(order_lines::update)
                .delete(order_lines::remove),
        )
        .layer(Extension(kind))
}

/// `GET` of all.
async fn list(
    State(app): State<App>,
    Which(kind): Which,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    page::only_of_lists(&parameters, &world.options, &["include"])?;
    parameters.includes(kind.name(), includes(kind))?;
    let found = filter::orders(&world, kind, &parameters.0)?;
    let found = (kind.list(), found);
    page::listed(&parameters, &world.options, found, |one| {
        resource(&world, kind, one)
    })
}

/// `GET` of one.
async fn one(
    State(app): State<App>,
    Which(kind): Which,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    let includes = parameters.includes(kind.name(), includes(kind))?;
    let world = app.world();
    let order = world.order(kind, number(&no)?)?;
    let mut document = json!({ "data": resource(&world, kind, order) });
    if includes.contains(&"stock") {
        document["included"] = order_lines::all(&world, kind, order).into();
    }
    Ok(answer(StatusCode::OK, &document))
}

/// `PATCH` of one.
async fn update(
    State(app): State<App>,
    Which(kind): Which,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let sent = document.known_resource(kind.name(), |id| id == no)?;
    let mut world = app.world();
    let no = number(&no)?;
    world.order(kind, no)?;
    if let Some(name) = sent.relationships.keys().next() {
        return Err(read_only_relationship(kind.name(), name));
    }
    let fields = attribute::of_order(kind).changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_order(kind, no, &actor, &fields)?;
    let order = world.order(kind, no)?;
    Ok(answer_one(StatusCode::OK, &resource(&world, kind, order)))
}

/// What `include` may name.
const fn includes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Purchase => &["vendor", "ship", "stock"],
        Kind::Quote => &["customer", "ship", "stock"],
    }
}

/// One as a resource.
fn resource(world: &World, kind: Kind, order: &Order) -> Value {
    let no = order.no.to_string();
    let own = render::path(&world.options, &format!("{}/{no}", kind.list()));
    let mut told = render::resource(kind.name(), &no, &render::order(world, kind, order), &own);
    let [card, ship, _] = includes(kind) else {
        return told;
    };
    told["relationships"] = json!({
        *card: render::card_link(order.card),
        *ship: render::card_link(order.ship),
    });
    told
}
