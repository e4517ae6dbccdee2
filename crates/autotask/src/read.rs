//! Reading records: by id, by query, page by page.
//!
//! Pages go by id, ascending, which is the order in which Autotask answers: `id` greater than the
//! last one seen. Always POST: a query in a URL above 2,048 characters is answered with 404.

use reqwest::Method;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Client, Entity, Error, Filter, Operand, client::Request, error::Effect};

/// The largest page Autotask gives.
const PAGE_ROWS: usize = 500;

/// How many values go into one `in`. Autotask's limit is 500 alternatives.
pub(crate) const BATCH_VALUES: usize = 200;

/// Which records, and what of them.
#[derive(Debug, Clone)]
pub struct Query {
    filter: Filter,
    include_fields: Option<Vec<String>>,
    udfs: Vec<String>,
    max_records: usize,
}

impl Query {
    /// The records for which `filter` holds, with all fields we know and pages of 500.
    pub fn of(filter: Filter) -> Self {
        Self {
            filter,
            include_fields: None,
            udfs: Vec::new(),
            max_records: PAGE_ROWS,
        }
    }

    /// Every record.
    pub fn everything() -> Self {
        Self::of(Filter::everything())
    }

    /// Only these fields are told; `id` always is.
    #[must_use]
    pub fn only(mut self, fields: &[&str]) -> Self {
        let fields = fields.iter().filter(|field| **field != "id");
        let fields = std::iter::once("id").chain(fields.copied());
        self.include_fields = Some(fields.map(str::to_owned).collect());
        self
    }

    /// These user-defined fields are told, too.
    #[must_use]
    pub fn udfs(mut self, names: &[String]) -> Self {
        self.udfs = names.to_vec();
        self
    }

    /// The most rows of one page, 1 to 500.
    #[must_use]
    pub fn page_rows(mut self, rows: usize) -> Self {
        self.max_records = rows.clamp(1, PAGE_ROWS);
        self
    }

    /// The most rows of one page.
    pub(crate) fn most(&self) -> usize {
        self.max_records
    }

    /// The body that asks for these fields of the records with ids above `after`; for all where none is named.
    pub(crate) fn body(&self, known: &[&str], after: Option<i64>) -> Vec<u8> {
        let mut filter = vec![self.filter.clone()];
        filter.extend(after.map(|last| Filter::gt("id", last)));
        let include_fields = match &self.include_fields {
            Some(fields) => fields.iter().map(String::as_str).collect(),
            None => known.to_vec(),
        };
        let body = Body {
            max_records: self.max_records,
            include_fields: include_fields
                .into_iter()
                .chain(self.udfs.iter().map(String::as_str))
                .collect(),
            filter,
        };
        serde_json::to_vec(&body).expect("a query is plain JSON")
    }
}

impl From<Filter> for Query {
    fn from(filter: Filter) -> Self {
        Self::of(filter)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    max_records: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include_fields: Vec<&'a str>,
    #[serde(rename = "filter")]
    filter: Vec<Filter>,
}

/// Some rows, ascending by id.
#[derive(Debug, Clone)]
pub struct Page<E> {
    /// The rows.
    pub items: Vec<E>,
    /// What to give as `after` for the next page: `None` after the last.
    pub next: Option<i64>,
}

/// The rows of an answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rows<T> {
    pub(crate) items: Vec<T>,
    #[serde(default)]
    page_details: Option<PageDetails>,
}

impl<T> Rows<T> {
    /// Whether no page comes after this one, which was asked for with at most `page_rows`.
    pub(crate) fn is_last(&self, page_rows: usize) -> bool {
        let goes_on = self.page_details.as_ref();
        let goes_on = goes_on.is_some_and(|page| page.next_page_url.is_some());
        self.items.len() < page_rows.clamp(1, PAGE_ROWS) && !goes_on
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageDetails {
    #[serde(default)]
    next_page_url: Option<String>,
}

/// The item of an answer by id. The key must be there: an answer without it says nothing.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub(crate) struct Item<T> {
    #[serde(deserialize_with = "Option::deserialize")]
    item: Option<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Count {
    query_count: u64,
}

impl Client {
    /// The record with this id, or `None` where there is none that we may see. Just after a create
    /// Autotask may not show it yet.
    pub async fn get<E: Entity>(&self, id: i64) -> Result<Option<E>, Error> {
        let path = format!("{}/{id}", E::PATH);
        let item: Option<E> = self.item("autotask.get", E::NAME, &path).await?;
        Ok(item.map(|mut item| {
            item.read_by_id();
            item
        }))
    }

    /// The item at a path that ends in its id, or `None` where there is none.
    pub(crate) async fn item<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        entity: &str,
        path: &str,
    ) -> Result<Option<T>, Error> {
        match self.ask(Request::lookup(operation, entity, path)).await {
            Err(Error::Gone { .. }) => Ok(None),
            answer => answer.map(|Item { item }| item),
        }
    }

    /// The rows of one page, with ids above `after`.
    pub async fn query_page<E: Entity>(
        &self,
        query: &Query,
        after: Option<i64>,
    ) -> Result<Page<E>, Error> {
        let path = format!("{}/query", E::PATH);
        let rows: Rows<E> = self
            .post_query(
                "autotask.query",
                E::NAME,
                &path,
                query.body(E::FIELDS, after),
            )
            .await?;
        advances(&rows.items, after)?;
        let is_last = rows.is_last(query.max_records);
        let last = rows.items.last().map(Entity::id);
        Ok(Page {
            next: last.filter(|_| !is_last),
            items: rows.items,
        })
    }

    /// All rows, ascending by id. For many, take [`Client::query_page`] and keep one page in hand.
    pub async fn query_all<E: Entity>(&self, query: &Query) -> Result<Vec<E>, Error> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.query_page(query, after).await?;
            all.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// The first records behind the id `after`, at most 500, with these user-defined fields: one call.
    pub async fn next_ones<E: Entity>(
        &self,
        after: Option<i64>,
        rows: usize,
        udfs: &[String],
    ) -> Result<Vec<E>, Error> {
        let query = Query::everything().udfs(udfs).page_rows(rows);
        Ok(self.query_page(&query, after).await?.items)
    }

    /// The records with these ids that exist, 200 a call, with these user-defined fields.
    pub async fn by_ids<E: Entity>(&self, ids: &[i64], udfs: &[String]) -> Result<Vec<E>, Error> {
        self.where_in("id", ids, udfs).await
    }

    /// The records whose `field` is one of `values`, 200 values a call. Values are deduplicated.
    pub async fn where_in<E, V>(
        &self,
        field: &str,
        values: &[V],
        udfs: &[String],
    ) -> Result<Vec<E>, Error>
    where
        E: Entity,
        V: Into<Operand> + Clone + Ord + Sync,
    {
        let asking = |of: Filter| Query::of(of).udfs(udfs);
        self.in_batches(field, values, asking).await
    }

    /// The same by the query that `asking` makes of each batch, as it may ask for more than that.
    pub async fn in_batches<E, V>(
        &self,
        field: &str,
        values: &[V],
        asking: impl Fn(Filter) -> Query,
    ) -> Result<Vec<E>, Error>
    where
        E: Entity,
        V: Into<Operand> + Clone + Ord + Sync,
    {
        let mut values = values.to_vec();
        values.sort_unstable();
        values.dedup();
        let mut all = Vec::new();
        for batch in values.chunks(BATCH_VALUES) {
            let query = asking(Filter::is_in(field, batch.iter().cloned()));
            all.extend(self.query_all::<E>(&query).await?);
        }
        Ok(all)
    }

    /// How many records there are for which `filter` holds.
    pub async fn count<E: Entity>(&self, filter: &Filter) -> Result<u64, Error> {
        let path = format!("{}/query/count", E::PATH);
        let body = serde_json::json!({ "filter": [filter] }).to_string();
        let count: Count = self
            .post_query("autotask.count", E::NAME, &path, body.into_bytes())
            .await?;
        Ok(count.query_count)
    }

    /// Asks a query by its body.
    pub(crate) async fn post_query<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        entity: &str,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Error> {
        self.ask(Request {
            operation,
            entity,
            method: Method::POST,
            path,
            body: Some(body),
            effect: Effect::Read,
        })
        .await
    }
}

/// Whether ids only rise from `after` on: a server that repeats rows would keep us forever.
pub(crate) fn advances<E: Entity>(items: &[E], after: Option<i64>) -> Result<(), Error> {
    let ids: Vec<i64> = items.iter().map(Entity::id).collect();
    rows_advance(E::NAME, &ids, after)
}

/// The same of rows that people call `name`, by their ids.
pub(crate) fn rows_advance(name: &str, ids: &[i64], after: Option<i64>) -> Result<(), Error> {
    let mut last = after;
    for id in ids {
        if last.is_some_and(|last| *id <= last) {
            return Err(Error::Unreadable {
                says: format!("the page does not go on after {name} {last:?}: it has {id}"),
            });
        }
        last = Some(*id);
    }
    Ok(())
}
