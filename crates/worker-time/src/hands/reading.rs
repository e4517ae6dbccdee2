//! Reading in as few calls as possible: entries with their tickets, lines a job at a time.

use std::collections::BTreeSet;

use autotask::{Company, Filter, Query, Task, Ticket, TimeEntry};
use domain::Told;
use jim2::{Job, JobLabour};
use sync::Half;

use super::TimeHands;
use crate::halves::{self, About};

/// What is read of a ticket.
const TICKET_FIELDS: [&str; 7] = [
    "ticketNumber",
    "companyID",
    "queueID",
    "ticketType",
    "ticketCategory",
    "source",
    "contractID",
];

impl TimeHands {
    /// Entries, with what they are about: a call each for the entries, their tickets, the tickets' companies and,
    /// where there are any, the tasks.
    pub(super) async fn entries(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let entries: Vec<TimeEntry> = self.autotask.by_ids(ids, &[]).await?;
        let tickets: Vec<Ticket> = self
            .of(&entries, |entry| &entry.ticket_id, &TICKET_FIELDS)
            .await?;
        let tasks: Vec<Task> = self
            .of(&entries, |entry| &entry.task_id, &["projectID", "title"])
            .await?;
        let companies: Vec<i64> = told(tickets.iter().map(|ticket| &ticket.company_id));
        let opt_out = self.settings.opt_out_udf.as_ref();
        let companies: Vec<Company> = if companies.is_empty() {
            Vec::new()
        } else {
            let query = Query::of(Filter::is_in("id", companies))
                .only(&["companyType"])
                .udfs(opt_out.map_or(&[], std::slice::from_ref));
            self.autotask.query_all(&query).await?
        };
        let half = |entry: &TimeEntry| {
            let ticket = tickets
                .iter()
                .find(|ticket| entry.ticket_id == Told::Is(ticket.id));
            let company = ticket.and_then(|ticket| ticket.company_id.get());
            let about = About {
                ticket,
                task: tasks.iter().find(|task| entry.task_id == Told::Is(task.id)),
                company: companies.iter().find(|one| Some(&one.id) == company),
            };
            halves::entry(entry, about, &self.settings)
        };
        Ok(entries.iter().map(half).collect())
    }

    /// The records that entries refer to.
    async fn of<E: autotask::Entity>(
        &self,
        entries: &[TimeEntry],
        reference: fn(&TimeEntry) -> &Told<i64>,
        fields: &[&str],
    ) -> Result<Vec<E>, autotask::Error> {
        let ids = told(entries.iter().map(reference));
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::of(Filter::is_in("id", ids)).only(fields);
        self.autotask.query_all(&query).await
    }

    /// Lines by job and number: a call for all jobs, and one for the labour of each.
    pub(super) async fn lines(&self, wanted: &[(i64, i64)]) -> Result<Vec<Half>, jim2::Error> {
        let jobs = wanted.iter().map(|(job, _)| *job);
        let found = self.labour_of(jobs.collect()).await?;
        let half = |(job, lines): &(Job, Vec<JobLabour>)| {
            let lines = lines
                .iter()
                .filter(|line| wanted.contains(&(job.job_no, line.line_id)));
            lines
                .map(|line| halves::line(line, job, &self.settings))
                .collect::<Vec<_>>()
        };
        Ok(found.iter().flat_map(half).collect())
    }

    /// Jobs that are there, with all their labour.
    pub(super) async fn labour_of(
        &self,
        jobs: BTreeSet<i64>,
    ) -> Result<Vec<(Job, Vec<JobLabour>)>, jim2::Error> {
        let jobs: Vec<i64> = jobs.into_iter().collect();
        let mut found = Vec::new();
        for job in self.jim2.jobs(&jobs).await? {
            let lines = self.jim2.job_labour(job.job_no).await?;
            found.push((job, lines));
        }
        Ok(found)
    }
}

/// The ids that were told, each once.
fn told<'a>(ids: impl Iterator<Item = &'a Told<i64>>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.filter_map(Told::get).copied().collect();
    ids.into_iter().collect()
}
