//! What goes back to the caller: JSON, or a refusal in the words and codes of Autotask.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Why a request is not done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// The request is wrong: 500 with sentences, Autotask's way to say so.
    Invalid(Vec<String>),
    /// No such login: 401.
    Unauthorized,
    /// The security level denies it: 403.
    Forbidden,
    /// No such address: 404.
    NoRoute(String),
    /// The address is there, the method is not: 405.
    NoMethod(String),
    /// No such record where the tenant answers 404 to that.
    NoRecord,
    /// The tenant is not in the zone that was called: 401.
    WrongZone,
    /// A page of the web server in front, with this status.
    Page(StatusCode),
    /// The body is not JSON by its own word: 415.
    NotJson,
    /// The hourly threshold or the thread limit: 429 with a sentence.
    TooMany(String),
    /// Too many at once, told as 503 with a sentence.
    Busy(String),
}

/// Either JSON or a refusal.
pub(super) type Answer = Result<Value, Refusal>;

impl Refusal {
    /// One sentence on what is wrong with the request.
    pub(super) fn invalid(sentence: impl Into<String>) -> Self {
        Self::Invalid(vec![sentence.into()])
    }

    /// The sentence for a missing permission.
    pub(super) fn permission() -> Self {
        Self::invalid(
            "The logged in Resource does not have the adequate permissions to perform this action.",
        )
    }

    /// The sentence for a record that a write cannot find.
    pub(super) fn no_match(deed: &str) -> Self {
        Self::invalid(format!(
            "No message. No matching records found. The logged in Resource may not have the required permissions to {deed} the data."
        ))
    }

    fn parts(self) -> (StatusCode, Result<Value, &'static str>) {
        match self {
            Self::Invalid(errors) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                Ok(json!({"errors": errors})),
            ),
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                Ok(json!({"errors": ["Invalid credentials or integration code."]})),
            ),
            Self::Forbidden => (StatusCode::FORBIDDEN, Ok(json!({"errors": ["Forbidden."]}))),
            Self::NoRoute(uri) => {
                let text =
                    format!("No HTTP resource was found that matches the request URI '{uri}'.");
                (StatusCode::NOT_FOUND, Ok(json!({"Message": text})))
            }
            Self::NoMethod(method) => {
                let text =
                    format!("The requested resource does not support http method '{method}'.");
                (StatusCode::METHOD_NOT_ALLOWED, Ok(json!({"Message": text})))
            }
            Self::NoRecord => (
                StatusCode::NOT_FOUND,
                Ok(json!({"errors": ["No matching records found."]})),
            ),
            Self::WrongZone => (
                StatusCode::UNAUTHORIZED,
                Ok(json!({"errors": ["The user is not in this zone; see zoneInformation."]})),
            ),
            Self::Page(status) => (status, Err(heading(status))),
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                Ok(
                    json!({"Message": "The request entity's media type is not supported for this resource."}),
                ),
            ),
            Self::TooMany(text) => (StatusCode::TOO_MANY_REQUESTS, Ok(json!({"errors": [text]}))),
            Self::Busy(text) => (
                StatusCode::SERVICE_UNAVAILABLE,
                Ok(json!({"errors": [text]})),
            ),
        }
    }
}

/// The heading of a page of the web server in front.
fn heading(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "404 - File or directory not found.",
        StatusCode::SERVICE_UNAVAILABLE => "503 - Service unavailable.",
        _ => "We'll be back soon.",
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self.parts() {
            (status, Ok(body)) => (status, axum::Json(body)).into_response(),
            (status, Err(heading)) => {
                let page = format!(
                    "<!DOCTYPE html><html><head><title>{heading}</title></head><body><h2>{heading}</h2></body></html>"
                );
                (status, [(header::CONTENT_TYPE, "text/html")], page).into_response()
            }
        }
    }
}
