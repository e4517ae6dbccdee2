//! Paging of lists: `page[number]` from 1, `page[size]`, and a link to the next page while there is one.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::parameter::Parameters;
use crate::jim2::options::Options;
use crate::jim2::refusal::{Blame, JSON_API, Refusal};

/// Names of the paging parameters.
pub(super) const NUMBER: &str = "page[number]";
pub(super) const SIZE: &str = "page[size]";

/// The page somebody asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// Reads the page from the address.
    pub(super) fn of(parameters: &Parameters, options: &Options) -> Result<Self, Refusal> {
        let most = options.page_size_max;
        Ok(Self {
            number: read(parameters, NUMBER, usize::MAX)?.unwrap_or(1),
            size: read(parameters, SIZE, most)?.unwrap_or(options.page_size),
        })
    }

    /// The records on this page.
    pub(super) fn cut<T>(self, records: Vec<T>) -> Cut<T> {
        let skipped = (self.number - 1).saturating_mul(self.size);
        let more = records.len() > skipped.saturating_add(self.size);
        let records = records.into_iter().skip(skipped).take(self.size).collect();
        Cut {
            page: self,
            records,
            more,
        }
    }
}

/// The records of one page.
pub(super) struct Cut<T> {
    page: Page,
    /// The records.
    pub(super) records: Vec<T>,
    more: bool,
}

impl<T> Cut<T> {
    /// The page's links: to itself, and to the next page if there is one.
    pub(super) fn links(&self, path: &str, parameters: &Parameters) -> Value {
        let mut links = Map::new();
        let own = address(path, parameters, self.page.number, self.page.size);
        links.insert("self".to_owned(), own.into());
        if self.more {
            let next = address(path, parameters, self.page.number + 1, self.page.size);
            links.insert("next".to_owned(), next.into());
        }
        Value::Object(links)
    }
}

/// An answer in JSON:API.
pub(super) fn answer(status: StatusCode, document: &Value) -> Response {
    (status, [(CONTENT_TYPE, JSON_API)], document.to_string()).into_response()
}

/// An answer with one resource.
pub(super) fn answer_one(status: StatusCode, resource: &Value) -> Response {
    answer(status, &json!({ "data": resource }))
}

fn read(parameters: &Parameters, name: &str, most: usize) -> Result<Option<usize>, Refusal> {
    let Some(text) = parameters.get(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
        Ok(_) | Err(_) => Err(Refusal::malformed(
            "page",
            format!("{name} must be a number from 1 to {most}, not {text}."),
        )
        .blaming(Blame::Parameter(name.to_owned()))),
    }
}

fn address(path: &str, parameters: &Parameters, number: usize, size: usize) -> String {
    let kept = parameters
        .0
        .iter()
        .filter(|(name, _)| name != NUMBER && name != SIZE)
        .map(|(name, value)| (name.clone(), value.clone()));
    let paging = [
        (NUMBER.to_owned(), number.to_string()),
        (SIZE.to_owned(), size.to_string()),
    ];
    let query: Vec<String> = kept
        .chain(paging)
        .map(|(name, value)| format!("{}={}", encode(&name), encode(&value)))
        .collect();
    format!("{path}?{}", query.join("&"))
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
