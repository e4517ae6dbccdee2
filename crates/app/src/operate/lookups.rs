//! Lists of both systems and what their values stand for.

mod sheet;

use std::collections::BTreeSet;

use domain::System;
use serde::Serialize;
use serde_json::json;
use store::{
    Db,
    lookup::{LookupRow, MapRow, Matched},
};

use super::mistake;

pub(crate) use sheet::{read, write};

/// A value and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Line {
    /// The list.
    pub(crate) list: String,
    /// The system whose value it is.
    pub(crate) system: System,
    /// The value; empty is blank.
    pub(crate) value: String,
    /// What people call it.
    pub(crate) label: String,
    /// Whether it can be chosen.
    pub(crate) active: bool,
    /// What was decided.
    pub(crate) decision: Option<Decision>,
}

/// What was decided on a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Decision {
    /// The other side's value; `None` leaves the other side as it is.
    pub(crate) to: Option<String>,
    /// What people call that.
    pub(crate) to_label: Option<String>,
    /// The steps to go through.
    pub(crate) path: Option<String>,
    /// Who decided.
    pub(crate) by: String,
}

/// Every value of all lists, or of one, with what was decided on it.
pub(crate) async fn list(db: &Db, list: Option<&str>) -> anyhow::Result<Vec<Line>> {
    let values = store::lookup::all(db).await?;
    let maps = store::lookup::maps(db).await?.rows;
    let lists: BTreeSet<&str> = values
        .iter()
        .map(|row| row.list.as_str())
        .chain(maps.iter().map(|row| row.list.as_str()))
        .collect();
    if let Some(list) = list.filter(|list| !lists.contains(list)) {
        let known: Vec<&str> = lists.into_iter().collect();
        return mistake(format!(
            "there is no list {list}; there are {} (crossbill connect reads them from both systems)",
            if known.is_empty() {
                "none yet".to_owned()
            } else {
                known.join(", ")
            }
        ));
    }
    let mut lines: Vec<Line> = values
        .iter()
        // Status steps are no list that people map.
        .filter(|row| row.list != store::mapping::STATUS_LINKS)
        .map(|row| line(row, &maps, &values))
        .collect();
    lines.extend(
        maps.iter()
            .filter(|map| !values.iter().any(|row| is_of(row, map)))
            .map(|map| decided_only(map, &values)),
    );
    lines.retain(|line| list.is_none_or(|list| line.list == list));
    lines.sort_by_key(|line| (line.list.clone(), line.system, line.label.clone()));
    Ok(lines)
}

fn is_of(row: &LookupRow, map: &MapRow) -> bool {
    row.list == map.list && row.system == map.system && row.entry.value == map.value
}

fn line(row: &LookupRow, maps: &[MapRow], values: &[LookupRow]) -> Line {
    Line {
        list: row.list.clone(),
        system: row.system,
        value: row.entry.value.clone(),
        label: row.entry.label.clone(),
        active: row.entry.active,
        decision: maps
            .iter()
            .find(|map| is_of(row, map))
            .map(|map| decision(map, values)),
    }
}

/// A decision on a value that its list does not have: blank, or one that vanished.
fn decided_only(map: &MapRow, values: &[LookupRow]) -> Line {
    let label = if map.value.is_empty() {
        "(blank)"
    } else {
        &map.value
    };
    Line {
        list: map.list.clone(),
        system: map.system,
        value: map.value.clone(),
        label: label.to_owned(),
        active: true,
        decision: Some(decision(map, values)),
    }
}

fn decision(map: &MapRow, values: &[LookupRow]) -> Decision {
    let to_label = map.to_value.as_deref().and_then(|to| {
        let named = values.iter().find(|row| {
            row.list == map.list && row.system == map.system.other() && row.entry.value == to
        });
        named.map(|row| row.entry.label.clone())
    });
    Decision {
        to: map.to_value.clone(),
        to_label,
        path: map.path.clone(),
        by: map.decided_by.clone(),
    }
}

/// Maps values with the same name on both sides, in one list or in all. Decisions of people stay.
pub(crate) async fn match_names(
    db: &Db,
    only: Option<&str>,
    who: &str,
) -> anyhow::Result<Vec<(String, Matched)>> {
    let lists: BTreeSet<String> = list(db, only)
        .await?
        .into_iter()
        .map(|line| line.list)
        .collect();
    let mut matched = Vec::new();
    for list in lists {
        let came = store::lookup::match_same_names(db, &list, who).await?;
        matched.push((list, came));
    }
    store::audit::write(db, who, "lookups match", &json!({"lists": matched})).await?;
    Ok(matched)
}

/// What an operator decides about a value; values are told by id or by name.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    /// The list.
    pub(crate) list: &'a str,
    /// The system whose value it is.
    pub(crate) system: System,
    /// The value.
    pub(crate) value: &'a str,
    /// What it stands for; `None` leaves the other side as it is.
    pub(crate) to: Option<&'a str>,
    /// The steps to go through.
    pub(crate) path: Option<&'a str>,
}

/// Decides what a value stands for, and answers the decision in ids.
pub(crate) async fn set(db: &Db, wanted: &Wanted<'_>, who: &str) -> anyhow::Result<MapRow> {
    let row = MapRow {
        list: wanted.list.to_owned(),
        system: wanted.system,
        value: value_of(db, wanted.list, wanted.system, wanted.value).await?,
        to_value: match wanted.to {
            None => None,
            Some(to) => Some(value_of(db, wanted.list, wanted.system.other(), to).await?),
        },
        path: wanted.path.map(str::to_owned),
        decided_by: who.to_owned(),
    };
    store::lookup::set_map(db, &row).await?;
    store::audit::write(db, who, "lookups set", &json!(row)).await?;
    Ok(row)
}

/// Takes a decision back. `false`: there was none.
pub(crate) async fn forget(db: &Db, wanted: &Wanted<'_>, who: &str) -> anyhow::Result<bool> {
    let value = value_of(db, wanted.list, wanted.system, wanted.value).await?;
    let had = store::lookup::unset(db, wanted.list, wanted.system, &value).await?;
    let detail = json!({"list": wanted.list, "system": wanted.system, "value": value});
    store::audit::write(db, who, "lookups forget", &detail).await?;
    Ok(had)
}

/// The value of a list that an operator means by its id or its name. Blank is "".
async fn value_of(db: &Db, list: &str, system: System, text: &str) -> anyhow::Result<String> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let entries = store::lookup::list(db, list, system).await?;
    if let Some(entry) = entries.iter().find(|entry| entry.value == text) {
        return Ok(entry.value.clone());
    }
    let named: Vec<_> = entries
        .iter()
        .filter(|entry| entry.label.trim().to_lowercase() == text.trim().to_lowercase())
        .collect();
    match named.as_slice() {
        [entry] => Ok(entry.value.clone()),
        [] => mistake(format!(
            "list {list} of {system} has no value \"{text}\"; crossbill lookups list {list} shows its values"
        )),
        _ => mistake(format!(
            "list {list} of {system} has {} values called \"{text}\"; give the id",
            named.len()
        )),
    }
}

/// As [`value_of`]; a list that was not read yet takes an id as it is told.
pub(super) async fn value_or_id(
    db: &Db,
    list: &str,
    system: System,
    text: &str,
) -> anyhow::Result<String> {
    if store::lookup::list(db, list, system).await?.is_empty() {
        return Ok(text.to_owned());
    }
    value_of(db, list, system, text).await
}

/// What an import would change.
pub(crate) async fn changes(db: &Db, rows: Vec<MapRow>) -> anyhow::Result<Vec<MapRow>> {
    let known = store::lookup::maps(db).await?.rows;
    let is_known = |row: &MapRow| {
        known.iter().any(|it| {
            (&it.list, it.system, &it.value) == (&row.list, row.system, &row.value)
                && (&it.to_value, &it.path) == (&row.to_value, &row.path)
        })
    };
    Ok(rows.into_iter().filter(|row| !is_known(row)).collect())
}

/// Takes decisions in. Answers how many are new or different.
pub(crate) async fn import(db: &Db, rows: &[MapRow], who: &str) -> anyhow::Result<u64> {
    let changed = store::lookup::import(db, rows).await?;
    store::audit::write(db, who, "lookups import", &json!({"changed": changed})).await?;
    Ok(changed)
}
