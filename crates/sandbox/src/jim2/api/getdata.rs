//! `api/v1/custom/getdata`: runs a named query that was installed in the database.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::App;
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
    let page = page(&parameters)?;
    let world = app.world();
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
    let sets: Vec<Value> = sets.into_iter().map(|set| told(set, page)).collect();
    Ok(Json(json!({ "resultSets": sets })))
}

fn told(set: ResultSet, page: Option<(usize, usize)>) -> Value {
    let columns: Vec<Value> = set
        .columns
        .iter()
        .map(|(name, kind)| json!({ "Name": name, "Type": kind }))
        .collect();
    let (skipped, size) = page.map_or((0, usize::MAX), |(no, size)| {
        (no.saturating_mul(size), size)
    });
    let rows: Vec<Value> = set
        .rows
        .into_iter()
        .skip(skipped)
        .take(size)
        .map(Value::Array)
        .collect();
    json!({ "columns": columns, "rows": rows })
}

/// The page asked for, counted from 0, and its size: both or neither.
fn page(parameters: &Parameters) -> Result<Option<(usize, usize)>, Refusal> {
    let read = |name: &str| match parameters.get(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            Refusal::malformed("page", format!("{name} must be a number, not {text:?}."))
                .blaming(Blame::Parameter(name.to_owned()))
        }),
    };
    match (read("pageno")?, read("pagesize")?) {
        (None, None) => Ok(None),
        (Some(no), Some(size)) => Ok(Some((no, size))),
        (Some(_), None) | (None, Some(_)) => Err(Refusal::malformed(
            "page",
            "pageno and pagesize go together.",
        )),
    }
}
