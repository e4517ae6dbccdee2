//! Two who undo each other: the same field of a pair that is written to and fro is held for a person. Pure.
//!
//! People change their minds; a workflow rule of the one system and one of the other never do, and each write of ours
//! would be the next one's cause.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Fixer, Key, Kind, Problem, Remedy, Subject, System, Value};
use serde::{Deserialize, Serialize};

use crate::{Facts, Field, Half};

/// How often the same value may be written to the same side: the setting, where 0 is as often as it takes, and its
/// default.
const LIMIT: (&str, i64) = ("loop_limit", 5);
/// Within how many minutes.
const MINUTES: (&str, i64) = ("loop_minutes", 15);

/// Why a field is held.
pub(crate) const CODE: &str = "written-to-and-fro";

/// A write of ours to one field, and whose change it carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flip {
    /// When, in our own clock.
    pub at: DateTime<Utc>,
    /// The side that was written to.
    pub on: System,
    /// What was written.
    pub value: Value,
    /// Who had changed the other side, as that side names people, where it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// The problem that keeps this write from being made after those before it.
pub(crate) fn stops(
    before: &[Flip],
    next: &Flip,
    (kind, field, half): (&Kind, &Field, &Half),
    facts: &Facts,
) -> Option<Problem> {
    let limit = usize::try_from(facts.number(LIMIT.0).unwrap_or(LIMIT.1)).unwrap_or(0);
    let recent: Vec<&Flip> = recent(before, facts).collect();
    let is_same = |flip: &&&Flip| flip.on == next.on && flip.value == next.value;
    let times = recent.iter().filter(is_same).count();
    let writers: BTreeSet<String> = recent
        .iter()
        .copied()
        .chain([next])
        .map(|flip| writer(flip, facts))
        .collect();
    if limit == 0 || times < limit || writers.len() < 2 {
        return None;
    }
    let since = recent.first()?.at.with_timezone(&facts.zone);
    let writers: Vec<String> = writers.into_iter().collect();
    let key = Key::new(kind.clone(), next.on, half.id.clone());
    Some(Problem {
        code: CODE.to_owned(),
        says: format!(
            "{} of {} has gone to and fro {} times since {}: {} undo each other",
            field.label,
            half.label,
            recent.len(),
            since.format("%H:%M"),
            writers.join(" and ")
        ),
        subject: Subject::Record {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
        field: Some(field.name.to_owned()),
        remedy: Remedy {
            who: Fixer::Desk,
            step: "find out which of the two is right and stop the other (it is often a workflow rule), then replay"
                .to_owned(),
            continues: false,
        },
    })
}

/// What is to be remembered of a field's writes once this one is made.
pub(crate) fn after(before: &[Flip], next: Flip, facts: &Facts) -> Vec<Flip> {
    recent(before, facts).cloned().chain([next]).collect()
}

fn recent<'a>(before: &'a [Flip], facts: &Facts) -> impl Iterator<Item = &'a Flip> {
    let minutes = TimeDelta::try_minutes(facts.number(MINUTES.0).unwrap_or(MINUTES.1))
        .unwrap_or(TimeDelta::MAX);
    let now = facts.now;
    before.iter().filter(move |flip| now - flip.at <= minutes)
}

/// Who changed what was then written, as people know them.
fn writer(flip: &Flip, facts: &Facts) -> String {
    let from = flip.on.other();
    match &flip.by {
        Some(by) => format!("{} in {from}", facts.label("technician", from, by)),
        None => format!("somebody (or a rule) in {from}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: Field = Field::text("status", "Status");

    fn facts(minute: i64) -> Facts {
        let now: DateTime<Utc> = "2026-11-27T03:00:00Z".parse().unwrap();
        let mut facts = Facts::empty(
            chrono_tz::Australia::Sydney,
            now + TimeDelta::minutes(minute),
        );
        let jane = ("technician".to_owned(), System::Autotask, "7".to_owned());
        facts.labels.insert(jane, "Jane Citizen".to_owned());
        facts
    }

    fn flip(on: System, value: &str, by: Option<&str>, minute: i64) -> Flip {
        Flip {
            at: facts(minute).now,
            on,
            value: value.into(),
            by: by.map(str::to_owned),
        }
    }

    /// What is remembered after so many turns of two rules, one in each system, and what stopped them.
    fn turns(count: i64, minutes_each: i64) -> (Vec<Flip>, Option<Problem>) {
        let (mut before, mut stopped) = (Vec::new(), None);
        for turn in 0..count {
            let now = facts(turn * minutes_each);
            let next = if turn % 2 == 0 {
                flip(System::Jim2, "Proceed", Some("7"), turn * minutes_each)
            } else {
                flip(System::Autotask, "1", None, turn * minutes_each)
            };
            let half = Half::new(5001, "Job 5001");
            stopped = stops(&before, &next, (&Kind::new("ticket"), &FIELD, &half), &now);
            if stopped.is_some() {
                break;
            }
            before = after(&before, next, &now);
        }
        (before, stopped)
    }

    #[test]
    fn two_who_undo_each_other_are_stopped_and_both_are_named() {
        let (before, stopped) = turns(100, 0);
        assert_eq!(before.len(), 10, "five times each");
        let problem = stopped.unwrap();
        assert_eq!(
            problem.says,
            "Status of Job 5001 has gone to and fro 10 times since 14:00: Jane Citizen in Autotask and somebody (or a \
             rule) in Jim2 undo each other"
        );
        assert_eq!(problem.field.as_deref(), Some("status"));
    }

    #[test]
    fn who_takes_their_time_is_not_stopped_and_nothing_is_kept_for_long() {
        let (before, stopped) = turns(100, 4);
        assert_eq!(stopped, None);
        assert_eq!(before.len(), 4, "those of a quarter of an hour");
    }

    #[test]
    fn one_person_may_change_their_mind_as_often_as_they_like() {
        let mut before = Vec::new();
        let half = Half::new(5001, "Job 5001");
        for turn in 0..100 {
            let value = if turn % 2 == 0 { "Proceed" } else { "Parts" };
            let next = flip(System::Jim2, value, Some("7"), 0);
            let about = (&Kind::new("ticket"), &FIELD, &half);
            assert_eq!(stops(&before, &next, about, &facts(0)), None, "{turn}");
            before = after(&before, next, &facts(0));
        }
        let another = flip(System::Jim2, "Proceed", Some("8"), 0);
        let about = (&Kind::new("ticket"), &FIELD, &half);
        let stopped = stops(&before, &another, about, &facts(0)).unwrap();
        assert!(
            stopped.says.contains("8 in Autotask and Jane Citizen"),
            "{}",
            stopped.says
        );
    }

    #[test]
    fn a_site_may_have_it_off() {
        let mut off = facts(0);
        off.settings.insert("loop_limit".to_owned(), 0.into());
        let before: Vec<Flip> = (0..50)
            .map(|turn| flip(System::Jim2, "Proceed", Some(["7", "8"][turn % 2]), 0))
            .collect();
        let half = Half::new(5001, "Job 5001");
        let about = (&Kind::new("ticket"), &FIELD, &half);
        let next = flip(System::Jim2, "Proceed", None, 0);
        assert_eq!(stops(&before, &next, about, &off), None);
        assert!(stops(&before, &next, about, &facts(0)).is_some());
    }
}
