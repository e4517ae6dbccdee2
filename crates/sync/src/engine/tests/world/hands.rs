//! The engine's hands on the world: what it reads, finds and writes.

use domain::{Failure, Problem, RecordId, System, Value};

use super::{Record, World, child, refusal, seconds};
use crate::{Act, Half, Hands, Pointer, Shadow};

impl World {
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

    pub(super) fn write(&self, act: &Act) -> Option<RecordId> {
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
            Some(fault) => self.fail(fault, act).await,
        }
    }
}
