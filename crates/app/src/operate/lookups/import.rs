//! Taking decisions in from a sheet: all of it, or nothing.

use std::collections::BTreeMap;

use domain::System;
use serde_json::json;
use store::{Db, lookup::MapRow};

use super::{
    Decided, Wanted, decided,
    sheet::{self, Row},
    value::Values,
};
use crate::operate::Mistake;

/// What an import would change, each value by its id. All that is wrong with its rows is told at once, with their
/// numbers, and nothing is changed.
pub(crate) async fn changes(db: &Db, rows: Vec<Row>) -> anyhow::Result<Vec<Decided>> {
    let known = store::lookup::maps(db).await?.rows;
    let is_known = |row: &MapRow| {
        known.iter().any(|it| {
            (&it.list, it.system, &it.value) == (&row.list, row.system, &row.value)
                && (&it.to_value, &it.path) == (&row.to_value, &row.path)
        })
    };
    let values = Values::read(db).await?;
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<(String, System, String), usize> = BTreeMap::new();
    for Row { number, row } in rows {
        // What was decided before stays, whether its list still has it or not.
        let checked = if is_known(&row) {
            Ok(None)
        } else {
            decided(&values, &wanted(&row), &row.decided_by).map(Some)
        };
        match checked {
            Ok(checked) => {
                let row = checked.as_ref().map_or(&row, |checked| &checked.row);
                let key = (row.list.clone(), row.system, row.value.clone());
                if let Some(first) = seen.insert(key, number) {
                    problems.push(format!(
                        "row {number}: row {first} decides on the same value"
                    ));
                }
                changes.extend(checked.filter(|checked| !is_known(&checked.row)));
            }
            Err(why) if why.is::<Mistake>() => problems.push(format!("row {number}: {why}")),
            Err(other) => return Err(other),
        }
    }
    sheet::refuse(&problems)?;
    Ok(changes)
}

fn wanted(row: &MapRow) -> Wanted<'_> {
    Wanted {
        list: &row.list,
        system: row.system,
        value: &row.value,
        to: row.to_value.as_deref(),
        path: row.path.as_deref(),
    }
}

/// Takes in what was checked. Answers how many are new or different.
pub(crate) async fn import(db: &Db, decided: &[Decided], who: &str) -> anyhow::Result<u64> {
    let rows: Vec<MapRow> = decided.iter().map(|one| one.row.clone()).collect();
    let changed = store::lookup::import(db, &rows).await?;
    store::audit::write(db, who, "lookups import", &json!({"changed": changed})).await?;
    Ok(changed)
}
