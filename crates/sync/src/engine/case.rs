//! One claimed pair on its way through a batch.

use domain::{Evidence, RecordId, System, Value};
use serde::Deserialize as _;
use store::{claim::Claim, held::HeldProblem, intent::IntentRow, journal::Entry, pair::PairRow};

use super::{batch::Work, intent::Intent};
use crate::{Act, Fields, Half, Known, Notice, Shadow, Wrote, children::ChildPair};

/// One claimed pair, what was read of it, and the work it answers.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) work: Work,
    pub(crate) pair: PairRow,
    /// The pair's shadow, where this build can read it.
    pub(super) shadow: Option<Shadow>,
    pub(crate) epoch: i64,
    /// An intent that somebody left open.
    pub(crate) open: Option<(IntentRow, Intent)>,
    /// Whether an intent is open that this build cannot read (rule 15).
    pub(crate) is_newer: bool,
    /// What the sources told about the changes.
    pub(crate) evidence: Vec<(System, Evidence)>,
    pub(crate) children: Vec<ChildPair>,
    /// What it waits for.
    pub(crate) held: Vec<HeldProblem>,
    /// Whether both sides told of a change, so that neither may be skipped.
    pub(crate) both_sides: bool,
    /// The mapping version at the time of the claim.
    pub(crate) mapping_version: i64,
    pub(crate) autotask: Option<Half>,
    pub(crate) jim2: Option<Half>,
}

impl Case {
    /// The claim on it.
    pub(crate) fn claim(&self) -> Claim {
        Claim {
            pair: self.pair.id,
            epoch: self.epoch,
        }
    }

    /// Whether it waits for a person.
    pub(crate) fn is_held(&self) -> bool {
        !self.held.is_empty()
    }

    /// The side that the event came from.
    pub(crate) fn side(&self) -> System {
        self.work.event.key.system
    }

    /// One half, as read.
    pub(crate) fn half(&self, system: System) -> Option<&Half> {
        match system {
            System::Autotask => self.autotask.as_ref(),
            System::Jim2 => self.jim2.as_ref(),
        }
    }

    /// Puts a half where it belongs.
    pub(crate) fn put(&mut self, system: System, half: Option<Half>) {
        match system {
            System::Autotask => self.autotask = half,
            System::Jim2 => self.jim2 = half,
        }
    }

    /// One side's id.
    pub(crate) fn id(&self, system: System) -> Option<&RecordId> {
        self.pair.id_in(system)
    }

    /// Names the other half.
    pub(crate) fn name(&mut self, system: System, id: RecordId) {
        match system {
            System::Autotask => self.pair.autotask_id = Some(id),
            System::Jim2 => self.pair.jim2_id = Some(id),
        }
    }

    /// The shadow with what an open intent meant taken in (rule 4): what was surely done, and what is found as meant.
    pub(crate) fn agreed(&self) -> Option<Shadow> {
        let Some((row, intent)) = &self.open else {
            return self.shadow.clone().or_else(|| self.linked());
        };
        let mut shadow = intent
            .before
            .clone()
            .or_else(|| self.shadow.clone())
            .unwrap_or_default();
        if shadow.customer.is_none() {
            shadow.customer.clone_from(&intent.shadow.customer);
        }
        let done = usize::try_from(row.done).unwrap_or(0);
        let left = intent.acts.iter().skip(done);
        let left: Vec<&Act> = left.filter(|act| !self.is_found(act)).collect();
        if left.len() < intent.acts.len() {
            // What was told with it is told: it is no evidence any more.
            shadow.writes.clone_from(&intent.shadow.writes);
            shadow.earlier.clone_from(&intent.shadow.earlier);
        }
        for (index, act) in intent.acts.iter().enumerate() {
            let found = matches!(act, Act::Create { on, .. } if self.id(*on).is_some());
            if index < done || found {
                shadow.written(&intent.shadow, act, &left);
            }
            let is_done = index < done;
            // Sent, and not answered: where the half is as it was, it was not done, or is not seen yet.
            let may_be_done = index == done && row.sent_at.is_some();
            let counts = |wrote: &Wrote| is_done || may_be_done && wrote.until.is_some();
            let wrote = self.wrote(intent, index, is_done).filter(counts);
            if let Some(wrote) = wrote {
                shadow.wrote(act.on(), wrote);
            }
            if let Some(source) = self.half(act.on().other()).filter(|_| may_be_done) {
                shadow.doubt(&intent.shadow, act, &source.fields);
            }
        }
        for system in System::BOTH {
            if let Some(half) = self.half(system) {
                shadow.adopt(&intent.shadow, &intent.acts, &left, (system, &half.fields));
            }
        }
        Some(shadow)
    }

    /// What an act of an open intent wrote, and the span in which an edit was not seen (rule 10). What was not answered
    /// counts as far as it shows now.
    fn wrote(&self, intent: &Intent, index: usize, is_done: bool) -> Option<Wrote> {
        let Act::Update { on, fields, .. } = intent.acts.get(index)? else {
            return None;
        };
        let after = *intent.read_at.get(on)?;
        let half = self.half(*on);
        let until = half
            .and_then(|half| half.changed_at)
            .filter(|at| *at > after);
        let stands = |field: &&String| {
            let now = half.and_then(|half| half.fields.get(*field));
            is_done || until.is_none() || now.is_some() && now == fields.get(*field)
        };
        let fields = fields.keys().filter(stands).cloned().collect();
        let before = intent.journal.get(index).map(|it| &it.body["before"]);
        let before = before.and_then(|it| Fields::deserialize(it).ok());
        Some(Wrote::new(fields, after, until).over(&before.unwrap_or_default()))
    }

    /// What the journal is owed for an open intent: its acts that are done, found as meant, or maybe done, and what was
    /// decided.
    pub(crate) fn owed_journal(&self) -> Vec<Entry> {
        let Some((row, intent)) = &self.open else {
            return Vec::new();
        };
        let done = usize::try_from(row.done).unwrap_or(0);
        let mut owed = intent.told.clone();
        let mut any_done = false;
        for (index, (act, entry)) in intent.acts.iter().zip(&intent.journal).enumerate() {
            let is_done = index < done || self.is_found(act);
            any_done |= is_done;
            let is_unanswered = index == done && row.sent_at.is_some();
            if !(is_done || is_unanswered && self.was_touched(act, entry)) {
                continue;
            }
            let mut entry = entry.clone();
            if !is_done {
                entry.body["unanswered"] = true.into();
            }
            if let Act::Create { on, .. } = act {
                entry.body["id"] = serde_json::json!(self.id(*on));
            }
            owed.push(entry);
        }
        let decided = intent.notices.iter();
        let decided = decided.filter(|it| any_done || row.sent_at.is_some() && self.has_lost(it));
        owed.extend(decided.cloned());
        owed
    }

    /// Whether what gave way in a conflict is not seen there any more: a write whose answer was lost may have taken its
    /// place, although somebody has changed the value since, or it is not told now.
    fn has_lost(&self, entry: &Entry) -> bool {
        let Ok(notice) = serde_json::from_value::<Notice>(entry.body.clone()) else {
            return false;
        };
        let loser = notice.by.and_then(|winner| self.half(winner.other()));
        loser
            .and_then(|half| half.fields.get(&notice.field))
            .is_none_or(|now| *now != notice.lost)
    }

    /// Whether what an update would have changed is not as it was: it may have been done, although somebody has changed it
    /// since.
    fn was_touched(&self, act: &Act, entry: &Entry) -> bool {
        let Act::Update { on, fields, .. } = act else {
            return false;
        };
        let now = self.half(*on).map(|half| &half.fields);
        fields.keys().any(|field| {
            let before = entry.body["before"].get(field);
            let before = before.and_then(|it| serde_json::from_value::<Value>(it.clone()).ok());
            before.is_some_and(|before| now.and_then(|now| now.get(field)) != Some(&before))
        })
    }

    /// Whether what an act meant is there now.
    fn is_found(&self, act: &Act) -> bool {
        match act {
            Act::Create { on, .. } => self.id(*on).is_some(),
            Act::Update { on, fields, .. } => self.half(*on).is_some_and(|half| {
                let is_there =
                    |(field, value): (&String, &_)| half.fields.get(field) == Some(value);
                fields.iter().all(is_there)
            }),
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => false,
        }
    }

    /// A pair that was linked, not made by us: what was said before stays where it is.
    fn linked(&self) -> Option<Shadow> {
        self.pair.is_complete().then(|| Shadow {
            baseline: Some(self.pair.changed_at),
            ..Shadow::default()
        })
    }

    /// All that planning may know.
    pub(crate) fn known(&self) -> Known {
        Known {
            autotask: self.autotask.clone(),
            jim2: self.jim2.clone(),
            autotask_id: self.pair.autotask_id.clone(),
            jim2_id: self.pair.jim2_id.clone(),
            generation: self.pair.generation,
            shadow: self.agreed(),
            children: self.children.clone(),
            cause: self.work.event.cause,
            evidence: self.evidence.clone(),
        }
    }

    /// Whether somebody was making the other half, and may have made it.
    pub(crate) fn was_creating(&self) -> bool {
        self.open
            .as_ref()
            .is_some_and(|(_, intent)| intent.creation().is_some())
    }

    /// As people know it.
    pub(crate) fn label(&self) -> String {
        [&self.autotask, &self.jim2]
            .into_iter()
            .flatten()
            .map(|half| half.label.clone())
            .find(|label| !label.is_empty())
            .unwrap_or_else(|| self.pair.label.clone())
    }
}
