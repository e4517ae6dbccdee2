//! Which rows of an entity were made or changed in a window: their ids and times, and nothing else of them.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use domain::Told;
use serde_json::value::RawValue;

use crate::{
    Client, Error, Filter, Page, Query,
    read::{Rows, rows_advance},
    wire::Wire,
};

/// Where it shows that a row of an entity was made or changed, as Autotask's fields tell it.
///
/// Autotask has no one column for it: some entities tell changes of a row, some activity around it, some only when a
/// row was made, and some nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    /// The path under which the entity is read, such as `Tickets`.
    pub path: &'static str,
    /// What people call one of its rows.
    pub name: &'static str,
    /// The fields with the times at which a row was made, was changed, or something happened around it.
    pub stamps: &'static [&'static str],
    /// The field with the id of the record that a row is about: `id`, or such as `ticketID`.
    pub about: &'static str,
    /// Whether new rows are known by ids above all that were there, as no stamp tells when they were made.
    pub new_by_id: bool,
    /// A flag that rows have while they may still change unseen: those are always among the answer.
    pub open: Option<(&'static str, bool)>,
    /// How long after its last stamp a row may still change unseen: until then it is always among the answer.
    pub lingers: Duration,
}

impl Trail {
    /// An entity whose rows are records themselves and tell when they were made and changed.
    pub const fn stamped(
        path: &'static str,
        name: &'static str,
        stamps: &'static [&'static str],
    ) -> Self {
        Self {
            path,
            name,
            stamps,
            about: "id",
            new_by_id: false,
            open: None,
            lingers: Duration::ZERO,
        }
    }
}

/// Which rows of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Those with a stamp at or after this.
    pub since: DateTime<Utc>,
    /// Those with an id above this, where the trail has new rows by id; `None` is all of them where it has no stamp
    /// either, and else none for their id.
    pub above: Option<i64>,
    /// The most rows of one page, 1 to 500.
    pub page_rows: usize,
}

/// A row that was made or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// Its own id.
    pub row: i64,
    /// The id of the record it is about; `None` where that was not told.
    pub about: Option<i64>,
    /// The latest of its stamps.
    pub at: Option<DateTime<Utc>>,
    /// Whether it may change again without a stamp that tells.
    pub is_open: bool,
}

/// A row with whatever fields were asked for.
pub(crate) type Row = BTreeMap<String, Box<RawValue>>;

impl Client {
    /// The rows of one page, ascending by id, with ids above `after`.
    pub async fn changed(
        &self,
        trail: &Trail,
        window: &Window,
        after: Option<i64>,
    ) -> Result<Page<Changed>, Error> {
        let fields: Vec<&str> = (trail.stamps.iter().copied())
            .chain([trail.about])
            .chain(trail.open.map(|(field, _)| field))
            .collect();
        let query = Query::of(filter(trail, window))
            .only(&fields)
            .page_rows(window.page_rows);
        let path = format!("{}/query", trail.path);
        let rows: Rows<Row> = self
            .post_query(
                "autotask.changed",
                trail.name,
                &path,
                query.body(&[], after),
            )
            .await?;
        let is_last = rows.is_last(window.page_rows);
        let items = rows
            .items
            .iter()
            .map(|row| changed(trail, row))
            .collect::<Result<Vec<_>, _>>()?;
        let ids: Vec<i64> = items.iter().map(|row| row.row).collect();
        rows_advance(trail.name, &ids, after)?;
        let next = items.last().map(|last| last.row).filter(|_| !is_last);
        Ok(Page { items, next })
    }
}

/// Made or changed: a new row may have no time of a change yet.
fn filter(trail: &Trail, window: &Window) -> Filter {
    let stamps = trail.stamps.iter();
    let since = window.since - trail.lingers;
    let mut any: Vec<Filter> = stamps.map(|field| Filter::gte(field, since)).collect();
    if trail.new_by_id && (window.above.is_some() || any.is_empty()) {
        any.push(Filter::gt("id", window.above.unwrap_or_default()));
    }
    any.extend(trail.open.map(|(field, value)| Filter::eq(field, value)));
    Filter::any(any)
}

fn changed(trail: &Trail, row: &Row) -> Result<Changed, Error> {
    let id = row_id(trail.name, row)?;
    let about = told::<i64>(trail.name, row, trail.about)?;
    let mut at = None;
    for stamp in trail.stamps {
        let told = told::<DateTime<Utc>>(trail.name, row, stamp)?;
        at = at.max(told.get().copied());
    }
    let is_open = match trail.open {
        Some((field, value)) => told::<bool>(trail.name, row, field)? == Told::Is(value),
        None => !trail.lingers.is_zero(),
    };
    Ok(Changed {
        row: id,
        about: about.get().copied(),
        at,
        is_open,
    })
}

/// The id of a row that people call `name`.
pub(crate) fn row_id(name: &str, row: &Row) -> Result<i64, Error> {
    let id = told::<i64>(name, row, "id")?;
    id.get().copied().ok_or_else(|| Error::Unreadable {
        says: format!("a {name} has no id"),
    })
}

/// The field of a row that people call `name`.
pub(crate) fn told<T: Wire>(name: &str, row: &Row, field: &str) -> Result<Told<T>, Error> {
    let Some(raw) = row.get(field) else {
        return Ok(Told::Not);
    };
    match raw.get() {
        "null" | "\"\"" => Ok(Told::Empty),
        json => T::read(json).ok_or_else(|| Error::Unreadable {
            says: format!("the {field} of a {name} is not {}", T::EXPECTED),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    const ITEMS: Trail = Trail {
        new_by_id: true,
        open: Some(("isBilled", false)),
        ..Trail::stamped("BillingItems", "billing item", &["postedDate"])
    };

    fn asked(trail: &Trail, above: Option<i64>) -> Json {
        let window = Window {
            since: "2026-11-23T01:00:00Z".parse().unwrap(),
            above,
            page_rows: 500,
        };
        serde_json::to_value(filter(trail, &window)).unwrap()
    }

    #[test]
    fn a_trail_says_by_data_what_is_asked() {
        let posted =
            json!({"op": "gte", "field": "postedDate", "value": "2026-11-23T01:00:00.000Z"});
        let open = json!({"op": "eq", "field": "isBilled", "value": false});
        let above = |id: i64| json!({"op": "gt", "field": "id", "value": id});
        let unstamped = Trail {
            stamps: &[],
            open: None,
            ..ITEMS
        };
        for (trail, last, items) in [
            (ITEMS, Some(7), json!([posted, above(7), open])),
            (ITEMS, None, json!([posted, open])),
            (unstamped, Some(7), json!([above(7)])),
            (unstamped, None, json!([above(0)])),
        ] {
            assert_eq!(asked(&trail, last), json!({"op": "or", "items": items}));
        }
    }

    #[test]
    fn what_tells_no_change_is_looked_at_for_as_long_as_it_lingers() {
        let orders = Trail {
            lingers: Duration::from_hours(24),
            ..Trail::stamped("PurchaseOrders", "purchase order", &["createDateTime"])
        };
        let day_before =
            json!({"op": "gte", "field": "createDateTime", "value": "2026-11-22T01:00:00.000Z"});
        assert_eq!(
            asked(&orders, None),
            json!({"op": "or", "items": [day_before]})
        );
        let row = serde_json::from_str(r#"{"id": 7, "createDateTime": "2026-11-22T02:00:00Z"}"#);
        let told = changed(&orders, &row.unwrap()).unwrap();
        assert!(
            told.is_open,
            "a pass would pass it by that met it unchanged before"
        );
    }

    fn row(text: &str) -> Result<Changed, Error> {
        changed(&ITEMS, &serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_row_that_does_not_tell_its_times_is_told_without() {
        let told = row(r#"{"id": 7, "postedDate": null, "isBilled": false}"#).unwrap();
        assert_eq!((told.row, told.about, told.at), (7, Some(7), None));
        assert!(told.is_open);
        assert!(!row(r#"{"id": 7}"#).unwrap().is_open);
        for wrong in [
            r#"{"postedDate": null}"#,
            r#"{"id": 7, "postedDate": "soon"}"#,
        ] {
            assert!(
                matches!(row(wrong), Err(Error::Unreadable { .. })),
                "{wrong}"
            );
        }
    }
}
