//! Reads and writes of tickets, jobs, notes and comments. Every decision was made before.

mod autotask_acts;
mod billing;
mod jim2_acts;
mod leaving;
mod looking;
mod problem;
mod reading;
mod refused;

use autotask::{Filter, Query, Resource, Ticket, TicketNote};
use domain::{Failure, Key, Problem, RecordId, System, Value};
use sync::{Act, Fields, Half, Hands, Malformed, Shadow};

use self::{
    looking::Sought,
    problem::{made_before, written_on},
};
use crate::{
    KIND, TicketSettings,
    rules::{RESOURCE, ROLE},
};

/// The hands of this kind.
#[derive(Debug, Clone)]
pub struct TicketHands {
    /// Autotask.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The site.
    pub settings: TicketSettings,
}

impl Hands for TicketHands {
    async fn resolve(&self, on: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        match on {
            System::Jim2 => Ok(ids.iter().map(|id| Vec::from_iter(job_of(id))).collect()),
            System::Autotask => self.tickets_of(ids).await,
        }
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        let Some(first) = ids.first().filter(|_| !numbers.is_empty()) else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on, first.clone());
        match on {
            System::Autotask => self
                .tickets(&numbers)
                .await
                .map_err(|error| error.into_failure(&key)),
            System::Jim2 => self
                .jobs(&numbers)
                .await
                .map_err(|error| error.into_failure(&key)),
        }
    }

    async fn list(&self, after: Option<i64>, rows: usize) -> Result<Option<Vec<Half>>, Failure> {
        let key = Key::new(KIND, System::Autotask, after.unwrap_or_default());
        let tickets = self.next_tickets(after, rows).await;
        tickets.map(Some).map_err(|error| error.into_failure(&key))
    }

    async fn locate(
        &self,
        on: System,
        names: &[RecordId],
    ) -> Result<Vec<(RecordId, RecordId)>, Failure> {
        let Some(first) = names.first().filter(|_| on == System::Autotask) else {
            return Ok(Vec::new());
        };
        let numbers: Vec<&str> = names.iter().map(RecordId::as_str).collect();
        let query = Query::of(Filter::is_in("ticketNumber", numbers)).only(&["ticketNumber"]);
        let found: Vec<Ticket> = self
            .autotask
            .query_all(&query)
            .await
            .map_err(|error| error.into_failure(&Key::new(KIND, on, first.clone())))?;
        Ok(found
            .into_iter()
            .filter_map(|ticket| {
                Some((
                    ticket.ticket_number.get()?.as_str().into(),
                    ticket.id.into(),
                ))
            })
            .collect())
    }

    /// What the other side may have already is a person's to look at: a ticket that names the job, or a job on which
    /// somebody wrote the ticket's number. The role of a new ticket's resource is filled in, as Autotask takes neither
    /// without the other.
    async fn prepare(&self, mut act: Act) -> Result<Act, Failure> {
        if let Some(job) = Sought::of(&act) {
            let found = self.jobs_about(&job).await;
            let found = found.map_err(|error| error.into_failure(&job.ticket()))?;
            if !found.is_empty() {
                return Err(written_on(&job.ticket(), job.number(), &found));
            }
        }
        if let Act::Create {
            on: System::Autotask,
            from,
            reference,
            fields,
            ..
        } = &mut act
        {
            let key = Key::new(KIND, System::Jim2, from.clone());
            let made = self.tickets_naming(reference).await;
            let made = made.map_err(|error| error.into_failure(&key))?;
            if let Some(ticket) = made.first() {
                return Err(made_before(&key, ticket));
            }
            self.fill_in_role(&key, fields).await?;
        }
        Ok(act)
    }

    async fn keeps(&self, jim2: &Half, shadow: &Shadow) -> Result<Option<Problem>, Failure> {
        self.speaks_against_leaving(jim2, shadow.company.as_ref())
            .await
    }

    async fn surely_new(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        let jobs: Vec<_> = creations
            .iter()
            .filter_map(|act| Some((act, Sought::of(act)?)))
            .collect();
        let Some((_, first)) = jobs.first() else {
            return Ok(Vec::new());
        };
        let new = self.new_jobs(&jobs).await;
        new.map_err(|error| error.into_failure(&first.ticket()))
    }

    async fn find(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Act::Create {
            on,
            from,
            reference,
            ..
        } = act
        else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, on.other(), from.clone());
        match Sought::of(act) {
            Some(job) => self
                .jobs_named(&job)
                .await
                .map_err(|error| error.into_failure(&key)),
            None => self
                .tickets_naming(reference)
                .await
                .map_err(|error| error.into_failure(&key)),
        }
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act.on() {
            System::Autotask => self.perform_on_autotask(act).await,
            System::Jim2 => self.perform_on_jim2(act).await,
        }
    }
}

impl TicketHands {
    /// Fills in the role of a resource that is to be assigned. One without a role is not assigned.
    pub(super) async fn fill_in_role(&self, key: &Key, fields: &mut Fields) -> Result<(), Failure> {
        let Some(resource) = lacks_role(fields) else {
            return Ok(());
        };
        let found = self.autotask.get::<Resource>(resource).await;
        let found = found.map_err(|error| error.into_failure(key))?;
        let role = found.and_then(|found| found.default_service_desk_role_id.get().copied());
        if let Some(role) = role {
            let assignee = Value::parts([(RESOURCE, resource.into()), (ROLE, role.into())]);
            fields.insert("assignee".to_owned(), assignee);
        } else {
            tracing::warn!(
                resource,
                "nobody is assigned: the resource has no service desk role"
            );
            fields.remove("assignee");
        }
        Ok(())
    }

    /// The tickets that events name, those of notes by one query.
    async fn tickets_of(&self, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let wanted: Vec<i64> = ids.iter().filter_map(note_number).collect();
        let mut tickets = std::collections::HashMap::new();
        if let Some(first) = wanted.first() {
            let key = Key::new(
                KIND,
                System::Autotask,
                RecordId::from(format!("note:{first}")),
            );
            let query = Query::of(Filter::is_in("id", wanted)).only(&["ticketID"]);
            let notes: Vec<TicketNote> = self
                .autotask
                .query_all(&query)
                .await
                .map_err(|error| error.into_failure(&key))?;
            tickets.extend(
                notes
                    .iter()
                    .filter_map(|note| Some((note.id, *note.ticket_id.get()?))),
            );
        }
        let resolve = |id: RecordId| match note_number(&id) {
            Some(note) => tickets.get(&note).map(|ticket| RecordId::from(*ticket)),
            None => Some(id),
        };
        let resolve = |id| Vec::from_iter(resolve(id));
        Ok(ids.into_iter().map(resolve).collect())
    }
}

fn note_number(id: &RecordId) -> Option<i64> {
    id.as_str().strip_prefix("note:")?.parse().ok()
}

/// The job that `5001` or, as comments and lines are named, `5001-2` is about.
fn job_of(id: &RecordId) -> Option<RecordId> {
    let job = id.as_str().split('-').next()?;
    job.parse::<i64>().ok().map(RecordId::from)
}

/// The resource that is to be assigned and has no role yet.
fn lacks_role(fields: &Fields) -> Option<i64> {
    let assignee = fields.get("assignee")?;
    let role = assignee.part(ROLE).filter(|role| !role.is_empty());
    if role.is_some() {
        return None;
    }
    assignee.part(RESOURCE)?.as_number()
}

#[cfg(test)]
mod tests;
