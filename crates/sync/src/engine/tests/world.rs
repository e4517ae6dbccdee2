//! Both systems in memory: their records, what people do to them, and the engine's hands on them.

mod fault;
mod hands;
mod things;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use domain::{RecordId, System, Value};
use tokio::sync::Notify;

use self::things::refusal;
pub(crate) use self::{
    fault::Fault,
    things::{THING, ThingRules},
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
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) autotask: BTreeMap<RecordId, Record>,
    pub(crate) jim2: BTreeMap<RecordId, Record>,
    pub(crate) faults: VecDeque<Option<Fault>>,
    pub(crate) writes: Vec<Act>,
    pub(crate) reads: usize,
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
}

impl State {
    pub(crate) fn side(&mut self, system: System) -> &mut BTreeMap<RecordId, Record> {
        match system {
            System::Autotask => &mut self.autotask,
            System::Jim2 => &mut self.jim2,
        }
    }

    pub(crate) fn fresh_id(&mut self) -> RecordId {
        self.next += 1;
        RecordId::from(self.next)
    }

    /// The world's clock goes on; what changes now has this stamp.
    fn tick(&mut self) -> i64 {
        self.now += 10;
        self.now
    }

    /// A person sets a field.
    pub(crate) fn edit(
        &mut self,
        system: System,
        id: &RecordId,
        field: &str,
        value: impl Into<Value>,
    ) {
        let now = self.tick();
        let record = self.side(system).get_mut(id).unwrap();
        record.fields.insert(field.to_owned(), value.into());
        record.changed = now;
    }

    /// A record that a person copies, reference and all. Answers the copy.
    pub(crate) fn twin_of(&mut self, system: System, place: usize) -> RecordId {
        let twin = self.side(system).values().nth(place).unwrap().clone();
        let id = self.fresh_id();
        self.side(system).insert(id.clone(), twin);
        id
    }

    /// The world's time.
    pub(crate) fn time(&self) -> DateTime<Utc> {
        seconds(self.now)
    }

    /// A person adds a note or a comment.
    pub(crate) fn note(&mut self, system: System, id: &RecordId, text: &str) -> RecordId {
        let child = self.fresh_id();
        let now = self.tick();
        let record = self.side(system).get_mut(id).unwrap();
        record
            .children
            .push(self::child(child.clone(), text, false));
        record.changed = now;
        child
    }
}

fn seconds(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn child(id: RecordId, text: &str, ours: bool) -> Child {
    let (text, mark) = Mark::split(text);
    Child {
        id,
        text: text.to_owned(),
        author: "Ann".to_owned(),
        at: None,
        ours,
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
    /// Lets the worker go on after that.
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
        ];
        let fields = fields
            .into_iter()
            .map(|(field, value)| (field.to_owned(), value))
            .collect();
        let changed = state.tick();
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
        let reference = format!("{id}/1");
        let state = self.state();
        let made = state
            .jim2
            .iter()
            .filter(|(_, record)| record.reference.as_deref() == Some(&reference));
        made.map(|(id, _)| id.clone()).collect()
    }

    pub(crate) fn field(&self, system: System, id: &RecordId, field: &str) -> Value {
        self.state().side(system)[id]
            .fields
            .get(field)
            .cloned()
            .unwrap_or(Value::Empty)
    }
}
