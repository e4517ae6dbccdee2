//! Time entries and lines of labour as halves.

mod entry;
mod line;

use domain::Value;
use sync::Half;

pub(crate) use self::{
    entry::{About, entry},
    line::{line, told_of, with_stand_in},
};

/// The parts of what kind of work it was, by Autotask's names.
pub(crate) const WORK_TYPE: &str = "billingCodeID";
/// Autotask's own type of the entry.
pub(crate) const ENTRY_TYPE: &str = "timeEntryType";

/// Keeps what planning needs to know, where it was told.
fn know(half: &mut Half, name: &'static str, value: Option<Value>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        half.facts.insert(name, value);
    }
}

/// Keeps a fact that holds or does not.
fn flag(half: &mut Half, name: &'static str, holds: bool) {
    half.facts.insert(name, Value::Flag(holds));
}
