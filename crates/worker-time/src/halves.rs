//! Time entries and lines of labour as halves.

mod entry;
mod line;

pub(crate) use self::{
    entry::{About, entry, owner},
    line::{line, told_of, with_stand_in},
};

/// The parts of what kind of work it was, by Autotask's names.
pub(crate) const WORK_TYPE: &str = "billingCodeID";
/// Autotask's own type of the entry.
pub(crate) const ENTRY_TYPE: &str = "timeEntryType";
