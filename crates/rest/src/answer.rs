//! An answer that was carried out, and reading its JSON.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::{Broken, Error, retry_after::date};

/// A complete answer with a status of success.
#[derive(Clone)]
pub struct Answer {
    /// The status, 200 to 299.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// What the server's clock showed when it answered, where it says so.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        date(&self.headers).map(|date| date.to_utc())
    }

    /// The body as JSON. Empty or cut JSON is [`Broken::Truncated`], never "nothing there".
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            unreadable(path, error.inner())
        })?;
        reader
            .end()
            .map_err(|error| unreadable(".".to_owned(), &error))?;
        Ok(value)
    }
}

impl std::fmt::Debug for Answer {
    /// Without headers and body, which may be a customer's or hold a token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("size_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

fn unreadable(path: String, error: &serde_json::Error) -> Error {
    let broken = match error.classify() {
        Category::Eof => Broken::Truncated,
        Category::Data => Broken::Unreadable {
            path,
            reason: expectation(&error.to_string()),
        },
        Category::Syntax | Category::Io => Broken::Unreadable {
            path,
            reason: format!(
                "not JSON (byte {} of line {})",
                error.column(),
                error.line()
            ),
        },
    };
    broken.into()
}

/// The part of serde's message that says what was expected; the rest quotes the value.
fn expectation(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some((_, expected)) = message.rsplit_once(", expected ") {
        return format!("expected {expected}");
    }
    if message.starts_with("missing field") {
        return message.to_owned();
    }
    "a value of an unexpected kind".to_owned()
}
