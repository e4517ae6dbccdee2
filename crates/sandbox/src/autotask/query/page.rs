//! Pages: rows in ascending id order, and the addresses of the pages before and after.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::super::answer::{Answer, Refusal};
use super::super::read::Reading;
use super::super::schema::Entity;
use super::Query;

/// From which row on, in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::autotask) enum Cursor {
    Start,
    After(i64),
    Before(i64),
}

/// How the pages around this one are asked for.
#[derive(Clone, Copy, Debug)]
pub(in crate::autotask) enum Turning<'a> {
    /// By GET, with the search in the address.
    Get { address: &'a str, search: &'a str },
    /// By POST with the same body.
    Post { address: &'a str },
}

impl Cursor {
    /// Reads `{"pageSize":500,"previousIds":[],"nextIds":[7500]}`.
    pub(in crate::autotask) fn read(paging: &str) -> Result<Self, Refusal> {
        let paging: Value = serde_json::from_str(paging)
            .map_err(|_| Refusal::invalid("The paging information is not JSON."))?;
        let id = |name: &str| {
            paging[name]
                .as_array()
                .and_then(|ids| ids.last())
                .and_then(Value::as_i64)
        };
        match (id("nextIds"), id("previousIds")) {
            (Some(next), _) => Ok(Self::After(next)),
            (None, Some(previous)) => Ok(Self::Before(previous)),
            (None, None) => Err(Refusal::invalid("The paging information names no ids.")),
        }
    }
}

impl Turning<'_> {
    fn url(
        self,
        direction: &str,
        page_size: usize,
        previous: Option<i64>,
        next: Option<i64>,
    ) -> String {
        let paging =
            json!({"pageSize": page_size, "previousIds": ids(previous), "nextIds": ids(next)})
                .to_string();
        let paging = utf8_percent_encode(&paging, NON_ALPHANUMERIC);
        match self {
            Self::Get { address, search } => {
                let search = utf8_percent_encode(search, NON_ALPHANUMERIC);
                format!("{address}/query?paging={paging}&search={search}")
            }
            Self::Post { address } => format!("{address}/query/{direction}?paging={paging}"),
        }
    }
}

fn ids(id: Option<i64>) -> Vec<i64> {
    id.into_iter().collect()
}

/// One page of the rows asked for.
pub(in crate::autotask) fn page(
    reading: &Reading<'_>,
    entity: &'static Entity,
    query: &Query,
    cursor: Cursor,
    turning: Turning<'_>,
) -> Answer {
    let size = query.page_size;
    let wanted = || {
        reading
            .view
            .rows_above(entity.plural, query.above())
            .filter(|(_, row)| query.wants(row))
    };
    let mut found: Vec<_> = match cursor {
        Cursor::Start => wanted().take(size + 1).collect(),
        Cursor::After(id) => wanted()
            .filter(|(own, _)| *own > id)
            .take(size + 1)
            .collect(),
        Cursor::Before(id) => {
            let mut found: Vec<_> = wanted()
                .rev()
                .filter(|(own, _)| *own < id)
                .take(size)
                .collect();
            found.reverse();
            found
        }
    };
    let goes_on = found.len() > size || matches!(cursor, Cursor::Before(_));
    found.truncate(size);
    if goes_on && !query.includes_id() {
        return Err(Refusal::invalid(
            "IncludeFields must contain id when the result has more than one page.",
        ));
    }
    let (first, last) = (
        found.first().map(|(id, _)| *id),
        found.last().map(|(id, _)| *id),
    );
    let follows = first.is_some_and(|first| wanted().next().is_some_and(|(id, _)| id < first));
    let telling = reading.telling.of(found.iter().map(|(_, row)| *row));
    let items: Vec<_> = found
        .iter()
        .map(|(_, row)| query.tell(entity, reading.udfs, row, telling))
        .collect();
    Ok(json!({
        "items": items,
        "pageDetails": {
            "count": items.len(),
            "requestCount": size,
            "prevPageUrl": first.filter(|_| follows).map(|id| turning.url("previous", size, Some(id), None)),
            "nextPageUrl": last.filter(|_| goes_on).map(|id| turning.url("next", size, None, Some(id))),
        },
    }))
}
