//! Named queries: stored SQL that Happen installs at a site, read by column name.

use rest::Answer;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{Client, Error, Query, cell::Cell, record::Record, time::Times};

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
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Record>,
}

impl Client {
    /// All result sets of a named query.
    pub(crate) async fn tables(
        &self,
        query: Query,
        parameters: &[&str],
    ) -> Result<Vec<Table>, Error> {
        let mut url = self.settings().url(&["api", "v1", "custom", "getdata"]);
        url.query_pairs_mut().append_pair("queryname", query.name());
        for (index, parameter) in parameters.iter().enumerate() {
            let name = format!("qp{}", index + 1);
            url.query_pairs_mut().append_pair(&name, parameter);
        }
        let answer = match self.read(query.operation(), url).await {
            Err(error) if says_unknown(&error) => {
                return Err(Error::NoSuchQuery(query.name().to_owned()));
            }
            answer => answer?,
        };
        read(&answer, query, self.settings().times())
    }

    /// The rows of the query's only result set.
    pub(crate) async fn rows(
        &self,
        query: Query,
        parameters: &[&str],
    ) -> Result<Vec<Record>, Error> {
        let table = self.tables(query, parameters).await?.into_iter().next();
        Ok(table.map(|table| table.rows).unwrap_or_default())
    }

    /// The rows for many keys, asked for in batches.
    pub(crate) async fn rows_of(
        &self,
        query: Query,
        keys: &[String],
    ) -> Result<Vec<Record>, Error> {
        let mut rows = Vec::new();
        for batch in keys.chunks(query.keys_a_call()) {
            rows.extend(self.rows(query, &[&batch.join(",")]).await?);
        }
        Ok(rows)
    }
}

fn says_unknown(error: &Error) -> bool {
    if let Error::Refused { status, errors } = error {
        return *status < 500
            && errors.iter().any(|error| {
                let said = format!("{} {error}", error.code.as_deref().unwrap_or_default());
                said.to_lowercase().contains("query")
            });
    }
    matches!(error, Error::NotFound)
}

fn read(answer: &Answer, query: Query, times: Times) -> Result<Vec<Table>, Error> {
    let body: Body = answer
        .json()
        .map_err(|error| Error::unreadable(query.name(), error))?;
    body.result_sets
        .into_iter()
        .enumerate()
        .map(|(index, set)| table(set, &format!("{}[{index}]", query.name()), times))
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
