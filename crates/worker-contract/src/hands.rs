//! Reads and writes of contracts and projects. Every decision was made before.

mod draft;
mod looking;
mod reading;
mod refused;

use autotask::Contract;
use domain::{Failure, Key, RecordId, System, Value};
use sync::{Act, Facts, Fields, Half, Hands, Malformed, Match};

use crate::{ContractSettings, KIND};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct ContractHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The site.
    pub settings: ContractSettings,
}

impl Hands for ContractHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        match on {
            System::Autotask => {
                let contracts = self.contracts(&numbers).await;
                contracts.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let projects = self.projects(&numbers).await;
                projects.map_err(|error| error.into_failure(&key))
            }
        }
    }

    async fn counterpart(&self, on: System, half: &Half, facts: &Facts) -> Result<Match, Failure> {
        match on {
            System::Autotask => self.project_of(half, facts).await,
            System::Jim2 => self.contract_of(half, facts).await,
        }
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                fields,
                ..
            } => self.projects_like(from, fields).await,
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(Vec::new()),
        }
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                fields,
                ..
            } => self.make(from, fields).await.map(Some),
            Act::Update { on, id, fields } => self.change(*on, id, fields).await.map(|()| None),
            // No contract is made in Autotask, neither has a field for the other, and neither has children.
            Act::Create { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl ContractHands {
    async fn make(&self, from: &RecordId, fields: &Fields) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, System::Autotask, from.clone());
        let project = draft::new_project(fields)
            .ok_or_else(|| Failure::retry(Malformed("a project without a customer")))?;
        let made = self.jim2.create_project(&project).await;
        let made = made.map_err(|error| refused::failure(error, &key, fields))?;
        Ok(made.into())
    }

    async fn change(&self, on: System, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let key = Key::new(KIND, on, id.clone());
        let number = id
            .number()
            .ok_or_else(|| Failure::retry(Malformed("a number that is none")))?;
        match on {
            System::Jim2 => {
                let changes = draft::project(fields);
                if changes.is_empty() {
                    return Ok(());
                }
                let written = self.jim2.update_project(number, &changes).await;
                written.map_err(|error| refused::failure(error, &key, fields))
            }
            System::Autotask => {
                let draft = draft::contract(fields);
                if draft.is_empty() {
                    return Ok(());
                }
                let written = self.autotask.update::<Contract>((), number, &draft).await;
                written.map_err(|error| error.into_failure(&key))
            }
        }
    }
}

/// A number of a plan's fields.
fn number(fields: &Fields, name: &str) -> Option<i64> {
    fields.get(name).and_then(Value::as_number)
}

#[cfg(test)]
mod tests;
