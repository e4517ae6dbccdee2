//! Named queries: stored SQL that Happen installs at a site, read by column name.

use reqwest::StatusCode;
use rest::{Answer, Broken};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::{Client, Error, Grant, Query, cell::Cell, record::Record, time::Times};

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "resultSets", alias = "ResultSets")]
    result_sets: Vec<ResultSet>,
}

#[derive(Deserialize)]
struct ResultSet {
    #[serde(alias = "Columns")]
    columns: Vec<Column>,
    #[serde(alias = "Rows")]
    rows: Vec<Vec<Box<RawValue>>>,
}

#[derive(Deserialize)]
struct Column {
    #[serde(alias = "Name")]
    name: String,
}

/// One result set: its columns, and a record a row.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<String>,
    pub(crate) rows: Vec<Record>,
}

impl Table {
    /// Whether there is a column of this name, in any letter case.
    pub(crate) fn has(&self, column: &str) -> bool {
        let mut columns = self.columns.iter();
        columns.any(|name| name.eq_ignore_ascii_case(column))
    }
}

impl Client {
    /// All result sets of a named query.
    pub(crate) async fn tables(
        &self,
        query: Query,
        parameters: &[&str],
    ) -> Result<Vec<Table>, Error> {
        let url = self.address(query, parameters);
        let answer = match self.read(query.operation, url).await {
            Err(Error::NoSuchQuery(_)) => return Err(missing(query)),
            Err(error) if says_no_address(&error) => {
                return Err(self.without_address(query).await?);
            }
            answer => answer?,
        };
        read(&answer, query, self.settings().times())
    }

    /// The same with a token that is not anybody's yet.
    pub(crate) async fn tables_with(
        &self,
        grant: &Grant,
        query: Query,
        parameters: &[&str],
    ) -> Result<Vec<Table>, Error> {
        let url = self.address(query, parameters);
        let answer = match self.read_with(grant, query.operation, url).await {
            Err(Error::NoSuchQuery(_)) => return Err(missing(query)),
            answer => answer?,
        };
        read(&answer, query, self.settings().times())
    }

    fn address(&self, query: Query, parameters: &[&str]) -> Url {
        let mut url = self.settings().url(&["api", "v1", "custom", "getdata"]);
        url.query_pairs_mut().append_pair("queryname", query.name);
        for (index, parameter) in parameters.iter().enumerate() {
            let name = format!("qp{}", index + 1);
            url.query_pairs_mut().append_pair(&name, parameter);
        }
        url
    }

    /// What it means that there is nothing at the address of named queries: where the rest of the API is below our
    /// base URL, this build has no named queries; else the base URL is wrong.
    async fn without_address(&self, query: Query) -> Result<Error, Error> {
        let mut control = self.settings().url(&["api", "v1", "jobs"]);
        control.query_pairs_mut().append_pair("filter[OurRef]", "-");
        match self.read("jim2.control", control).await {
            Err(error) if says_no_address(&error) => Ok(Error::Unauthorized {
                setting: "the base URL (it has a token address but no API there)",
            }),
            Ok(_) | Err(Error::Refused { .. } | Error::Forbidden { .. }) => Ok(missing(query)),
            Err(error) => Err(error),
        }
    }

    /// The rows of the query's only result set. An answer without it, or without the column of keys, tells nothing:
    /// taken for no rows it would mean that all records are gone.
    pub(crate) async fn rows(
        &self,
        query: Query,
        parameters: &[&str],
    ) -> Result<Vec<Record>, Error> {
        let tables = self.tables(query, parameters).await?;
        let table = tables
            .into_iter()
            .next()
            .ok_or_else(|| Error::unreadable(query.name, "there is no result set"))?;
        let key = query.key();
        if !table.has(&key) {
            let path = format!("{}[0].{key}", query.name);
            return Err(Error::unreadable(&path, "there is no such column"));
        }
        Ok(table.rows)
    }

    /// The rows for many keys, asked for in batches.
    pub(crate) async fn rows_of(
        &self,
        query: Query,
        keys: &[String],
    ) -> Result<Vec<Record>, Error> {
        let mut rows = Vec::new();
        for batch in keys.chunks(query.keys_a_call) {
            rows.extend(self.rows(query, &[&batch.join(",")]).await?);
        }
        Ok(rows)
    }
}

fn missing(query: Query) -> Error {
    Error::NoSuchQuery(query.name.to_owned())
}

/// Whether nothing is at an address, told by the API or by a web server's page.
pub(crate) fn says_no_address(error: &Error) -> bool {
    match error {
        Error::NotFound => true,
        Error::Away(source) => matches!(
            source.downcast_ref(),
            Some(rest::Error::Broken(Broken::Html { status })) if *status == StatusCode::NOT_FOUND
        ),
        Error::Unauthorized { .. }
        | Error::NoLicence
        | Error::OtherDatabase(_)
        | Error::Forbidden { .. }
        | Error::Refused { .. }
        | Error::Locked { .. }
        | Error::JobReady
        | Error::JobInvoiced { .. }
        | Error::NotWritable { .. }
        | Error::Workflow { .. }
        | Error::NoSuchQuery(_)
        | Error::MaybeDone(_)
        | Error::SlowDown { .. }
        | Error::Unreadable { .. }
        | Error::Session(_) => false,
    }
}

pub(crate) fn read(answer: &Answer, query: Query, times: Times) -> Result<Vec<Table>, Error> {
    let body: Body = answer
        .json()
        .map_err(|error| Error::unreadable(query.name, error))?;
    body.result_sets
        .into_iter()
        .enumerate()
        .map(|(index, set)| table(set, &format!("{}[{index}]", query.name), times))
        .collect()
}

fn table(set: ResultSet, path: &str, times: Times) -> Result<Table, Error> {
    let columns: Vec<String> = set.columns.into_iter().map(|column| column.name).collect();
    let rows = set
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| record(&columns, row, format!("{path}.rows[{index}]"), times))
        .collect::<Result<_, _>>()?;
    Ok(Table { columns, rows })
}

fn record(
    columns: &[String],
    row: &[Box<RawValue>],
    path: String,
    times: Times,
) -> Result<Record, Error> {
    if row.len() != columns.len() {
        return Err(Error::unreadable(
            &path,
            format!("{} values for {} columns", row.len(), columns.len()),
        ));
    }
    let cells = columns
        .iter()
        .zip(row)
        .map(|(name, raw)| Cell::read(raw).map(|cell| (name.clone(), cell)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Error::unreadable(&path, error))?;
    Ok(Record::new(path, cells, times))
}
