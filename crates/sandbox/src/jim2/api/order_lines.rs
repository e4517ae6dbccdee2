//! `api/v1/pos/{pono}/stock`, and the same of quotes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::attribute::of_line;
use super::jobs::number;
use super::orders::Which;
use super::page::{answer, answer_one};
use super::reading::{Document, Reader, Writer};
use super::{App, render};
use crate::jim2::order::{Kind, Order};
use crate::jim2::record::StockLine;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// `GET` of all lines.
pub(super) async fn list(
    State(app): State<App>,
    Which(kind): Which,
    _: Reader,
    Path(no): Path<String>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let data = all(&world, kind, world.order(kind, number(&no)?)?);
    Ok(answer(StatusCode::OK, &json!({ "data": data })))
}

/// `GET` of one line.
pub(super) async fn one(
    State(app): State<App>,
    Which(kind): Which,
    _: Reader,
    Path((no, key)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let (no, id) = line_id(kind, &no, &key)?;
    Ok(answer_one(StatusCode::OK, &told(&world, kind, no, id)?))
}

/// `POST` of a new line.
pub(super) async fn create(
    State(app): State<App>,
    Which(kind): Which,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let no = number(&no)?;
    world.order(kind, no)?;
    let sent = document.new_resource(kind.line())?;
    let fields = of_line(kind).created(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    let id = world.add_order_line(kind, no, &actor, &fields)?;
    Ok(answer_one(
        StatusCode::CREATED,
        &told(&world, kind, no, id)?,
    ))
}

/// `PATCH` of a line.
pub(super) async fn update(
    State(app): State<App>,
    Which(kind): Which,
    _: Writer,
    Path((no, key)): Path<(String, String)>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let (no, id) = line_id(kind, &no, &key)?;
    told(&world, kind, no, id)?;
    let sent = document.known_resource(kind.line(), |sent| sent == key)?;
    let fields = of_line(kind).changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_order_line(kind, (no, id), &actor, &fields)?;
    Ok(answer_one(StatusCode::OK, &told(&world, kind, no, id)?))
}

/// `DELETE` of a line.
pub(super) async fn remove(
    State(app): State<App>,
    Which(kind): Which,
    _: Writer,
    Path((no, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let mut world = app.world();
    let at = line_id(kind, &no, &key)?;
    let actor = world.api_user();
    world.delete_order_line(kind, at, &actor)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The lines of one, newest first as those of jobs.
pub(super) fn all(world: &World, kind: Kind, order: &Order) -> Vec<Value> {
    let lines = order.stock.iter().rev();
    lines
        .map(|line| resource(world, kind, order.no, line))
        .collect()
}

fn told(world: &World, kind: Kind, no: i64, id: i64) -> Result<Value, Refusal> {
    let order = world.order(kind, no)?;
    let line = order.stock.iter().find(|line| line.line == id);
    let line = line.ok_or_else(|| Refusal::not_found(kind.line(), format!("{no}-{id}")))?;
    Ok(resource(world, kind, no, line))
}

fn resource(world: &World, kind: Kind, no: i64, line: &StockLine) -> Value {
    let key = format!("{no}-{}", line.line);
    let own = render::path(&world.options, &format!("{}/{no}/stock/{key}", kind.list()));
    let mut attributes = render::stock(world.zone(), false, line);
    attributes["serials"] = json!([]);
    render::resource(kind.line(), &key, &attributes, &own)
}

/// The number and the line in `pono-lineid`.
fn line_id(kind: Kind, no: &str, key: &str) -> Result<(i64, i64), Refusal> {
    let id = key.strip_prefix(&format!("{no}-"));
    let id = id.and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Refusal::not_found(kind.line(), key))?;
    Ok((number(no)?, id))
}
