//! Reading in as few calls as possible, and looking for a job that is there already.

use std::collections::BTreeSet;

use autotask::{Entity, Invoice, Project, Ticket};
use domain::{Failure, Key, Order, OrderFor, RecordId, System};
use jim2::Job;
use sync::{Act, Half};

use super::OrderHands;
use crate::{
    KIND,
    halves::{self, Source},
};

impl OrderHands {
    /// Orders with what they are for: a call for all projects, one for all invoices, one for all tickets. An order whose
    /// project, invoice or ticket is not there is left out.
    pub(super) async fn orders(&self, orders: &[Order]) -> Result<Vec<Half>, autotask::Error> {
        let projects: Vec<Project> = self.all(orders, OrderFor::Project).await?;
        let invoices: Vec<Invoice> = self.all(orders, OrderFor::Invoice).await?;
        let tickets: Vec<Ticket> = self.all(orders, OrderFor::Ticket).await?;
        let source = |order: &Order| {
            let source = match order.of {
                OrderFor::Project => Source::Project(of(&projects, order.id)?),
                OrderFor::Invoice => Source::Invoice(of(&invoices, order.id)?),
                OrderFor::Ticket => Source::Ticket(of(&tickets, order.id)?),
            };
            Some((*order, source))
        };
        let found: Vec<(Order, Source<'_>)> = orders.iter().filter_map(source).collect();
        let done = found.iter().filter(|(_, source)| source.is_completed());
        let done: Vec<Order> = done.map(|(order, _)| *order).collect();
        let billed = self.billed(&done).await?;
        let half = |(order, source): (Order, Source<'_>)| {
            halves::order(order, source, billed.get(&order).copied())
        };
        Ok(found.into_iter().map(half).collect())
    }

    /// What orders of one sort are for; none asked for is no call.
    async fn all<E: Entity>(
        &self,
        orders: &[Order],
        of: OrderFor,
    ) -> Result<Vec<E>, autotask::Error> {
        let ids = orders.iter().filter(|order| order.of == of);
        let ids: BTreeSet<i64> = ids.map(|order| order.id).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        self.autotask.by_ids(&ids, &[]).await
    }

    /// Jobs, a call for all of them.
    pub(super) async fn jobs(&self, numbers: &[i64]) -> Result<Vec<Half>, jim2::Error> {
        let jobs = self.jim2.jobs(numbers).await?;
        Ok(jobs.iter().map(halves::job).collect())
    }

    /// The jobs that carry the reference of the job to be made.
    pub(super) async fn jobs_named(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Some((key, reference)) = sought(act) else {
            return Ok(Vec::new());
        };
        let name = [order_of(reference).to_owned()];
        let jobs = self.jim2.jobs_by_ref(&name).await;
        let jobs = jobs.map_err(|error| error.into_failure(&key))?;
        let named = jobs.iter().filter(|job| is_named(job, reference));
        Ok(named.map(|job| job.job_no.into()).collect())
    }

    /// Of jobs to be made, those that are surely not there: a call for all of them.
    pub(super) async fn new_jobs(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        let sought: Vec<_> = creations
            .iter()
            .filter_map(|act| Some((act, sought(act)?)))
            .collect();
        let Some((_, (key, _))) = sought.first() else {
            return Ok(Vec::new());
        };
        let names = sought
            .iter()
            .map(|(_, (_, name))| order_of(name).to_owned());
        let jobs = self.jim2.jobs_by_ref(&names.collect::<Vec<_>>()).await;
        let jobs = jobs.map_err(|error| error.into_failure(key))?;
        let is_new = |reference: &str| !jobs.iter().any(|job| is_named(job, reference));
        let new = sought.iter().filter(|(_, (_, name))| is_new(name));
        Ok(new.map(|(act, _)| (*act).clone()).collect())
    }
}

fn of<E: Entity>(all: &[E], id: i64) -> Option<&E> {
    all.iter().find(|one| one.id() == id)
}

/// The job that an act makes, by the order it is for and its reference.
fn sought(act: &Act) -> Option<(Key, &str)> {
    match act {
        Act::Create {
            on: System::Jim2,
            from,
            reference,
            ..
        } => Some((Key::new(KIND, System::Autotask, from.clone()), reference)),
        Act::Create { .. }
        | Act::Update { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => None,
    }
}

fn order_of(reference: &str) -> &str {
    reference.split('/').next().unwrap_or(reference)
}

fn is_named(job: &Job, reference: &str) -> bool {
    let our_ref = job.our_ref.get();
    our_ref.is_some_and(|our_ref| our_ref.trim().eq_ignore_ascii_case(reference))
}
