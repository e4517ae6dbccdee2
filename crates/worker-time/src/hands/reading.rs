//! Reading in as few calls as possible: entries with their tickets, lines a job at a time.

use std::collections::BTreeSet;

use autotask::{Company, Contract, Entity, Filter, Project, Query, Task, Ticket, TimeEntry};
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

/// What is read of a project.
const PROJECT_FIELDS: [&str; 2] = ["companyID", "contractID"];

/// What is read of a company beside the opt-out.
const COMPANY_FIELDS: [&str; 3] = [
    "companyType",
    "parentCompanyID",
    "invoiceNonContractItemsToParentCompany",
];

impl TimeHands {
    /// Entries, with what they are about: a call each for the entries, their tickets and the companies, and one more for
    /// tasks, their projects and contracts, where there are any.
    pub(super) async fn entries(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let entries: Vec<TimeEntry> = self.autotask.by_ids(ids, &[]).await?;
        let tickets = told(entries.iter().map(|entry| &entry.ticket_id));
        let tickets: Vec<Ticket> = self.some(tickets, &TICKET_FIELDS, &[]).await?;
        let tasks = told(entries.iter().map(|entry| &entry.task_id));
        let tasks: Vec<Task> = self.some(tasks, &["projectID", "title"], &[]).await?;
        let projects = told(tasks.iter().map(|task| &task.project_id));
        let projects: Vec<Project> = self.some(projects, &PROJECT_FIELDS, &[]).await?;
        let own = projects.iter().map(|project| &project.contract_id);
        let of_tasks = entries.iter().filter(|entry| entry.task_id.get().is_some());
        let contracts = told(of_tasks.map(|entry| &entry.contract_id).chain(own));
        let contracts: Vec<Contract> = self.some(contracts, &["billToCompanyID"], &[]).await?;
        let customers = tickets.iter().map(|ticket| &ticket.company_id);
        let customers = customers.chain(projects.iter().map(|project| &project.company_id));
        let udfs = self.settings.opt_out_udf.as_ref();
        let udfs = udfs.map_or(&[][..], std::slice::from_ref);
        let companies: Vec<Company> = self.some(told(customers), &COMPANY_FIELDS, udfs).await?;
        let half = |entry: &TimeEntry| {
            let ticket = named(&tickets, &entry.ticket_id);
            let task = named(&tasks, &entry.task_id);
            let project = task.and_then(|task| named(&projects, &task.project_id));
            let company = ticket.map(|ticket| &ticket.company_id);
            let company = company.or_else(|| project.map(|project| &project.company_id));
            let own = project.and_then(|project| named(&contracts, &project.contract_id));
            let about = About {
                ticket,
                task,
                project,
                contract: named(&contracts, &entry.contract_id).or(own),
                company: company.and_then(|company| named(&companies, company)),
            };
            halves::entry(entry, about, &self.settings)
        };
        Ok(entries.iter().map(half).collect())
    }

    /// Some fields of these records; none asked for is no call.
    pub(super) async fn some<E: Entity>(
        &self,
        ids: Vec<i64>,
        fields: &[&str],
        udfs: &[String],
    ) -> Result<Vec<E>, autotask::Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::of(Filter::is_in("id", ids)).only(fields).udfs(udfs);
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

/// The record of this id.
fn named<'a, E: Entity>(all: &'a [E], id: &Told<i64>) -> Option<&'a E> {
    let id = id.get()?;
    all.iter().find(|one| one.id() == *id)
}

/// The ids that were told, each once.
fn told<'a>(ids: impl Iterator<Item = &'a Told<i64>>) -> Vec<i64> {
    let ids: BTreeSet<i64> = ids.filter_map(Told::get).copied().collect();
    ids.into_iter().collect()
}
