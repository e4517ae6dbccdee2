//! Both systems in memory: their records, what people do to them, and the engine's hands on them.

mod fault;
mod hands;
mod past;
mod things;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use domain::{Key, Lane, RecordId, System, Value};
use tokio::sync::Notify;

use self::things::refusal;
pub(crate) use self::{
    fault::Fault,
    past::{Entry, Past},
    things::{FIELDS, THING, ThingRules},
};
use crate::{Act, Child, Fields, Mark, Point};

/// A record of either side.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(crate) fields: Fields,
    /// When it last changed, in seconds of the world's own clock.
    pub(crate) changed: i64,
    pub(crate) reference: Option<String>,
    pub(crate) children: Vec<Child>,
    pub(crate) facts: BTreeMap<&'static str, Value>,
    /// Fields that a read does not tell.
    pub(crate) silent: BTreeSet<&'static str>,
    /// Whether its system tells no time of it.
    pub(crate) is_timeless: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) autotask: BTreeMap<RecordId, Record>,
    pub(crate) jim2: BTreeMap<RecordId, Record>,
    pub(crate) faults: VecDeque<Option<Fault>>,
    pub(crate) writes: Vec<Act>,
    pub(crate) reads: usize,
    /// What each of them was worth.
    pub(crate) lanes: Vec<Lane>,
    /// Calls that looked for what may have been made.
    pub(crate) looks: usize,
    /// Writes that were tried.
    pub(crate) attempts: usize,
    /// Done once, right after the next write: what a person does while our claim stands.
    pub(crate) edit_on_write: Option<(System, RecordId, &'static str, Value)>,
    /// Where the process is killed next.
    pub(crate) crash_at: Option<Point>,
    /// Whether people have worked on every Jim2 record.
    pub(crate) is_worked_on: bool,
    /// Whether looking for a record fails.
    pub(crate) cannot_look: bool,
    /// Sides whose reads are answered from an earlier state, and how many still are.
    lagging: BTreeMap<System, (usize, BTreeMap<RecordId, Record>)>,
    /// When a replica began to lag, in our own clock.
    lags_since: i64,
    /// Fields that Jim2 does not take in a create call.
    pub(crate) refused_at_create: Vec<&'static str>,
    /// Fields of Jim2 that cannot be changed.
    pub(crate) refused_at_update: Vec<&'static str>,
    /// A record that cannot be read.
    pub(crate) unreadable: Option<RecordId>,
    /// The world's clock, ten seconds a change.
    now: i64,
    /// Done once, right after the next read of its side: what a person does between our read and our write.
    pub(crate) after_read: Option<(System, RecordId, &'static str, Value)>,
    next: i64,
    /// What happened, in order.
    pub(crate) past: Vec<Past>,
    /// How far Jim2's clock is behind Autotask's, in seconds.
    pub(crate) behind: i64,
    /// How many seconds have passed in our own clock.
    pub(crate) passed: i64,
    /// Writes on their way, and when they arrive in our own clock.
    late: Vec<(i64, Act)>,
    /// Calls that came in.
    pub(crate) calls: usize,
    /// The call before which everything else may happen.
    pub(crate) stop_at: Option<usize>,
    /// Records to which nothing may be written, and why.
    pub(crate) off_limits: BTreeMap<(System, RecordId), &'static str>,
    /// The record that has to be looked at before anything is made.
    pub(crate) waits_for: Option<Key>,
    /// Whether people are at the job on which anything is made.
    pub(crate) is_ready: bool,
    /// What Jim2 gives as the Date Out of what is written.
    pub(crate) date_out: Option<&'static str>,
    /// Records that a query does not show, although they are there.
    pub(crate) unseen: BTreeSet<RecordId>,
    /// What reads do not show, where a rule is taken out.
    pub(crate) blind: Option<Blind>,
}

impl State {
    pub(crate) fn side(&mut self, system: System) -> &mut BTreeMap<RecordId, Record> {
        match system {
            System::Autotask => &mut self.autotask,
            System::Jim2 => &mut self.jim2,
        }
    }

    /// A record that is there.
    pub(crate) fn record(&mut self, system: System, id: &RecordId) -> &mut Record {
        self.side(system).get_mut(id).unwrap()
    }

    pub(crate) fn fresh_id(&mut self) -> RecordId {
        self.next += 1;
        RecordId::from(self.next)
    }

    /// The world's clock goes on; what changes now has this stamp.
    pub(crate) fn tick(&mut self, on: System) -> i64 {
        self.now += 10;
        self.stamp(on)
    }

    /// A system's own time.
    fn stamp(&self, on: System) -> i64 {
        match on {
            System::Autotask => self.now,
            System::Jim2 => self.now - self.behind,
        }
    }

    /// A person sets a field.
    pub(crate) fn edit(
        &mut self,
        system: System,
        id: &RecordId,
        field: &str,
        value: impl Into<Value>,
    ) {
        let (now, value) = (self.tick(system), value.into());
        let record = self.record(system, id);
        let before = record.fields.insert(field.to_owned(), value.clone());
        record.changed = now;
        self.past.push(Past::Entered(Entry {
            on: system,
            id: id.clone(),
            field: field.to_owned(),
            value,
            before: before.unwrap_or(Value::Empty),
            by: format!("P{}", self.past.len()),
        }));
    }

    /// The Jim2 records made for a thing.
    pub(crate) fn made_for(&self, id: &RecordId) -> Vec<RecordId> {
        let reference = format!("{id}/1");
        let made = self
            .jim2
            .iter()
            .filter(|(_, record)| record.reference.as_deref() == Some(&reference));
        made.map(|(id, _)| id.clone()).collect()
    }

    /// A person puts his last note of a record in other words, if there is one.
    pub(crate) fn reword(&mut self, on: System, id: &RecordId, text: &str) -> bool {
        let now = self.tick(on);
        let Some(record) = self.side(on).get_mut(id) else {
            return false;
        };
        let note = record.children.iter_mut().rfind(|note| !note.ours);
        let Some(note) = note else {
            return false;
        };
        text.clone_into(&mut note.text);
        record.changed = now;
        true
    }

    /// A record that a person copies, reference and all. Answers the copy.
    pub(crate) fn twin_of(&mut self, system: System, place: usize) -> RecordId {
        let twin = self.side(system).values().nth(place).unwrap().clone();
        let id = self.fresh_id();
        self.side(system).insert(id.clone(), twin);
        id
    }

    /// The world's time, as a system tells it.
    pub(crate) fn time(&self, on: System) -> DateTime<Utc> {
        moment(self.stamp(on))
    }

    /// A person adds a note or a comment.
    pub(crate) fn note(&mut self, on: System, id: &RecordId, text: &str) -> RecordId {
        let child = self.fresh_id();
        let now = self.tick(on);
        let record = self.record(on, id);
        record
            .children
            .push(self::child(child.clone(), text, author(on)));
        record.changed = now;
        child
    }
}

/// A part of what reads tell, hidden to take a rule out from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blind {
    /// What a lost answer has made is not found.
    LookUp,
    /// Only one of several is found.
    Twins,
    /// A record that is named by another seems to name it back.
    OneSided,
    /// Whose a record is.
    Identity,
    /// What is not told seems empty.
    Silence,
    /// Which notes are ours, and what they are copies of.
    Marks,
}

/// All happens in the middle of a second: a record tells that, a webhook the second's beginning.
pub(super) fn moment(stamp: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(stamp * 1_000 + 500).unwrap()
}

/// Who writes in a system when people do.
pub(crate) const fn author(on: System) -> &'static str {
    match on {
        System::Autotask => "Ann",
        System::Jim2 => "Bob",
    }
}

/// Our user in both systems.
const US: &str = "Crossbill";

fn child(id: RecordId, text: &str, author: &str) -> Child {
    let (text, mark) = Mark::split(text);
    Child {
        id,
        text: text.to_owned(),
        author: author.to_owned(),
        at: None,
        ours: author == US,
        mark,
        facts: BTreeMap::new(),
    }
}

/// The world, shared by the engine's hands and the test.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    state: Arc<Mutex<State>>,
    /// Told when the process is to be killed.
    pub(crate) killed: Arc<Notify>,
    /// Told after the write that a person answers at once.
    pub(crate) wrote: Arc<Notify>,
    /// Told when the call comes in before which everything else may happen.
    pub(crate) called: Arc<Notify>,
    /// Lets the worker go on after either.
    pub(crate) go_on: Arc<Notify>,
}

impl World {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// A thing in Autotask, as a person makes it.
    pub(crate) fn thing(&self, name: &str) -> RecordId {
        let mut state = self.state();
        let id = state.fresh_id();
        let fields = [
            ("name", Value::from(name)),
            ("title", "T".into()),
            ("status", 1.into()),
            ("remark", Value::Empty),
        ];
        let fields = fields
            .into_iter()
            .map(|(field, value)| (field.to_owned(), value))
            .collect();
        let changed = state.tick(System::Autotask);
        let record = Record {
            fields,
            changed,
            ..Record::default()
        };
        state.autotask.insert(id.clone(), record);
        id
    }

    /// The Jim2 records made for a thing.
    pub(crate) fn made_for(&self, id: &RecordId) -> Vec<RecordId> {
        self.state().made_for(id)
    }

    pub(crate) fn field(&self, system: System, id: &RecordId, field: &str) -> Value {
        self.state().side(system)[id]
            .fields
            .get(field)
            .cloned()
            .unwrap_or(Value::Empty)
    }
}
