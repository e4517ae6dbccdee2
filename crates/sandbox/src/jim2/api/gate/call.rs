//! What a call is about, before anybody answers it.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

use crate::jim2::api::parameter;
use crate::jim2::lock::Record;

/// A call as the counters and faults see it.
pub(super) struct Call {
    pub(super) entity: String,
    pub(super) endpoint: String,
    pub(super) write: bool,
    pub(super) signs_in: bool,
    /// The job or card that a write is about.
    pub(super) target: Option<Record>,
}

impl Call {
    pub(super) fn of(request: &Request) -> Self {
        let path = below_app(
            request
                .extensions()
                .get::<MatchedPath>()
                .map_or_else(|| request.uri().path(), |path| path.as_str()),
        );
        let signing = matches!(path, "token" | "logoff");
        let method = request.method();
        let endpoint = if path.eq_ignore_ascii_case("custom/getdata") {
            let parameters = parameter::parse(request.uri().query().unwrap_or_default());
            let name = parameter::find(&parameters, "queryname").unwrap_or_default();
            format!("getdata {name}")
        } else {
            format!("{method} {path}")
        };
        let write = !signing && method != Method::GET && method != Method::HEAD;
        Self {
            entity: path.split('/').next().unwrap_or(path).to_owned(),
            endpoint,
            write,
            signs_in: path == "token",
            target: target(request.uri().path()).filter(|_| write),
        }
    }
}

/// An address without the application and the version, where it has them: a router may have taken the former off.
fn below_app(path: &str) -> &str {
    if let Some((_, rest)) = path.split_once("/api/v1/") {
        return rest;
    }
    let path = path.trim_start_matches('/');
    path.split_once('/').map_or(path, |(_, rest)| rest)
}

/// The record in an address like `jobs/5001/stock/5001-1`.
fn target(path: &str) -> Option<Record> {
    let mut steps = below_app(path).split('/');
    let (kind, no) = (steps.next()?, steps.next()?.parse().ok()?);
    match kind {
        "jobs" => Some(Record::Job(no)),
        "cardfiles" => Some(Record::Card(no)),
        _ => None,
    }
}
