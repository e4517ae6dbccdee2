//! Lists of both systems and what their values stand for.

mod endings;
mod import;
mod refresh;
mod sheet;
mod value;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::System;
use serde::Serialize;
use serde_json::json;
use store::{
    Db,
    lookup::{LookupRow, MapRow, Matched},
};

use super::mistake;

use self::value::Values;
pub(crate) use endings::leave_endings;
pub(crate) use import::{changes, import};
pub(crate) use refresh::said;
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
    /// Since when its system does not tell it any more.
    pub(crate) gone_at: Option<DateTime<Utc>>,
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
    /// Since when the other system does not tell that any more.
    pub(crate) to_gone_at: Option<DateTime<Utc>>,
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
        gone_at: row.gone_at,
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
        gone_at: None,
        decision: Some(decision(map, values)),
    }
}

fn decision(map: &MapRow, values: &[LookupRow]) -> Decision {
    let to = map.to_value.as_deref().and_then(|to| {
        values.iter().find(|row| {
            row.list == map.list && row.system == map.system.other() && row.entry.value == to
        })
    });
    Decision {
        to: map.to_value.clone(),
        to_label: to.map(|row| row.entry.label.clone()),
        to_gone_at: to.and_then(|row| row.gone_at),
        path: map.path.clone(),
        by: map.decided_by.clone(),
    }
}

/// Maps values with the same name on both sides, in one list or in all. Decisions of people stay, and jobs that are
/// over leave their tickets alone.
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
    if lists.contains(value::STATUS) {
        leave_endings(db, who).await?;
    }
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

/// A decision as it was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Decided {
    /// In ids.
    pub(crate) row: MapRow,
    /// What could not be checked about it, in sentences.
    pub(crate) unchecked: Vec<String>,
}

/// Decides what a value stands for.
pub(crate) async fn set(db: &Db, wanted: &Wanted<'_>, who: &str) -> anyhow::Result<Decided> {
    let decided = decided(&Values::read(db).await?, wanted, who)?;
    store::lookup::set_map(db, &decided.row).await?;
    store::audit::write(db, who, "lookups set", &json!(decided.row)).await?;
    Ok(decided)
}

fn decided(values: &Values, wanted: &Wanted<'_>, who: &str) -> anyhow::Result<Decided> {
    let (list, system) = (wanted.list, wanted.system);
    values.check_list(list)?;
    let value = values.meant(list, system, wanted.value)?;
    let mut unchecked: Vec<String> = value.unchecked.into_iter().collect();
    let (mut to_value, mut path) = (None, None);
    if let Some(to) = wanted.to {
        let to = values.meant(list, system.other(), to)?;
        unchecked.extend(to.unchecked);
        if let Some(steps) = wanted.path {
            if (list, system) != (value::STATUS, System::Autotask) {
                return mistake(
                    "only statuses of Jim2 are reached by steps: a path belongs to a status of Autotask",
                );
            }
            path = Some(values.path(System::Jim2, steps, &to.value)?);
        }
        to_value = Some(to.value);
    }
    unchecked.dedup();
    Ok(Decided {
        row: MapRow {
            list: list.to_owned(),
            system,
            value: value.value,
            to_value,
            path,
            decided_by: who.to_owned(),
        },
        unchecked,
    })
}

/// Takes a decision back. `false`: there was none.
pub(crate) async fn forget(db: &Db, wanted: &Wanted<'_>, who: &str) -> anyhow::Result<bool> {
    // One that no list has can have been decided on all the same.
    let is_decided = |row: &MapRow| {
        (row.list.as_str(), row.system, row.value.as_str())
            == (wanted.list, wanted.system, wanted.value)
    };
    let value = if store::lookup::maps(db).await?.rows.iter().any(is_decided) {
        wanted.value.to_owned()
    } else {
        let values = Values::read(db).await?;
        values
            .meant(wanted.list, wanted.system, wanted.value)?
            .value
    };
    let had = store::lookup::unset(db, wanted.list, wanted.system, &value).await?;
    let detail = json!({"list": wanted.list, "system": wanted.system, "value": value});
    store::audit::write(db, who, "lookups forget", &detail).await?;
    Ok(had)
}

/// The value of a list that is meant by its id or its name, where that can be told; a list that was not read yet
/// takes an id as it is told.
pub(super) async fn value_or_id(
    db: &Db,
    list: &str,
    system: System,
    text: &str,
) -> anyhow::Result<String> {
    Ok(Values::read(db).await?.meant(list, system, text)?.value)
}
