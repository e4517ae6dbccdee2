//! How far each kind was swept on each side.

use chrono::{DateTime, TimeDelta, Utc};
use reconciler::{
    Trailed,
    sweep::{may_be_late, words},
};
use serde::Serialize;
use store::{
    contents::{Cause, Drift, FullSweep},
    sweep::Sweep,
};

/// A sweep that is so much later than its interval is said to stand still.
const LATE: TimeDelta = TimeDelta::minutes(5);

/// For so long it is told what a full sweep has found.
const TOLD: TimeDelta = TimeDelta::hours(24);

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
    /// How much later it may be.
    #[serde(skip)]
    pub(crate) late: TimeDelta,
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
            late: may_be_late(&of, LATE),
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
    (next + sweep.late < now).then(|| {
        format!(
            "The sweep of {} was due at {}. Complete: {up_to}. Next: see whether crossbill serve reconciler runs",
            sweep.what,
            next.format("%H:%M UTC")
        )
    })
}

/// What a full sweep found, a line a cause; and what it cost.
pub(crate) fn drift(sweep: &FullSweep) -> Vec<String> {
    let mut lines: Vec<String> = sweep.drift.iter().map(said).collect();
    if sweep.calls > 0 {
        let (calls, compared) = (sweep.calls, sweep.compared);
        lines.push(format!("{compared} pairs, {calls} calls to Autotask"));
    }
    lines
}

/// What a full sweep of the last day has found, where it found anything.
pub(super) fn plain_of_full(sweep: &FullSweep, now: DateTime<Utc>) -> Option<String> {
    if sweep.drift.is_empty() || sweep.began_at + TOLD < now {
        return None;
    }
    let (kind, system) = (&sweep.kind, sweep.system);
    let found: Vec<String> = sweep.drift.iter().map(said).collect();
    Some(format!(
        "The full sweep of {kind} in {system} of {} compared {} pairs. Not as agreed, and looked at: {}.",
        sweep.began_at.format("%d %b %H:%M UTC"),
        sweep.compared,
        found.join("; ")
    ))
}

fn said(drift: &Drift) -> String {
    let why = match drift.cause {
        Cause::Missed => "changed, and nobody told of it",
        Cause::Outage => "changed while events may have been missed",
        Cause::Mapping => {
            "other on one side by the mapping as it is now, which crossbill mapping apply settles"
        }
        Cause::Unexplained => "other than agreed although nothing says that it was changed since",
    };
    format!("{} {why}, such as {}", drift.pairs, drift.example)
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
            late: LATE,
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

    #[test]
    fn what_a_full_sweep_found_is_told_by_its_cause_for_a_day() {
        let at = |minute: i64| DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let one = |cause, pairs| Drift {
            cause,
            pairs,
            example: "T20261123.0001 Printer: title".to_owned(),
        };
        let sweep = FullSweep {
            kind: domain::Kind::new("ticket"),
            system: domain::System::Autotask,
            began_at: at(60),
            ended_at: None,
            compared: 400,
            calls: 1,
            drift: vec![one(Cause::Missed, 3), one(Cause::Unexplained, 1)],
        };
        let said = plain_of_full(&sweep, at(61)).unwrap();
        assert!(said.contains("ticket in Autotask"), "{said}");
        let missed =
            "3 changed, and nobody told of it, such as T20261123.0001 Printer: title; 1 other";
        assert!(said.contains(missed), "{said}");
        assert_eq!(plain_of_full(&sweep, at(60 + 24 * 60 + 1)), None);
        let lines = drift(&sweep);
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert_eq!(lines[2], "400 pairs, 1 calls to Autotask");
        let clean = FullSweep {
            drift: Vec::new(),
            ..sweep
        };
        assert_eq!(plain_of_full(&clean, at(61)), None);
    }
}
