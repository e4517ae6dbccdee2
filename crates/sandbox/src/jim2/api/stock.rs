//! `api/v1/stock`: what is sold, read-only.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, Page, answer, answer_one};
use super::parameter::Parameters;
use super::reading::Reader;
use super::{App, render};
use crate::jim2::refusal::Refusal;
use crate::jim2::stock::Stock;
use crate::jim2::world::World;

/// `GET stock`.
pub(super) async fn list(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let world = app.world();
    parameters.only(|name| page::is_paging(name, &world.options))?;
    let all: Vec<&Stock> = world.stock.iter().collect();
    let cut = Page::of(&parameters, &world.options)?.cut(all);
    let data: Vec<Value> = cut
        .records
        .iter()
        .map(|one| resource(&world, one))
        .collect();
    let path = render::path(&world.options, "stock");
    let document = json!({ "data": data, "links": cut.links(&path, &parameters) });
    Ok(answer(StatusCode::OK, &document))
}

/// `GET stock/{stockno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let no = number(&no)?;
    let found = world.stock.iter().find(|stock| stock.id == no);
    let found = found.ok_or_else(|| Refusal::not_found("Stock", no))?;
    Ok(answer_one(StatusCode::OK, &resource(&world, found)))
}

fn resource(world: &World, stock: &Stock) -> Value {
    let no = stock.id.to_string();
    let own = render::path(&world.options, &format!("stock/{no}"));
    render::resource("Stock", &no, &render::sold(stock), &own)
}
