//! `api/v1/pos/{pono}/stock`.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::attribute::PURCHASE_STOCK;
use super::jobs::number;
use super::page::{answer, answer_one};
use super::reading::{Document, Reader, Writer};
use super::{App, render};
use crate::jim2::order::{Kind, Order};
use crate::jim2::record::StockLine;
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

const KIND: &str = "PurchaseStock";

/// `GET` of all lines.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let data = all(&world, world.order(Kind::Purchase, number(&no)?)?);
    Ok(answer(StatusCode::OK, &json!({ "data": data })))
}

/// `GET` of one line.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path((no, key)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let (no, id) = line_id(&no, &key)?;
    Ok(answer_one(StatusCode::OK, &told(&world, no, id)?))
}

/// `POST` of a new line.
pub(super) async fn create(
    State(app): State<App>,
    _: Writer,
    Path(no): Path<String>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let no = number(&no)?;
    world.order(Kind::Purchase, no)?;
    let sent = document.new_resource(KIND)?;
    let fields = PURCHASE_STOCK.created(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    let id = world.add_order_line(Kind::Purchase, no, &actor, &fields)?;
    Ok(answer_one(StatusCode::CREATED, &told(&world, no, id)?))
}

/// `PATCH` of a line.
pub(super) async fn update(
    State(app): State<App>,
    _: Writer,
    Path((no, key)): Path<(String, String)>,
    document: Document,
) -> Result<Response, Refusal> {
    let mut world = app.world();
    let (no, id) = line_id(&no, &key)?;
    told(&world, no, id)?;
    let sent = document.known_resource(KIND, |sent| sent == key)?;
    let fields = PURCHASE_STOCK.changed(&sent.attributes, &world.options)?;
    let actor = world.api_user();
    world.edit_order_line(Kind::Purchase, (no, id), &actor, &fields)?;
    Ok(answer_one(StatusCode::OK, &told(&world, no, id)?))
}

/// `DELETE` of a line.
pub(super) async fn remove(
    State(app): State<App>,
    _: Writer,
    Path((no, key)): Path<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let mut world = app.world();
    let at = line_id(&no, &key)?;
    let actor = world.api_user();
    world.delete_order_line(Kind::Purchase, at, &actor)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The lines of a purchase, newest first as those of jobs.
pub(super) fn all(world: &World, order: &Order) -> Vec<Value> {
    let lines = order.stock.iter().rev();
    lines.map(|line| resource(world, order.no, line)).collect()
}

fn told(world: &World, no: i64, id: i64) -> Result<Value, Refusal> {
    let order = world.order(Kind::Purchase, no)?;
    let line = order.stock.iter().find(|line| line.line == id);
    let line = line.ok_or_else(|| Refusal::not_found(KIND, format!("{no}-{id}")))?;
    Ok(resource(world, no, line))
}

fn resource(world: &World, no: i64, line: &StockLine) -> Value {
    let key = format!("{no}-{}", line.line);
    let own = render::path(&world.options, &format!("pos/{no}/stock/{key}"));
    let mut attributes = render::stock(world.zone(), false, line);
    attributes["serials"] = json!([]);
    render::resource(KIND, &key, &attributes, &own)
}

/// The purchase and the line in `pono-lineid`.
fn line_id(no: &str, key: &str) -> Result<(i64, i64), Refusal> {
    let id = key.strip_prefix(&format!("{no}-"));
    let id = id.and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Refusal::not_found(KIND, key))?;
    Ok((number(no)?, id))
}
