//! The raw values of both sides on which they last agreed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::{System, Value};
use serde::{Deserialize, Serialize};

use crate::{Act, Field, Fields, Flip};

/// The format of [`Shadow`] that this build writes. A newer one is deferred, not guessed at.
pub const SHADOW_VERSION: u32 = 1;

/// Both raw halves at the last agreement, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// The format; see [`SHADOW_VERSION`].
    pub v: u32,
    /// Autotask's raw values.
    pub autotask: Fields,
    /// Jim2's raw values.
    pub jim2: Fields,
    /// The Jim2 customer the pair was made for: a job that changes hands is not the same record any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Value>,
    /// The Autotask company the pair was made for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Value>,
    /// Children older than this stay where they are: the pair was linked, not made by us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<DateTime<Utc>>,
    /// Fields that a half could not be made with, by its system: written once although they are create-only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owed: BTreeMap<System, BTreeSet<String>>,
    /// Our last write to each half: a person's edit that it took the place of is known by its time (rule 10), and a
    /// read of the state before it by that state's (rule 9).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub writes: BTreeMap<System, Wrote>,
    /// Those before it, latest last: what tells of an edit in their spans may come after the next write.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub earlier: BTreeMap<System, Vec<Wrote>>,
    /// Our latest writes of each field: two who undo each other are known by them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flips: BTreeMap<String, Vec<Flip>>,
}

/// So many earlier writes are kept for each half.
const EARLIER: usize = 4;

/// A write of ours to one half, and the span in which an edit of it was not seen. Times are that system's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// The fields that were found there again as sent.
    pub fields: Vec<String>,
    /// The state that the write was planned from.
    pub after: DateTime<Utc>,
    /// What these fields were in that state, as far as it was told.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub before: Fields,
    /// The state that the write made, once it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Of fields that it wrote over: when the latest edit was that has been told of. A later one may still come.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<String, DateTime<Utc>>,
    /// Fields that somebody has changed since, and what was seen there last: what it wrote over does not come back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced: Fields,
}

impl Wrote {
    /// A write of which nothing is told yet.
    pub fn new(fields: Vec<String>, after: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Self {
        Self {
            fields,
            after,
            before: Fields::new(),
            until,
            told: BTreeMap::new(),
            replaced: Fields::new(),
        }
    }

    /// With what its fields were before, among other fields.
    #[must_use]
    pub(crate) fn over(mut self, before: &Fields) -> Self {
        let written = |(name, _): &(&String, &Value)| self.fields.contains(name);
        let before = before.iter().filter(written);
        self.before = before
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self
    }

    /// Whether something that happened at `at` was not in what we planned from, but in what our write made.
    pub fn covers(&self, at: DateTime<Utc>) -> bool {
        at > self.after && self.until.is_none_or(|until| at <= until)
    }

    /// Whether something told to have happened at `at` may have happened after the state that we planned from: a webhook
    /// tells whole seconds (`autotask.md` §4), a record milliseconds.
    fn may_cover(&self, at: DateTime<Utc>) -> bool {
        let is_earlier = at < self.after && at.timestamp_subsec_nanos() == 0;
        is_earlier && at.timestamp() == self.after.timestamp()
    }

    /// Whether it took the place of an edit that gave this field `value`, made at `at`, that nobody has told of. In the
    /// second of the state that we planned from, what we saw there was made before it, and anything else after.
    pub(crate) fn hides(&self, field: &Field, value: &Value, at: DateTime<Utc>) -> bool {
        let is_told = self.told.get(field.name).is_some_and(|told| at <= *told);
        let is_new = |before| !field.compare.same(before, value);
        let is_later = || self.may_cover(at) && self.before.get(field.name).is_some_and(is_new);
        !is_told && self.has(field.name) && (self.covers(at) || is_later())
    }

    fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|it| it == field)
    }
}

impl Default for Shadow {
    fn default() -> Self {
        Self {
            v: SHADOW_VERSION,
            autotask: Fields::new(),
            jim2: Fields::new(),
            customer: None,
            company: None,
            baseline: None,
            owed: BTreeMap::new(),
            writes: BTreeMap::new(),
            earlier: BTreeMap::new(),
            flips: BTreeMap::new(),
        }
    }
}

impl Shadow {
    /// One side's values.
    pub fn side(&self, system: System) -> &Fields {
        match system {
            System::Autotask => &self.autotask,
            System::Jim2 => &self.jim2,
        }
    }

    /// Whether a side's raw value is another than that on which both last agreed (rule 8). What was never agreed on is not.
    pub fn is_changed(&self, system: System, field: &str, now: &Value) -> bool {
        self.side(system).get(field).is_some_and(|then| then != now)
    }

    /// One side's values, to be changed.
    pub fn side_mut(&mut self, system: System) -> &mut Fields {
        match system {
            System::Autotask => &mut self.autotask,
            System::Jim2 => &mut self.jim2,
        }
    }

    /// Whether the half on `on` was made without this field.
    pub(crate) fn owes(&self, on: System, field: &str) -> bool {
        self.owed.get(&on).is_some_and(|owed| owed.contains(field))
    }

    /// Sets one field on both sides.
    pub fn agree(&mut self, field: &str, autotask: Value, jim2: Value) {
        self.settle(field);
        self.autotask.insert(field.to_owned(), autotask);
        self.jim2.insert(field.to_owned(), jim2);
    }

    /// Nothing has been agreed of a field.
    pub(crate) fn forget(&mut self, field: &str) {
        self.autotask.remove(field);
        self.jim2.remove(field);
    }

    /// Nothing is owed of a field any more.
    fn settle(&mut self, field: &str) {
        for owed in self.owed.values_mut() {
            owed.remove(field);
        }
        self.owed.retain(|_, owed| !owed.is_empty());
    }

    /// Takes in our latest write to a half. The one before it ends where this one was planned from.
    pub(crate) fn wrote(&mut self, on: System, wrote: Wrote) {
        let after = wrote.after;
        let Some(mut before) = self.writes.insert(on, wrote) else {
            return;
        };
        if before.after >= after {
            return;
        }
        before.until = Some(before.until.map_or(after, |until| until.min(after)));
        let earlier = self.earlier.entry(on).or_default();
        earlier.push(before);
        let surplus = earlier.len().saturating_sub(EARLIER);
        earlier.drain(..surplus);
    }

    /// Our writes to a half that are kept.
    pub(crate) fn all_writes(&self, on: System) -> impl Iterator<Item = &Wrote> {
        let earlier = self.earlier.get(&on).into_iter().flatten();
        earlier.chain(self.writes.get(&on))
    }

    /// Whether an edit that is told to have been made at `at` may have been hidden by one of them.
    pub(crate) fn may_hide(&self, on: System, at: DateTime<Utc>) -> bool {
        let mut all = self.all_writes(on);
        all.any(|wrote| wrote.covers(at) || wrote.may_cover(at))
    }

    /// Whether something that happened to a half at `at` was not seen before one of them.
    pub(crate) fn covers(&self, on: System, at: DateTime<Utc>) -> bool {
        self.all_writes(on).any(|wrote| wrote.covers(at))
    }

    /// Those of one field.
    fn writes_of(&mut self, on: System, field: &str) -> impl Iterator<Item = &mut Wrote> {
        let earlier = self.earlier.get_mut(&on).into_iter().flatten();
        let all = earlier.chain(self.writes.get_mut(&on));
        all.filter(move |wrote| wrote.has(field))
    }

    /// Somebody has changed a field since we wrote it.
    pub(crate) fn replaced(&mut self, on: System, field: &str, by: &Value) {
        for wrote in self.writes_of(on, field) {
            wrote.replaced.insert(field.to_owned(), by.clone());
        }
    }

    /// What was written over in a field up to an edit at `at` is told, once.
    pub(crate) fn told(&mut self, on: System, field: &str, at: DateTime<Utc>) {
        for wrote in self.writes_of(on, field) {
            wrote.told.insert(field.to_owned(), at);
        }
    }

    /// Takes one field's agreement back to what it was `before`, so that its change is still seen as one.
    pub fn put_back(&mut self, before: &Self, field: &str) {
        for system in System::BOTH {
            match before.side(system).get(field) {
                Some(value) => self
                    .side_mut(system)
                    .insert(field.to_owned(), value.clone()),
                None => self.side_mut(system).remove(field),
            };
            if before.owes(system, field) {
                let owed = self.owed.entry(system).or_default();
                owed.insert(field.to_owned());
            }
        }
    }

    /// Takes in an act that was done: its fields are what the plan `meant`. Acts that are `left` may have to do with them too.
    pub fn written(&mut self, meant: &Self, act: &Act, left: &[&Act]) {
        if matches!(act, Act::Create { .. }) {
            self.owed.clone_from(&meant.owed);
        }
        for (field, value) in act.fields().into_iter().flatten() {
            if meant.side(act.on()).contains_key(field) {
                self.take(meant, (act.on(), field, value), left);
            }
        }
    }

    /// Rule 4: a value now found that an open intent (or a step on its way) meant to write counts as ours.
    pub fn adopt(
        &mut self,
        meant: &Self,
        acts: &[Act],
        left: &[&Act],
        (on, found): (System, &Fields),
    ) {
        for (field, now) in found {
            let is_ours = |act: &Act| {
                let ours = act.fields().and_then(|fields| fields.get(field));
                act.on() == on && ours == Some(now)
            };
            if acts.iter().any(is_ours) {
                self.take(meant, (on, field, now), left);
            }
        }
    }

    /// One field agreed: `value` on `on`, and on the other side what it was made from. Where more of it is `left` to do, it
    /// has to be seen as changed there, where it is to come from.
    fn take(&mut self, meant: &Self, (on, field, value): (System, &str, &Value), left: &[&Act]) {
        if gives(left, on.other(), field) {
            return;
        }
        self.settle(field);
        self.side_mut(on).insert(field.to_owned(), value.clone());
        let source = meant.side(on.other()).get(field);
        if let Some(source) = source.filter(|_| !gives(left, on, field)) {
            self.side_mut(on.other())
                .insert(field.to_owned(), source.clone());
        }
    }

    /// A write of ours that may be done was made from values of the other side: where those `found` there are others now,
    /// somebody has changed them since, even back to what was agreed before.
    pub fn doubt(&mut self, meant: &Self, act: &Act, found: &Fields) {
        let from = act.on().other();
        for field in act.fields().into_iter().flat_map(Fields::keys) {
            let source = meant.side(from).get(field);
            if let Some(source) =
                source.filter(|source| found.get(field).is_some_and(|now| now != *source))
            {
                self.side_mut(from).insert(field.clone(), source.clone());
            }
        }
    }
}

/// Whether one of `acts` gives a field to the half on `to`.
fn gives(acts: &[&Act], to: System, field: &str) -> bool {
    let has = |fields: &Fields| fields.contains_key(field);
    let mut acts = acts.iter().filter(|act| act.on() == to);
    acts.any(|act| act.fields().is_some_and(has))
}

/// What is kept of a child that was copied: whose it is, and the text that was copied last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildShadow {
    /// Where the original is.
    pub source: System,
    /// The original's text when it was copied last.
    pub text: String,
}
