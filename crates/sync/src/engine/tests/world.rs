//! Both systems in memory, with a kind simple enough to see through, and faults at each write.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, Utc};
use domain::{Failure, Kind, Problem, RecordId, System, Value};
use tokio::sync::Notify;

use crate::{
    Act, Carry, Child, Compare, Creation, Draft, Facts, Field, Fields, Half, Hands, Mapped, Mark,
    Point, Pointer, Rules, Shadow, Transform, Way,
};

/// The kind of these tests: things.
pub(crate) const THING: Kind = Kind::new("thing");

static FIELDS: &[Field] = &[
    Field {
        owner: System::Jim2,
        jim2_max: Some(12),
        required: true,
        webhook_names: &["Name"],
        ..Field::text("name", "Name")
    },
    Field {
        way: Way::ToJim2,
        back: Transform::None,
        webhook_names: &["Title"],
        ..Field::text("title", "Title")
    },
    Field {
        forward: Transform::Lookup("status"),
        back: Transform::Lookup("status"),
        compare: Compare::Exact,
        required: true,
        webhook_names: &["Status"],
        ..Field::text("status", "Status")
    },
    Field {
        forward: Transform::By(unless_blank),
        ..Field::text("remark", "Remark")
    },
    Field {
        way: Way::CreateOnly,
        back: Transform::None,
        ..Field::text("colour", "Colour")
    },
];

/// A blank one says nothing to the other side.
fn unless_blank(value: &Value, _facts: &Facts) -> Mapped {
    if value.is_empty() {
        Mapped::Leave
    } else {
        Mapped::Value(value.clone())
    }
}

/// Its rules: everything in Autotask is made in Jim2, nothing the other way.
#[derive(Debug)]
pub(crate) struct ThingRules;

impl Rules for ThingRules {
    fn kind(&self) -> Kind {
        THING
    }

    fn fields(&self) -> &'static [Field] {
        FIELDS
    }

    fn create(&self, to: System, half: &Half, generation: i32, _facts: &Facts) -> Creation {
        match to {
            System::Jim2 => {
                // A new one begins as Booked; the way from there is walked step by step.
                let waits = half.fields.get("status") == Some(&3.into());
                Creation::Yes(Draft {
                    reference: format!("{}/{generation}", half.id),
                    extra: waits
                        .then(|| ("status".to_owned(), Value::Empty))
                        .into_iter()
                        .collect(),
                })
            }
            System::Autotask => Creation::No("things begin in Autotask".to_owned()),
        }
    }

    fn company(&self, autotask: &Half) -> Option<Value> {
        autotask.fact("owner").cloned()
    }

    fn ownership(&self, autotask: &Half, jim2: &Half, _: &Facts) -> Result<(), Box<Problem>> {
        let moved = match (autotask.fact("owner"), jim2.fact("customer")) {
            (Some(owner), Some(customer)) => owner != customer,
            _ => false,
        };
        if moved {
            Err(Box::new(refusal()))
        } else {
            Ok(())
        }
    }

    fn retires(&self, _: &Half, _: &Half, _: &Facts) -> Option<Fields> {
        Some([("status".to_owned(), "CANCEL".into())].into())
    }

    fn customer(&self, jim2: &Half) -> Option<Value> {
        jim2.fact("customer").cloned()
    }

    fn owes_reference(&self, on: System, half: &Half, to: &RecordId, _generation: i32) -> bool {
        on == System::Autotask && half.points_to.as_ref().map(|pointer| &pointer.to) != Some(to)
    }

    fn carry(&self, _from: System, child: &Child, _facts: &Facts) -> Carry {
        Carry::Yes {
            text: child.text.clone(),
            internal: true,
        }
    }
}

/// What goes wrong with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is done, and the answer is lost.
    LostAnswer,
    /// The process is killed before it is sent.
    KilledBefore,
    /// The process is killed after it was done.
    KilledAfter,
    /// The system refuses this record.
    Refused,
    /// The system is busy; it is not done.
    Busy,
    /// The system refuses us altogether.
    Stopped,
}

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

    /// Why Jim2 does not take the first field that it knows nothing of.
    fn refuses(&self, act: &Act) -> Option<Failure> {
        let (fields, refused) = match act {
            Act::Create { fields, .. } => (fields, &self.refused_at_create),
            Act::Update { fields, .. } => (fields, &self.refused_at_update),
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => return None,
        };
        let field = refused
            .iter()
            .find(|field| act.on() == System::Jim2 && fields.contains_key(**field))?;
        let problem = Problem {
            code: Problem::NOT_WRITABLE.to_owned(),
            field: Some((*field).to_owned()),
            ..refusal()
        };
        Some(Failure::Hold {
            problems: vec![problem],
        })
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

    /// The next `reads` reads of a side are answered from its state as it is now.
    pub(crate) fn lag(&mut self, system: System, reads: usize) {
        let now = self.side(system).clone();
        self.lagging.insert(system, (reads, now));
    }

    /// Every replica has caught up.
    pub(crate) fn catch_up(&mut self) {
        self.lagging.clear();
    }

    /// A side as a read finds it.
    fn as_read(&mut self, system: System) -> BTreeMap<RecordId, Record> {
        match self.lagging.get_mut(&system) {
            Some((reads, then)) if *reads > 0 => {
                *reads -= 1;
                then.clone()
            }
            _ => self.side(system).clone(),
        }
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

    fn half(system: System, id: &RecordId, record: &Record) -> Half {
        let mut half = Half::new(id.clone(), format!("{id} thing"));
        half.fields = record.fields.clone();
        half.changed_at = Some(seconds(record.changed));
        half.facts.clone_from(&record.facts);
        half.children.clone_from(&record.children);
        half.points_to = record.reference.as_ref().map(|reference| Pointer {
            to: match system {
                System::Autotask => reference.as_str().into(),
                System::Jim2 => reference.split('/').next().unwrap_or_default().into(),
            },
            by_name: false,
            generation: 1,
        });
        half
    }

    fn write(&self, act: &Act) -> Option<RecordId> {
        let mut state = self.state();
        state.writes.push(act.clone());
        let on = act.on();
        match act {
            Act::Create {
                reference, fields, ..
            } => {
                let id = state.fresh_id();
                let mut fields = fields.clone();
                fields
                    .entry("status".to_owned())
                    .or_insert_with(|| "Booked".into());
                for field in state.refused_at_create.clone() {
                    fields.entry(field.to_owned()).or_insert(Value::Empty);
                }
                let record = Record {
                    fields,
                    reference: Some(reference.clone()),
                    changed: state.tick(),
                    ..Record::default()
                };
                state.side(on).insert(id.clone(), record);
                Some(id)
            }
            Act::Update { id, fields, .. } => {
                let now = state.tick();
                let record = state.side(on).get_mut(id)?;
                record.fields.extend(fields.clone());
                record.changed = now;
                None
            }
            Act::Refer { id, to, .. } => {
                state.side(on).get_mut(id)?.reference = to.as_ref().map(ToString::to_string);
                None
            }
            Act::CreateChild { under, text, .. } => {
                let id = state.fresh_id();
                state
                    .side(on)
                    .get_mut(under.as_ref()?)?
                    .children
                    .push(child(id.clone(), text, true));
                Some(id)
            }
            Act::UpdateChild {
                under, id, text, ..
            } => {
                let copy = state
                    .side(on)
                    .get_mut(under)?
                    .children
                    .iter_mut()
                    .find(|it| it.id == *id)?;
                *copy = child(id.clone(), text, true);
                None
            }
        }
    }
}

impl Hands for World {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let mut state = self.state();
        state.reads += 1;
        if state
            .unreadable
            .as_ref()
            .is_some_and(|bad| ids.contains(bad))
        {
            return Err(Failure::Hold {
                problems: vec![refusal()],
            });
        }
        let side = state.as_read(on);
        let found: Vec<Half> = ids
            .iter()
            .filter_map(|id| Some(Self::half(on, id, side.get(id)?)))
            .collect();
        if let Some((system, id, field, value)) =
            state.after_read.take_if(|(system, ..)| *system == on)
        {
            state.edit(system, &id, field, value);
        }
        Ok(found)
    }

    async fn keeps(&self, _: &Half, _: &Shadow) -> Result<Option<Problem>, Failure> {
        Ok(self.state().is_worked_on.then(refusal))
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create { on, reference, .. } = act else {
            return Ok(Vec::new());
        };
        let mut state = self.state();
        if state.cannot_look {
            return Err(Failure::retry("busy"));
        }
        let found = state
            .side(*on)
            .iter()
            .filter(|(_, record)| record.reference.as_ref() == Some(reference));
        Ok(found.map(|(id, _)| id.clone()).collect())
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        let fault = {
            let mut state = self.state();
            state.attempts += 1;
            state.faults.pop_front().flatten()
        };
        match fault {
            None => {
                if let Some(refused) = self.state().refuses(act) {
                    return Err(refused);
                }
                let made = self.write(act);
                self.told_of_write().await;
                Ok(made)
            }
            Some(Fault::LostAnswer) => {
                self.write(act);
                Err(Failure::Unsure {
                    source: "the line was cut".into(),
                })
            }
            Some(Fault::Busy) => Err(Failure::retry("busy")),
            Some(Fault::Stopped) => Err(Failure::Stop {
                system: act.on(),
                reason: domain::StopReason::Credentials("HTTP 401".to_owned()),
                after: std::time::Duration::from_mins(5),
                source: "401".into(),
            }),
            Some(Fault::Refused) => Err(Failure::Hold {
                problems: vec![refusal()],
            }),
            Some(Fault::KilledBefore) => self.die().await,
            Some(Fault::KilledAfter) => {
                self.write(act);
                self.die().await
            }
        }
    }
}

impl World {
    /// Lets others act on a write while our claim stands.
    async fn told_of_write(&self) {
        let edit = self.state().edit_on_write.take();
        if let Some((system, id, field, value)) = edit {
            self.state().edit(system, &id, field, value);
            self.wrote.notify_one();
            self.go_on.notified().await;
        }
    }

    /// Whether the process is killed at this point.
    pub(crate) fn dies_at(&self, point: Point) -> bool {
        let dies = self.state().crash_at.take_if(|it| *it == point).is_some();
        if dies {
            self.killed.notify_one();
        }
        dies
    }

    async fn die<T>(&self) -> T {
        self.killed.notify_one();
        std::future::pending().await
    }
}

fn refusal() -> Problem {
    Problem {
        code: "refused".to_owned(),
        subject: domain::Subject::Setting {
            name: "any".to_owned(),
        },
        field: None,
        says: "Jim2 refuses it".to_owned(),
        remedy: domain::Remedy {
            who: domain::Fixer::Desk,
            step: "mend it".to_owned(),
            continues: true,
        },
    }
}
