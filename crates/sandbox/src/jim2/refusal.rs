//! Why Jim2 will not do something, in a sentence, and how its answers show that.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::options::ErrorBodies;

/// Media type of every JSON:API answer.
pub(crate) const JSON_API: &str = "application/vnd.api+json";

/// The part of a request that is to blame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    /// The request as a whole.
    Request,
    /// A JSON pointer into the body.
    Pointer(String),
    /// A parameter of the address.
    Parameter(String),
}

/// A refusal in a sentence, with the code a program can act on.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) blame: Blame,
}

impl Refusal {
    /// A refusal of the request as a whole.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            blame: Blame::Request,
        }
    }

    /// A refusal with a status that the options choose.
    pub(crate) fn chosen(status: u16, code: &'static str, detail: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::CONFLICT);
        Self::new(status, code, detail)
    }

    /// The request cannot be read.
    pub(crate) fn malformed(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// The request can be read, but its values break a rule.
    pub(crate) fn invalid(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// There is no such record.
    pub(crate) fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            format!("{what} {id} does not exist."),
        )
    }

    /// The address does not take this method.
    pub(crate) fn method(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    /// The same refusal, blaming a part of the request.
    pub(crate) fn blaming(mut self, blame: Blame) -> Self {
        self.blame = blame;
        self
    }

    fn document(&self) -> Value {
        let mut error = json!({
            "status": self.status.as_u16().to_string(),
            "code": self.code,
            "title": title(self.code),
            "detail": self.detail,
        });
        match &self.blame {
            Blame::Request => {}
            Blame::Pointer(pointer) => error["source"] = json!({ "pointer": pointer }),
            Blame::Parameter(name) => error["source"] = json!({ "parameter": name }),
        }
        json!({ "errors": [error] })
    }
}

impl Refusal {
    /// The answer, with the body that this Jim2 gives its refusals.
    pub(crate) fn told(&self, bodies: ErrorBodies) -> Response {
        let (kind, body) = match bodies {
            ErrorBodies::JsonApi => (JSON_API, self.document().to_string()),
            ErrorBodies::Message => {
                let body = json!({ "message": self.detail });
                ("application/json", body.to_string())
            }
            ErrorBodies::PlainText => ("text/plain; charset=utf-8", self.detail.clone()),
        };
        (self.status, [(CONTENT_TYPE, kind)], body).into_response()
    }
}

/// The gate gives the answer its body: a handler does not know which one.
impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A code as a title: `card-code-taken` becomes `Card code taken`.
fn title(code: &str) -> String {
    let words = code.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
