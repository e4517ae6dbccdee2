//! What a request says beside its path: its body, its parameters, the address its caller used.

use std::collections::HashMap;
use std::io::Read as _;

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::super::answer::Refusal;
use super::MOST_BYTES;

/// The body of a request that has one.
pub(super) fn json_body(parts: &Parts, body: &Bytes) -> Result<Value, Refusal> {
    if matches!(parts.method, Method::GET | Method::DELETE) {
        return Ok(Value::Null);
    }
    let content_type = text(&parts.headers, header::CONTENT_TYPE);
    if !content_type.to_ascii_lowercase().contains("json") {
        return Err(Refusal::NotJson);
    }
    let read = if text(&parts.headers, header::CONTENT_ENCODING).eq_ignore_ascii_case("gzip") {
        serde_json::from_slice(&unpacked(body)?)
    } else {
        serde_json::from_slice(body)
    };
    read.map_err(|error| Refusal::invalid(format!("The body is not JSON: {error}.")))
}

/// The body of a request that says that it is packed; it is refused when it is not.
fn unpacked(body: &Bytes) -> Result<Vec<u8>, Refusal> {
    let mut unpacked = Vec::new();
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    GzDecoder::new(body.as_ref())
        .take(most)
        .read_to_end(&mut unpacked)
        .map_err(|_| Refusal::invalid("The magic number in GZip header is not correct."))?;
    Ok(unpacked)
}

/// The parts of the address after the question mark.
pub(super) fn parameters(parts: &Parts) -> HashMap<String, String> {
    Query::try_from_uri(&parts.uri)
        .map(|Query(parameters)| parameters)
        .unwrap_or_default()
}

/// The address the caller used, also through a proxy that ends TLS, so that it can follow the addresses in answers.
pub(super) fn base(parts: &Parts) -> String {
    let host = match text(&parts.headers, header::HOST) {
        "" => "127.0.0.1",
        host => host,
    };
    let forwarded = parts.headers.get("X-Forwarded-Proto");
    let forwarded = forwarded.and_then(|value| value.to_str().ok());
    let first = forwarded.and_then(|schemes| schemes.split(',').next());
    let scheme = match first.map(str::trim) {
        Some("https") => "https",
        Some(_) | None => "http",
    };
    format!("{scheme}://{host}")
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}
