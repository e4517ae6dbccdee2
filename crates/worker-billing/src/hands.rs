//! Reads and writes of billing items and stock lines. Nothing is decided here.

mod against;
mod looking;
mod meant;
mod period;
mod reading;
mod seen;
mod writing;

use domain::{Failure, Key, RecordId, System};
use jim2::part_id;
use sync::{Act, Half, Hands, Malformed};

pub use self::period::Period;
use crate::{BillingSettings, KIND, source::Source};

/// The reads and writes of billing.
#[derive(Debug, Clone)]
pub struct BillingHands {
    /// The caller of Autotask.
    pub autotask: autotask::Client,
    /// The caller of Jim2.
    pub jim2: jim2::Client,
    /// What the site wants.
    pub settings: BillingSettings,
}

impl Hands for BillingHands {
    /// Billing items become their sources, an invoice all that it bills; a line stays a line.
    async fn resolve(&self, on: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let own_line = |id: RecordId| Vec::from_iter(line_of(&id).map(|_| id));
        match on {
            System::Jim2 => Ok(ids.into_iter().map(own_line).collect()),
            System::Autotask => self.sources_of(ids).await,
        }
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        match on {
            System::Autotask => {
                let sources: Vec<Source> = ids.iter().filter_map(Source::read).collect();
                self.items(&sources).await.map_err(autotask(key))
            }
            System::Jim2 => {
                let lines: Vec<(i64, i64)> = ids.iter().filter_map(line_of).collect();
                self.lines(&lines).await.map_err(jim2(key))
            }
        }
    }

    /// Not to be seen may mean that we lost a permission: the source itself is asked for, and only one that is not there any
    /// more is gone.
    async fn is_gone(&self, on: System, id: &RecordId) -> Result<bool, Failure> {
        match on {
            System::Autotask => self.is_source_gone(id).await,
            System::Jim2 => Ok(self.read(on, std::slice::from_ref(id)).await?.is_empty()),
        }
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        self.new_lines(creations).await
    }

    /// What only Jim2 can tell of a new line: who pays for the job, how the stock code is taxed, what is on the job.
    async fn prepare(&self, mut act: Act) -> Result<Act, Failure> {
        self.name_stock(&mut act).await?;
        self.look_around(act).await
    }

    /// The lines of the meant job that name the source.
    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.lines_of(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                fields,
                ..
            } => self.add_line(from, fields).await.map(Some),
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => self.change_line(id, fields).await.map(|()| None),
            Act::Refer {
                on: System::Autotask,
                id,
                to: Some(to),
                knowing,
                ..
            } => self.mark_carried(id, to, knowing).await.map(|()| None),
            // Nothing else is planned: a line refers to its source by its mark, from the beginning.
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

/// Job and line of `5001-2`.
fn line_of(id: &RecordId) -> Option<(i64, i64)> {
    part_id::split(id.as_str())
}

fn autotask(key: Key) -> impl FnOnce(autotask::Error) -> Failure {
    move |error| error.into_failure(&key)
}

fn jim2(key: Key) -> impl FnOnce(jim2::Error) -> Failure {
    move |error| error.into_failure(&key)
}

#[cfg(test)]
pub(crate) mod tests;
