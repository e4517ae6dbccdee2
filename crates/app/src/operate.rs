//! What operators do, as functions: the command line calls them now, a console can call the same later.
//!
//! Nothing is printed or asked here. Every act is written down with who did it.

pub(crate) mod held;
pub(crate) mod lookups;
pub(crate) mod mapping;
pub(crate) mod pairs;
pub(crate) mod pause;
pub(crate) mod preview;
pub(crate) mod status;

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
