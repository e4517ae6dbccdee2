//! The engine's hands on the world: what it reads, finds and writes.

use domain::{Failure, Fixer, Problem, RecordId, System, Value};

use super::{Blind, FIELDS, Record, State, US, World, child, moment, refusal};
use crate::{Act, DATE_OUT, Facts, Fields, Half, Hands, Match, Pointer, Shadow};

impl World {
    fn half(system: System, id: &RecordId, record: &Record) -> Half {
        let mut half = Half::new(id.clone(), format!("{id} thing"));
        half.fields = record.fields.clone();
        half.changed_at = (!record.is_timeless).then(|| moment(record.changed));
        half.fields
            .retain(|name, _| !record.silent.contains(name.as_str()));
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

    pub(super) fn write(&self, act: &Act) -> Option<RecordId> {
        self.state().write(act, false)
    }

    /// A call comes in. Before the one that the test waits for, everything else may happen.
    async fn comes_in(&self) {
        let waits = {
            let mut state = self.state();
            state.calls += 1;
            let now = state.calls;
            state.stop_at.take_if(|at| *at == now).is_some()
        };
        if waits {
            self.called.notify_one();
            self.go_on.notified().await;
        }
    }
}

impl State {
    pub(super) fn write(&mut self, act: &Act, is_late: bool) -> Option<RecordId> {
        self.writes.push(act.clone());
        let fresh = self.fresh_id();
        self.note_write(act, act.creates().then_some(&fresh), is_late);
        let on = act.on();
        let date_out = self.date_out.filter(|_| on == System::Jim2);
        let now = match act {
            Act::Create { .. } | Act::Update { .. } => self.tick(on),
            Act::Refer { .. } | Act::CreateChild { .. } | Act::UpdateChild { .. } => 0,
        };
        match act {
            Act::Create {
                reference, fields, ..
            } => {
                self.side(on)
                    .insert(fresh.clone(), made(fields, reference, now));
                Some(fresh)
            }
            Act::Update { id, fields, .. } => {
                let record = self.side(on).get_mut(id)?;
                record.fields.extend(fields.clone());
                record.changed = now;
                let date_out = date_out.map(|at| (DATE_OUT, at.into()));
                record.facts.extend(date_out);
                None
            }
            Act::Refer { id, to, .. } => {
                self.side(on).get_mut(id)?.reference = to.as_ref().map(ToString::to_string);
                None
            }
            Act::CreateChild { under, text, .. } => {
                let under = self.side(on).get_mut(under.as_ref()?)?;
                under.children.push(child(fresh.clone(), text, US));
                Some(fresh)
            }
            Act::UpdateChild {
                under, id, text, ..
            } => {
                let children = &mut self.side(on).get_mut(under)?.children;
                let copy = children.iter_mut().find(|it| it.id == *id)?;
                *copy = child(id.clone(), text, US);
                None
            }
        }
    }

    /// What carries the reference of a creation, as far as it can be seen.
    fn made_by(&mut self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create { on, reference, .. } = act else {
            return Ok(Vec::new());
        };
        if self.cannot_look {
            return Err(Failure::retry("busy"));
        }
        let found = self
            .side(*on)
            .iter()
            .filter(|(_, record)| record.reference.as_ref() == Some(reference));
        let mut found: Vec<RecordId> = found.map(|(id, _)| id.clone()).collect();
        match self.blind {
            Some(Blind::LookUp) => found.clear(),
            Some(Blind::Twins) => found.truncate(1),
            _ => {}
        }
        Ok(found)
    }

    /// A half without what the engine is not to see.
    fn disguise(&self, on: System, mut half: Half) -> Half {
        match self.blind {
            Some(Blind::Identity) => half.facts.clear(),
            Some(Blind::Marks) => {
                for child in &mut half.children {
                    (child.ours, child.mark) = (false, None);
                }
            }
            Some(Blind::Silence) => {
                for field in FIELDS {
                    let value = half.fields.entry(field.name.to_owned());
                    value.or_insert(Value::Empty);
                }
            }
            Some(Blind::OneSided) if on == System::Autotask && half.points_to.is_none() => {
                let names = |record: &&Record| {
                    let named = record
                        .reference
                        .as_deref()
                        .and_then(|it| it.split('/').next());
                    named == Some(half.id.as_str())
                };
                let by = self.jim2.iter().find(|(_, record)| names(record));
                half.points_to = by.map(|(id, _)| Pointer {
                    to: id.clone(),
                    by_name: false,
                    generation: 1,
                });
            }
            Some(Blind::OneSided | Blind::LookUp | Blind::Twins) | None => {}
        }
        half
    }
}

/// People are about to invoice the job.
fn ready() -> Failure {
    let remedy = (Fixer::Finance, "invoice it".to_owned());
    crate::waits_for_people(1042, "job-ready", "job 1042 is Ready".to_owned(), remedy)
}

/// A new record: what it was not given it has no value for, and a status of its own.
fn made(fields: &Fields, reference: &str, now: i64) -> Record {
    let mut fields = fields.clone();
    let customer = fields.remove("customer").map(|it| ("customer", it));
    for field in FIELDS {
        fields
            .entry(field.name.to_owned())
            .or_insert(match field.name {
                "status" => "Booked".into(),
                _ => Value::Empty,
            });
    }
    Record {
        fields,
        reference: Some(reference.to_owned()),
        changed: now,
        facts: customer.into_iter().collect(),
        ..Record::default()
    }
}

impl Hands for World {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        self.comes_in().await;
        let mut state = self.state();
        state.reads += 1;
        state.lanes.extend(autotask::current_lane());
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
            .filter(|id| !state.unseen.contains(*id))
            .filter_map(|id| Some(state.disguise(on, Self::half(on, id, side.get(id)?))))
            .collect();
        if let Some((system, id, field, value)) =
            state.after_read.take_if(|(system, ..)| *system == on)
        {
            state.edit(system, &id, field, value);
        }
        Ok(found)
    }

    /// `all:1,2` is about both things.
    async fn resolve(&self, _: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let about = |id: RecordId| match id.as_str().strip_prefix("all:") {
            Some(several) => several.split(',').map(RecordId::from).collect(),
            None => vec![id],
        };
        Ok(ids.into_iter().map(about).collect())
    }

    /// `of:Ann` is about all things of Ann's.
    async fn owners(&self, _: System, ids: &[RecordId]) -> Result<Vec<Option<Value>>, Failure> {
        let of = |id: &RecordId| id.as_str().strip_prefix("of:").map(Value::from);
        Ok(ids.iter().map(of).collect())
    }

    /// Those of the same name that are sought too.
    async fn counterpart(&self, on: System, half: &Half, _: &Facts) -> Result<Match, Failure> {
        self.comes_in().await;
        let state = self.state();
        let alike = |on: System| -> Vec<RecordId> {
            let side = match on {
                System::Autotask => &state.autotask,
                System::Jim2 => &state.jim2,
            };
            let is_it = |record: &Record| {
                record.facts.get("sought") == Some(&Value::Flag(true))
                    && record.fields.get("name") == half.fields.get("name")
            };
            let found = side.iter().filter(|(_, record)| is_it(record));
            found.map(|(id, _)| id.clone()).collect()
        };
        Ok(match (alike(on).len(), alike(on.other()).as_slice()) {
            (_, []) => Match::None,
            (1, [only]) => Match::One(only.clone()),
            _ => Match::Doubtful(Box::new(refusal())),
        })
    }

    async fn keeps(&self, _: &Half, _: &Shadow) -> Result<Option<Problem>, Failure> {
        Ok(self.state().is_worked_on.then(refusal))
    }

    async fn is_gone(&self, on: System, id: &RecordId) -> Result<bool, Failure> {
        Ok(!self.state().side(on).contains_key(id))
    }

    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        let state = self.state();
        match &state.waits_for {
            Some(key) => Err(Failure::wait_for(key.clone(), "it takes none any more")),
            None if state.is_ready => Err(ready()),
            None => Ok(act),
        }
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        self.comes_in().await;
        let mut state = self.state();
        let mut new = Vec::new();
        if state.waits_for.is_some() || state.is_ready {
            return Ok(new);
        }
        state.looks += 1;
        for act in creations {
            if state.made_by(act)?.is_empty() {
                new.push(act.clone());
            }
        }
        Ok(new)
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create { .. } = act else {
            return Ok(Vec::new());
        };
        self.comes_in().await;
        let mut state = self.state();
        state.looks += 1;
        state.made_by(act)
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        self.comes_in().await;
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
            Some(fault) => self.fail(fault, act).await,
        }
    }
}
