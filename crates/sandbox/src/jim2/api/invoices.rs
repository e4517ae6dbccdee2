//! `api/v1/invoices/{invno}`, of which the documents show no list.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::jobs::number;
use super::page::answer;
use super::parameter::Parameters;
use super::reading::Reader;
use super::{App, jobs, render};
use crate::jim2::refusal::Refusal;
use crate::jim2::world::World;

/// What `include` may name.
const INCLUDES: &[&str] = &["user", "customer", "jobs"];

/// `GET invoices/{invno}`.
pub(super) async fn one(
    State(app): State<App>,
    _: Reader,
    Path(no): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    parameters.only(|name| name == "include")?;
    let includes = parameters.includes("Invoices", INCLUDES)?;
    let world = app.world();
    let no = number(&no)?;
    let invoice = world.invoices.get(&no);
    let invoice = invoice.ok_or_else(|| Refusal::not_found("Invoice", no))?;
    let own = render::path(&world.options, &format!("invoices/{no}"));
    let attributes = render::invoice(&world, invoice);
    let mut told = render::resource("Invoice", &no.to_string(), &attributes, &own);
    let user = world.user_card(&invoice.by);
    let of = |kind: &str, id: i64| json!({ "type": kind, "id": id.to_string() });
    told["relationships"] = json!({
        "user": { "data": user.map(|card| of("CardFile", card.no)) },
        "customer": { "data": of("CardFile", invoice.customer) },
        "jobs": { "data": invoice.jobs.iter().map(|job| of("Job", *job)).collect::<Vec<_>>() },
    });
    let mut document = json!({ "data": told });
    if !includes.is_empty() {
        let cards = [
            ("user", user),
            ("customer", world.cards.get(&invoice.customer)),
        ];
        let cards = cards
            .into_iter()
            .filter(|(name, _)| includes.contains(name));
        let cards = cards.filter_map(|(_, card)| card);
        let mut all: Vec<Value> = cards
            .map(|card| render::card_resource(&world.options, card))
            .collect();
        if includes.contains(&"jobs") {
            let known = invoice.jobs.iter().filter_map(|job| world.jobs.get(job));
            all.extend(known.map(|job| jobs::resource(&world, job, &[])));
        }
        document["included"] = all.into();
    }
    Ok(answer(StatusCode::OK, &document))
}

impl World {
    /// The card of the user with these initials.
    fn user_card(&self, initials: &str) -> Option<&crate::jim2::record::CardFile> {
        self.cards.values().find(|card| {
            let user = card.user.as_ref();
            user.is_some_and(|user| user.initials == initials)
        })
    }
}
