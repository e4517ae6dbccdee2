//! How far each kind was swept on each side.

use chrono::{DateTime, TimeDelta, Utc};
use reconciler::{Trailed, sweep::words};
use serde::Serialize;
use store::sweep::Sweep;

/// A sweep that is so much later than its interval is said to stand still.
const LATE: TimeDelta = TimeDelta::minutes(5);

/// How far a sweep has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Swept {
    /// The word for it in the configuration.
    pub(crate) word: String,
    /// What it finds, as people say it.
    pub(crate) what: String,
    /// Up to when all changes were met; `None` before the first pass.
    pub(crate) complete_to: Option<DateTime<Utc>>,
    /// When the next pass is due; `None` where it is off, or where no reconciler has run yet.
    pub(crate) next_at: Option<DateTime<Utc>>,
    /// Whether it is repeated by itself.
    pub(crate) is_on: bool,
    /// How many records the last pass had looked at again.
    pub(crate) found: i64,
    /// Why the last pass came to nothing.
    pub(crate) trouble: Option<String>,
    /// Whether it waits for a person.
    pub(crate) is_stopped: bool,
}

/// The sweeps that there are, with what is known of each.
pub(super) fn standings(sweeps: &[(String, Trailed)], rows: &[Sweep]) -> Vec<Swept> {
    let standing = |(word, trailed): &(String, Trailed)| {
        let of = trailed.swept();
        let row = rows.iter().find(|row| row.of == of);
        let every = trailed
            .every
            .and_then(|every| TimeDelta::from_std(every).ok());
        Swept {
            word: word.clone(),
            what: words(&of),
            complete_to: row.and_then(|row| row.complete_to),
            next_at: row.zip(every).map(|(row, every)| row.passed_at + every),
            is_on: every.is_some(),
            found: row.map_or(0, |row| row.found),
            trouble: row.and_then(|row| row.trouble.clone()),
            is_stopped: row.is_some_and(|row| row.is_stopped),
        }
    };
    sweeps.iter().map(standing).collect()
}

/// What an operator should know of a sweep at `now`.
pub(super) fn plain(sweep: &Swept, now: DateTime<Utc>) -> Option<String> {
    let up_to = sweep.complete_to.map_or_else(
        || "never yet".to_owned(),
        |at| format!("up to {}", at.format("%d %b %H:%M UTC")),
    );
    if let Some(trouble) = sweep.trouble.as_ref().filter(|_| sweep.is_stopped) {
        return Some(format!(
            "{}; it continues by itself after that. Complete: {up_to}.",
            trouble.trim_end_matches('.')
        ));
    }
    if !sweep.is_on {
        return None;
    }
    if let Some(trouble) = &sweep.trouble {
        return Some(format!(
            "The last sweep of {} came to nothing: {}. Complete: {up_to}. It is tried again by itself.",
            sweep.what,
            trouble.trim_end_matches('.')
        ));
    }
    let next = sweep.next_at?;
    (next + LATE < now).then(|| {
        format!(
            "The sweep of {} was due at {}. Complete: {up_to}. Next: see whether crossbill serve reconciler runs",
            sweep.what,
            next.format("%H:%M UTC")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sweep_in_trouble_or_overdue_is_said_and_one_that_is_off_is_not() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let fine = Swept {
            word: "ticket_autotask".to_owned(),
            what: "ticket in Autotask".to_owned(),
            complete_to: Some(at(60)),
            next_at: Some(at(70)),
            is_on: true,
            found: 0,
            trouble: None,
            is_stopped: false,
        };
        assert_eq!(plain(&fine, at(74)), None);
        let late = plain(&fine, at(80)).unwrap();
        assert!(late.contains("due at 01:10 UTC"), "{late}");
        assert!(late.contains("up to 01 Jan 01:00 UTC"), "{late}");
        let troubled = Swept {
            trouble: Some("Autotask cannot be asked.".to_owned()),
            complete_to: None,
            ..fine.clone()
        };
        let said = plain(&troubled, at(61)).unwrap();
        assert!(said.contains("cannot be asked. Complete: never"), "{said}");
        let stopped = Swept {
            trouble: Some("36 of 300 companies are not told any more".to_owned()),
            is_stopped: true,
            ..fine.clone()
        };
        let said = plain(&stopped, at(61)).unwrap();
        assert!(said.starts_with("36 of 300 companies"), "{said}");
        assert!(said.contains("continues by itself after that"), "{said}");
        assert!(!said.contains("tried again"), "{said}");
        let off = Swept {
            is_on: false,
            ..troubled
        };
        assert_eq!(plain(&off, at(61)), None);
    }
}
