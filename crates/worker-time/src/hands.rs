//! Reads and writes of time entries and lines of labour. Every decision was made before.

mod deleted;
mod draft;
mod looking;
mod reading;
mod writing;

use autotask::TimeEntry;
use domain::{Failure, Key, RecordId, System, Value};
use jim2::part_id;
use sync::{Act, Half, Hands, Malformed};

use crate::{KIND, TimeSettings};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct TimeHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The site.
    pub settings: TimeSettings,
}

impl Hands for TimeHands {
    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        match on {
            System::Autotask => {
                let ids: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
                let entries = self.entries(&ids).await;
                entries.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let ids = ids.iter().map(RecordId::as_str);
                let lines: Vec<(i64, i64)> = ids.filter_map(part_id::split).collect();
                let lines = self.lines(&lines).await;
                lines.map_err(|error| error.into_failure(&key))
            }
        }
    }

    async fn owners(&self, on: System, ids: &[RecordId]) -> Result<Vec<Option<Value>>, Failure> {
        match on {
            System::Autotask => self.owners_by_log(ids).await,
            System::Jim2 => Ok(vec![None; ids.len()]),
        }
    }

    /// An entry that a query does not show is asked for by its id, which a right that is missing does not hide.
    async fn is_gone(&self, on: System, id: &RecordId) -> Result<bool, Failure> {
        match (on, id.number()) {
            (System::Autotask, Some(number)) => {
                let found = self.autotask.get::<TimeEntry>(number).await;
                let key = Key::new(KIND, on, id.clone());
                Ok(found.map_err(|error| error.into_failure(&key))?.is_none())
            }
            (System::Autotask | System::Jim2, _) => {
                Ok(self.read(on, std::slice::from_ref(id)).await?.is_empty())
            }
        }
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        self.new_lines(creations).await
    }

    async fn prepare(&self, act: Act) -> Result<Act, Failure> {
        let Some(place) = looking::place(&act) else {
            return Ok(act);
        };
        let job = self.takes_labour(&place).await?;
        Ok(act.on_job_of(&job.date_out))
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        match looking::place(act) {
            Some(place) => self.lines_like(&place).await,
            None => Ok(Vec::new()),
        }
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create { .. } => self.add(act).await.map(Some),
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => self.change(id, fields).await.map(|()| None),
            // Nothing is written in Autotask, a line has no reference, and neither has children.
            Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
