//! Whether an entry is still about what its line is on the job of: people move time from ticket to ticket.

use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use super::owner;
use crate::KIND;

/// The line is on the job of the entry's ticket: the current one, or one that names the ticket.
pub(super) fn still_there(entry: &Half, line: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
    let job = line.fact("job").and_then(Value::as_number);
    let current = owner(entry).and_then(|key| facts.other_half(&key)?.number());
    let is_named = entry.fact("number").is_some() && entry.fact("number") == line.fact("number");
    if current.is_some() && current == job || is_named {
        return Ok(());
    }
    Err(Box::new(moved(entry, line)))
}

/// What is left on the line.
pub(super) fn farewell(entry: &Half) -> String {
    match entry.fact("number").or_else(|| entry.fact("owner")) {
        Some(to) => format!("moved to {to} in Autotask"),
        None => "moved in Autotask".to_owned(),
    }
}

fn moved(entry: &Half, line: &Half) -> Problem {
    Problem {
        code: "time-moved".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Autotask,
            id: entry.id.clone(),
        },
        field: None,
        says: format!(
            "{} is not about what {} is for any more, and that cannot be changed",
            entry.label, line.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "set {} to 0:00 in Jim2's Time Sheets by hand, then: crossbill pairs unlink {KIND} {}",
                line.label, entry.id
            ),
            continues: true,
        },
    }
}
