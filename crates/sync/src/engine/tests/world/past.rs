//! What happened in the world, in order: what people did and what we wrote. A model's life is judged by it.

use domain::{RecordId, System, Value};

use super::State;
use crate::{Act, Fields};

/// One thing that happened.
#[derive(Debug, Clone)]
pub(crate) enum Past {
    /// A person set a field.
    Entered(Entry),
    /// We wrote; the fields of an update come with what they were before.
    Wrote(Act, Fields),
    /// Nobody was answered that this was written.
    Unanswered(Act),
    /// We made a record.
    Made(Act, RecordId),
    /// We wrote to a record that is off limits, and why it is.
    Trespassed(Act, &'static str),
}

/// A person's entry of a value in a field.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) on: System,
    pub(crate) id: RecordId,
    pub(crate) field: String,
    pub(crate) value: Value,
    /// What the person saw there and replaced.
    pub(crate) before: Value,
    /// Who: another person each time.
    pub(crate) by: String,
}

impl Past {
    /// The entry, if it is one.
    pub(crate) fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Entered(entry) => Some(entry),
            Self::Wrote(..) | Self::Unanswered(_) | Self::Made(..) | Self::Trespassed(..) => None,
        }
    }
}

impl State {
    /// The latest entry that a person made.
    pub(crate) fn last_entry(&self) -> Option<&Entry> {
        self.past.iter().rev().find_map(Past::entry)
    }

    /// Of what was written since there were `before` things of the past, nobody was answered.
    pub(crate) fn answer_nobody(&mut self, before: usize) {
        let wrote = self.past.iter().skip(before).filter_map(|it| match it {
            Past::Wrote(act, _) => Some(Past::Unanswered(act.clone())),
            Past::Entered(_) | Past::Unanswered(_) | Past::Made(..) | Past::Trespassed(..) => None,
        });
        let unanswered: Vec<Past> = wrote.collect();
        self.past.extend(unanswered);
    }

    /// Notes a write of ours. What was sent before a record was put off limits may arrive after.
    pub(super) fn note_write(&mut self, act: &Act, made: Option<&RecordId>, is_late: bool) {
        let target = target(act).map(|id| (act.on(), id.clone()));
        let why = target.and_then(|it| self.off_limits.get(&it).copied());
        if let Some(why) = why.filter(|_| !is_late) {
            self.past.push(Past::Trespassed(act.clone(), why));
        }
        let past = match (act, made) {
            (Act::Create { .. }, Some(made)) => Past::Made(act.clone(), made.clone()),
            (Act::Update { on, id, fields }, _) => {
                let now = self.side(*on).get(id).map(|record| record.fields.clone());
                let mut before = now.unwrap_or_default();
                before.retain(|name, _| fields.contains_key(name));
                Past::Wrote(act.clone(), before)
            }
            _ => Past::Wrote(act.clone(), Fields::new()),
        };
        self.past.push(past);
    }
}

/// The record that an act changes, where it changes one that is there.
fn target(act: &Act) -> Option<&RecordId> {
    match act {
        Act::Create { .. } => None,
        Act::Update { id, .. } | Act::Refer { id, .. } => Some(id),
        Act::CreateChild { under, .. } => under.as_ref(),
        Act::UpdateChild { under, .. } => Some(under),
    }
}
