//! Reads and writes of orders and their jobs. Every decision was made before.

mod reading;
mod writing;

use domain::{Failure, Key, Order, RecordId, System};
use sync::{Act, Half, Hands, Malformed};

use crate::KIND;

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct OrderHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
}

impl Hands for OrderHands {
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
