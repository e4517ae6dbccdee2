//! Reads and writes of orders and their jobs. Every decision was made before.

mod billing;
mod reading;
mod writing;

use domain::{Failure, Key, Order, RecordId, System, Value};
use sync::{Act, Half, Hands, Malformed};

use crate::{KIND, OrderSettings, rules};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct OrderHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The site.
    pub settings: OrderSettings,
}

impl Hands for OrderHands {
    /// What shows in Autotask names a project, an invoice or a ticket: all orders that are for it.
    async fn owners(&self, on: System, ids: &[RecordId]) -> Result<Vec<Option<Value>>, Failure> {
        let owner = |id: &RecordId| rules::is_owner(id.as_str()).then(|| id.as_str().into());
        let owner = |id| owner(id).filter(|_| on == System::Autotask);
        Ok(ids.iter().map(owner).collect())
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        match on {
            System::Autotask => {
                let orders = ids.iter().filter_map(|id| Order::read(id.as_str()));
                let orders: Vec<Order> = orders.collect();
                let halves = self.orders(&orders).await;
                halves.map_err(|error| error.into_failure(&key))
            }
            System::Jim2 => {
                let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
                let halves = self.jobs(&numbers).await;
                halves.map_err(|error| error.into_failure(&key))
            }
        }
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        self.new_jobs(creations).await
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        self.jobs_named(act).await
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                on: System::Jim2,
                from,
                reference,
                fields,
                ..
            } => self.make_job(from, reference, fields).await.map(Some),
            Act::Update {
                on: System::Jim2,
                id,
                fields,
            } => self.change_job(id, fields).await.map(|()| None),
            Act::Refer {
                on: System::Jim2,
                id,
                to: Some(to),
                generation,
                ..
            } => self.refer_job(id, to, *generation).await.map(|()| None),
            // Autotask has no place for the job of an order, and neither half has children.
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
