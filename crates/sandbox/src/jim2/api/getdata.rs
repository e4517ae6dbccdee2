//! `api/v1/custom/getdata`: runs a named query that was installed in the database.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::App;
use super::page::Page;
use super::parameter::Parameters;
use super::reading::Reader;
use crate::jim2::named::{self, ResultSet};
use crate::jim2::refusal::{Blame, Refusal};

/// `GET custom/getdata`.
pub(super) async fn run(
    State(app): State<App>,
    _: Reader,
    parameters: Parameters,
) -> Result<Json<Value>, Refusal> {
    let name = parameters.get("queryname").unwrap_or_default();
    let mut world = app.world();
    let base = world.options.pageno_base;
    let page = Page::by_pageno(&parameters, base, usize::MAX)?;
    let values = |number: usize| parameters.get(&format!("qp{number}")).unwrap_or_default();
    let found = world
        .options
        .named_queries
        .then(|| named::run(&world, name, &values))
        .flatten();
    let sets = found.ok_or_else(|| {
        Refusal::malformed(
            "unknown-query",
            format!("There is no query named {name:?}."),
        )
        .blaming(Blame::Parameter("queryname".to_owned()))
    })??;
    if name == "crossbill_changes"
        && let Ok(cursor) = values(1).parse()
    {
        world.stats.has_read_to(cursor);
    }
    let sets: Vec<Value> = sets.into_iter().map(|set| told(set, page)).collect();
    Ok(Json(json!({ "resultSets": sets })))
}

fn told(set: ResultSet, page: Page) -> Value {
    let columns: Vec<Value> = set
        .columns
        .iter()
        .map(|(name, kind)| json!({ "Name": name, "Type": kind }))
        .collect();
    let rows = page.cut(set.rows).records.into_iter();
    json!({ "columns": columns, "rows": rows.map(Value::Array).collect::<Vec<_>>() })
}
