//! `api/v1/stock`: what is sold, read-only.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::jobs::number;
use super::page::{self, answer, answer_one};
use super::parameter::Parameters;
use super::reading::Reader;
use super::{App, filter, render};
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
    page::only_of_lists(&parameters, &world.options, &[])?;
    let all = filter::stock(&world, &parameters.0)?;
    let found = ("stock", all);
    page::listed(&parameters, &world.options, found, |one| {
        resource(&world, one)
    })
}

/// `GET stock/{stockno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
) -> Result<Response, Refusal> {
    let world = app.world();
    let found = world.sold(number(&no)?)?;
    Ok(answer_one(StatusCode::OK, &resource(&world, found)))
}

/// `GET stock/{stockno}/prices` and `…/qtybylocations`.
pub(super) async fn parts(
    State(app): State<App>,
    _: Reader,
    Path((no, part)): Path<(String, String)>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|_| false)?;
    let world = app.world();
    let stock = world.sold(number(&no)?)?;
    let (kind, all): (_, Vec<(i64, Value)>) = match part.as_str() {
        "prices" => {
            let prices = (1..).zip(stock.prices());
            let prices = prices.map(|(id, price)| (id, render::price(stock, price)));
            ("StockPrice", prices.collect())
        }
        "qtybylocations" => {
            let lying = stock.quantities.iter();
            let lying = lying.map(|(id, there)| (*id, render::lying(*there)));
            ("StockQtyByLocation", lying.collect())
        }
        _ => return Err(Refusal::not_found("Address", format!("stock/…/{part}"))),
    };
    let told = all.iter().map(|(id, attributes)| {
        let id = format!("{}-{id}", stock.id);
        let own = render::path(&world.options, &format!("stock/{}/{part}/{id}", stock.id));
        render::resource(kind, &id, attributes, &own)
    });
    let document = json!({ "data": told.collect::<Vec<_>>() });
    Ok(answer(StatusCode::OK, &document))
}

fn resource(world: &World, stock: &Stock) -> Value {
    let no = stock.id.to_string();
    let own = render::path(&world.options, &format!("stock/{no}"));
    render::resource("Stock", &no, &render::sold(stock), &own)
}
