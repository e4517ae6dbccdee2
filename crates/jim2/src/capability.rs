//! Finding out what a site's Jim2 can do, without writing anything.

use reqwest::{Method, StatusCode};
use rest::Broken;
use serde_json::json;

use crate::{
    Client, Error, Query,
    client::{Style, of_write},
    getdata::Table,
    json_api::Sent,
};

/// A part of an address that no build has.
const NO_ADDRESS: &str = "crossbill-probe";

/// Whether a named query is there and as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryState {
    /// It is there with all its columns.
    Ready,
    /// It is not installed.
    Missing,
    /// It is there without these columns.
    Lacks(Vec<String>),
}

/// What a site's named queries can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Each query and its state.
    pub queries: Vec<(Query, QueryState)>,
}

impl Capabilities {
    /// Whether every query that cannot be done without is there with all its columns.
    pub fn named_queries(&self) -> bool {
        let mut queries = self.queries.iter();
        queries.all(|(query, state)| query.is_optional || *state == QueryState::Ready)
    }
}

impl Client {
    /// Asks for each named query once, with parameters that match nothing.
    pub async fn probe_named_queries(&self) -> Result<Capabilities, Error> {
        let mut queries = Vec::with_capacity(Query::ALL.len());
        for query in Query::ALL {
            let state = match self.tables(query, query.harmless).await {
                Ok(tables) => judge(query, &tables),
                Err(Error::NoSuchQuery(_)) => QueryState::Missing,
                Err(error) => return Err(error),
            };
            queries.push((query, state));
        }
        Ok(Capabilities { queries })
    }

    /// Whether this build takes comments on jobs. Writes nothing: what it tries to change belongs
    /// to job 0, which cannot be. Opens the writing session, as only a writer is told.
    ///
    /// A build without the address and a build without the job both answer 404, so the answer is
    /// compared with that of an address which no build has.
    pub async fn job_comments_writable(&self) -> Result<bool, Error> {
        let comments = self.change_nothing("comments").await?;
        let Some(answer) = comments else {
            return Ok(false);
        };
        let control = self.change_nothing(NO_ADDRESS).await?;
        Ok(control.is_none_or(|control| control.replace(NO_ADDRESS, "comments") != answer))
    }

    /// Tries to change a line of job 0, and answers the text of the 404; `None` for any other refusal.
    async fn change_nothing(&self, lines: &str) -> Result<Option<String>, Error> {
        let url = self
            .settings()
            .url(&["api", "v1", "jobs", "0", lines, "0-0"]);
        let body = Sent::changes("JobComment", "0-0".to_owned(), json!({"include": false}));
        let sent = (Style::JsonApi, &body);
        let operation = "jim2.job_comments_writable";
        match self.attempt(operation, Method::PATCH, url, sent).await? {
            Ok(_) => Err(Error::unreadable(operation, "a line of job 0 was changed")),
            Err(rest::Error::Refused { status, body }) if status == StatusCode::NOT_FOUND => {
                Ok(Some(body))
            }
            Err(rest::Error::Broken(Broken::Html { .. })) => Ok(None),
            // Anything else that the API itself said is a no to this address.
            Err(rest::Error::Refused { status, .. }) if status.is_client_error() => Ok(None),
            Err(error) => Err(of_write(error)),
        }
    }
}

fn judge(query: Query, tables: &[Table]) -> QueryState {
    let lacking: Vec<String> = query
        .columns()
        .into_iter()
        .enumerate()
        .flat_map(|(index, mut columns)| {
            let table = tables.get(index);
            columns.retain(|column| !table.is_some_and(|table| table.has(column)));
            columns
        })
        .collect();
    if lacking.is_empty() {
        QueryState::Ready
    } else {
        QueryState::Lacks(lacking)
    }
}
