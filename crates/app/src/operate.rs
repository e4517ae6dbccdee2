//! What operators do, as functions: the command line calls them now, a console can call the same later.
//!
//! Nothing is printed or asked here. Every act is written down with who did it.

pub(crate) mod adopt;
pub(crate) mod alerts;
pub(crate) mod budget;
pub(crate) mod field_rules;
pub(crate) mod filters;
pub(crate) mod held;
pub(crate) mod lookups;
pub(crate) mod mapping;
pub(crate) mod pairs;
pub(crate) mod pause;
pub(crate) mod preview;
pub(crate) mod settings;
pub(crate) mod status;
pub(crate) mod sweeps;
pub(crate) mod tieout;

use domain::{Kind, RecordId};
use store::Db;

/// What an act cannot be done for: the operator's mistake, told with its remedy.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0}")]
pub(crate) struct Mistake(pub(crate) String);

/// A refusal that the operator can mend.
pub(crate) fn mistake<T>(says: impl Into<String>) -> anyhow::Result<T> {
    Err(Mistake(says.into()).into())
}

/// Cuts rows, of which one more than `limit` was asked for. Whether there were more.
pub(crate) fn cut<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(0);
    let is_cut = rows.len() > limit;
    rows.truncate(limit);
    is_cut
}

/// The name most like `text`, as the middle of a sentence; nothing where none is like it.
pub(crate) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> String {
    /// From this on, two words are alike.
    const ALIKE: f64 = 0.7;
    let likeness = |name: &str| strsim::jaro_winkler(&text.to_lowercase(), &name.to_lowercase());
    let best = names
        .map(|name| (likeness(name), name))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match best {
        Some((like, name)) if like >= ALIKE => format!("; did you mean {name}?"),
        Some(_) | None => String::new(),
    }
}

/// The Autotask id that `text` means: an id, or the name (a ticket's number) of a record that is known.
pub(crate) async fn autotask_id(db: &Db, kind: &Kind, text: &str) -> anyhow::Result<RecordId> {
    if text.parse::<i64>().is_ok() {
        return Ok(text.into());
    }
    let rows = store::pair::by_name(db, kind, text).await?;
    let ids: Vec<&RecordId> = rows
        .iter()
        .filter_map(|row| row.autotask_id.as_ref())
        .collect();
    match ids.as_slice() {
        [id] => Ok((*id).clone()),
        [] => mistake(format!(
            "no {kind} called {text} is known; give its Autotask id, which is a number"
        )),
        _ => mistake(format!(
            "{} {kind} records are called {text}; give the Autotask id",
            ids.len()
        )),
    }
}

#[cfg(test)]
pub(crate) mod bench;
#[cfg(test)]
mod tests;
