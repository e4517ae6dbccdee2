//! What people call companies, tickets, projects and invoices.

use std::collections::{BTreeSet, HashMap};

use autotask::{Entity, Project, Ticket};
use worker_billing::{Period, tieout::Row};

use super::{Gather, told_by_autotask};

/// Names by id.
#[derive(Debug, Default)]
pub(crate) struct Names {
    companies: HashMap<i64, String>,
    tickets: HashMap<i64, (String, String)>,
    projects: HashMap<i64, String>,
    invoices: HashMap<i64, String>,
    owners: HashMap<i64, Owner>,
}

/// Whose job it is, where no item says so.
#[derive(Debug, Clone, Default)]
pub(crate) struct Owner {
    /// The company in Autotask.
    pub(super) company: Option<i64>,
    /// Its name, or the card in Jim2.
    pub(super) name: String,
    /// The job's own reference.
    pub(super) reference: String,
}

impl Gather<'_> {
    /// The names of what the items of a period hang on: a call for tickets and one for projects.
    pub(crate) async fn names(&self, period: &Period) -> anyhow::Result<Names> {
        let tickets = self.named::<Ticket>(period.posted.iter().filter_map(|item| item.ticket));
        let tickets = tickets.await?.into_iter().map(|ticket| {
            let number = ticket.ticket_number.get().cloned().unwrap_or_default();
            let title = ticket.title.get().cloned().unwrap_or_default();
            (ticket.id, (number, title))
        });
        let projects = self.named::<Project>(period.posted.iter().filter_map(|item| item.project));
        let projects = projects
            .await?
            .into_iter()
            .filter_map(|project| Some((project.id, project.project_name.get()?.clone())));
        let companies = period.companies.values();
        let invoices = period.invoices.values();
        Ok(Names {
            tickets: tickets.collect(),
            projects: projects.collect(),
            companies: companies
                .filter_map(|company| Some((company.id, company.company_name.get()?.clone())))
                .collect(),
            invoices: invoices
                .filter_map(|invoice| Some((invoice.id, invoice.invoice_number.get()?.clone())))
                .collect(),
            owners: HashMap::new(),
        })
    }

    async fn named<E: Entity>(&self, ids: impl Iterator<Item = i64>) -> anyhow::Result<Vec<E>> {
        let ids: BTreeSet<i64> = ids.collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        told_by_autotask(self.hands.autotask.by_ids(&ids, &[]).await)
    }
}

impl Names {
    /// The numbers of the tickets.
    pub(super) fn ticket_numbers(&self) -> impl Iterator<Item = String> {
        let numbers = self.tickets.values().map(|(number, _)| number.clone());
        numbers.filter(|number| !number.is_empty())
    }

    /// Takes note of whose the jobs are that no item names.
    pub(crate) fn take_owners(&mut self, owners: HashMap<i64, Owner>) {
        self.owners = owners;
    }

    fn owner(&self, row: &Row) -> Option<&Owner> {
        self.owners.get(&row.line.as_ref()?.job)
    }

    /// Whether a line without an item is on a job of one of these companies.
    pub(crate) fn owner_is_one_of(&self, row: &Row, companies: &[i64]) -> bool {
        let company = self.owner(row).and_then(|owner| owner.company);
        company.is_some_and(|company| companies.contains(&company))
    }

    /// The company that a row is about.
    pub(crate) fn company(&self, row: &Row) -> String {
        let Some(item) = &row.posted else {
            return self
                .owner(row)
                .map_or_else(String::new, |owner| owner.name.clone());
        };
        let name = item.company.and_then(|id| self.companies.get(&id)).cloned();
        name.or_else(|| item.company.map(|id| format!("company {id}")))
            .unwrap_or_else(|| "no company".to_owned())
    }

    /// The ticket, project or invoice that a row is about.
    pub(crate) fn place(&self, row: &Row) -> String {
        let Some(item) = &row.posted else {
            let job = row.line.as_ref().map(|line| line.job).unwrap_or_default();
            let reference = self.owner(row).map_or("", |owner| &owner.reference);
            return format!("job {job} {reference}").trim_end().to_owned();
        };
        if let Some(id) = item.ticket {
            let (number, title) = self.tickets.get(&id).cloned().unwrap_or_default();
            let number = if number.is_empty() {
                id.to_string()
            } else {
                number
            };
            return format!("ticket {number} {title}").trim_end().to_owned();
        }
        if let Some(id) = item.project {
            let name = self.projects.get(&id).cloned();
            return format!("project {}", name.unwrap_or_else(|| id.to_string()));
        }
        match item.invoice {
            Some(id) => {
                let number = self.invoices.get(&id).filter(|number| !number.is_empty());
                let number = number.cloned().unwrap_or_else(|| id.to_string());
                format!("Autotask invoice {number}")
            }
            None => "not invoiced in Autotask yet".to_owned(),
        }
    }
}
