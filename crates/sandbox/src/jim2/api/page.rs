//! Paging of lists, in one of the ways that the documents leave open.

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::parameter::Parameters;
use super::{filter, render};
use crate::jim2::options::{Options, Paging};
use crate::jim2::refusal::{Blame, JSON_API, Refusal};

/// Names of JSON:API's paging parameters.
const NUMBER: &str = "page[number]";
const SIZE: &str = "page[size]";

/// Names of `getdata`'s.
const PAGENO: &str = "pageno";
const PAGESIZE: &str = "pagesize";

/// Refuses the first parameter that no list takes: filters, paging, and what else `this` one does.
pub(super) fn only_of_lists(
    parameters: &Parameters,
    options: &Options,
    this: &[&str],
) -> Result<(), Refusal> {
    parameters
        .only(|name| filter::is_filter(name) || is_paging(name, options) || this.contains(&name))
}

/// Whether a parameter is about paging in this Jim2.
fn is_paging(name: &str, options: &Options) -> bool {
    match options.paging {
        Paging::JsonApi => [NUMBER, SIZE].contains(&name),
        Paging::PageNoPageSize => [PAGENO, PAGESIZE].contains(&name),
        Paging::None => false,
    }
}

/// The page somebody asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    /// Pages before it.
    before: usize,
    size: usize,
    has_links: bool,
}

impl Page {
    /// Reads the page from the address.
    pub(super) fn of(parameters: &Parameters, options: &Options) -> Result<Self, Refusal> {
        match options.paging {
            Paging::JsonApi => Ok(Self {
                before: read(parameters, NUMBER, 1, usize::MAX)?.map_or(0, |number| number - 1),
                size: read(parameters, SIZE, 1, options.page_size_max)?
                    .unwrap_or(options.page_size),
                has_links: true,
            }),
            Paging::PageNoPageSize => {
                Self::by_pageno(parameters, options.pageno_base, options.page_size_max)
            }
            Paging::None => Ok(Self::WHOLE),
        }
    }

    /// Reads `pageno` and `pagesize`, both or neither.
    pub(super) fn by_pageno(
        parameters: &Parameters,
        base: usize,
        most: usize,
    ) -> Result<Self, Refusal> {
        let number = read(parameters, PAGENO, base, usize::MAX)?;
        match (number, read(parameters, PAGESIZE, 1, most)?) {
            (None, None) => Ok(Self::WHOLE),
            (Some(number), Some(size)) => Ok(Self {
                before: number - base,
                size,
                has_links: false,
            }),
            (Some(_), None) | (None, Some(_)) => Err(Refusal::malformed(
                "page",
                "pageno and pagesize go together.",
            )),
        }
    }

    const WHOLE: Self = Self {
        before: 0,
        size: usize::MAX,
        has_links: false,
    };

    /// The records on this page.
    pub(super) fn cut<T>(self, records: Vec<T>) -> Cut<T> {
        let skipped = self.before.saturating_mul(self.size);
        let more = records.len() > skipped.saturating_add(self.size);
        let records = records.into_iter().skip(skipped).take(self.size).collect();
        Cut {
            page: self,
            records,
            more,
        }
    }
}

/// The answer to a list at `path`: the page of what was found that was asked for, each record as `tell` tells it.
pub(super) fn listed<T>(
    parameters: &Parameters,
    options: &Options,
    (path, found): (&str, Vec<T>),
    tell: impl Fn(&T) -> Value,
) -> Result<Response, Refusal> {
    let cut = Page::of(parameters, options)?.cut(found);
    let data: Vec<Value> = cut.records.iter().map(tell).collect();
    let links = cut.links(&render::path(options, path), parameters);
    let document = json!({ "data": data, "links": links });
    Ok(answer(StatusCode::OK, &document))
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
        if !self.page.has_links {
            return Value::Object(links);
        }
        let number = self.page.before + 1;
        let own = address(path, parameters, number, self.page.size);
        links.insert("self".to_owned(), own.into());
        if self.more {
            let next = address(path, parameters, number + 1, self.page.size);
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

fn read(
    parameters: &Parameters,
    name: &str,
    least: usize,
    most: usize,
) -> Result<Option<usize>, Refusal> {
    let Some(text) = parameters.get(name) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        Ok(_) | Err(_) => Err(Refusal::malformed(
            "page",
            format!("{name} must be a number from {least} to {most}, not {text}."),
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
