//! Reading both sides in as few calls as possible.

use std::collections::HashMap;

use autotask::{Company, ConfigurationItem, Contact, Entity, Ticket, TicketNote};
use domain::Told;
use jim2::JobComment;
use sync::Half;

use super::TicketHands;
use crate::halves;

impl TicketHands {
    /// Tickets and their notes. Companies and contacts cost a call more each: companies are asked for only by
    /// tickets that may have to get a job, contacts by those and by notes that customers wrote.
    pub(super) async fn tickets(&self, ids: &[i64]) -> Result<Vec<Half>, autotask::Error> {
        let settings = &self.settings;
        let udfs = names([
            &settings.job_no_udf,
            &settings.earlier_jobs_udf,
            &settings.invoice_no_udf,
        ]);
        let tickets: Vec<Ticket> = self.autotask.by_ids(ids, &udfs).await?;
        if tickets.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<i64> = tickets.iter().map(|ticket| ticket.id).collect();
        let notes: Vec<TicketNote> = self.autotask.where_in("ticketID", &found, &[]).await?;
        let new: Vec<&Ticket> = tickets
            .iter()
            .filter(|ticket| !matches!(ticket.udf(&settings.job_no_udf), Told::Is(_)))
            .collect();
        let companies: HashMap<i64, Company> = self
            .related(
                new.iter().map(|ticket| &ticket.company_id),
                &names([&settings.opt_out_udf]),
            )
            .await?;
        let authors = notes.iter().map(|note| &note.created_by_contact_id);
        let contacts: HashMap<i64, Contact> = self
            .related(
                new.iter().map(|ticket| &ticket.contact_id).chain(authors),
                &[],
            )
            .await?;
        let items = self.things(&new).await?;
        let billed = self.billed(&tickets).await?;
        let mut by_ticket: HashMap<i64, Vec<&TicketNote>> = HashMap::new();
        for note in &notes {
            if let Some(ticket) = note.ticket_id.get() {
                by_ticket.entry(*ticket).or_default().push(note);
            }
        }
        let half = |ticket: &Ticket| {
            let around = halves::Around {
                notes: by_ticket.get(&ticket.id).map_or(&[], Vec::as_slice),
                company: ticket.company_id.get().and_then(|id| companies.get(id)),
                contacts: &contacts,
                items: &items,
                billed: billed.get(&ticket.id).copied(),
            };
            halves::ticket(ticket, around, settings)
        };
        Ok(tickets.iter().map(half).collect())
    }

    /// What tickets that may have to get a job are about. Who may not read it gets jobs without serial numbers.
    async fn things(
        &self,
        tickets: &[&Ticket],
    ) -> Result<HashMap<i64, ConfigurationItem>, autotask::Error> {
        let ids = tickets.iter().map(|ticket| &ticket.configuration_item_id);
        match self.related(ids, &[]).await {
            Err(autotask::Error::Forbidden { .. }) => Ok(HashMap::new()),
            found => found,
        }
    }

    /// The records of these ids, where there are any.
    async fn related<'a, E: Entity>(
        &self,
        ids: impl Iterator<Item = &'a Told<i64>>,
        udfs: &[String],
    ) -> Result<HashMap<i64, E>, autotask::Error> {
        let ids: Vec<i64> = ids.filter_map(|id| id.get().copied()).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found: Vec<E> = self.autotask.by_ids(&ids, udfs).await?;
        Ok(found
            .into_iter()
            .map(|record| (record.id(), record))
            .collect())
    }

    /// Jobs and their comments.
    pub(super) async fn jobs(&self, numbers: &[i64]) -> Result<Vec<Half>, jim2::Error> {
        let jobs = self.jim2.jobs(numbers).await?;
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<i64> = jobs.iter().map(|job| job.job_no).collect();
        let comments = self.jim2.job_comments(&found).await?;
        let half = |job: &jim2::Job| {
            let own: Vec<&JobComment> = comments
                .iter()
                .filter(|line| line.job_no == job.job_no)
                .collect();
            halves::job(job, &own, &self.settings)
        };
        let mut halves: Vec<Half> = jobs.iter().map(half).collect();
        for (job, half) in jobs.iter().zip(&mut halves) {
            self.tell_labour(job, half).await?;
        }
        Ok(halves)
    }

    /// Jim2 can copy what people say of their labour into the comments, where nothing tells it from what they wrote
    /// there; so a job with lines and with comments that may travel costs one more call.
    async fn tell_labour(&self, job: &jim2::Job, half: &mut Half) -> Result<(), jim2::Error> {
        let has_lines = job.line_count != Told::Is(0);
        if has_lines && half.children.iter().any(halves::says_something) {
            let labour = self.jim2.labour_comments(job.job_no).await?;
            halves::tell_labour(half, &labour);
        }
        Ok(())
    }
}

/// The names of user-defined fields that this site has.
fn names<const N: usize>(names: [&String; N]) -> Vec<String> {
    names
        .into_iter()
        .filter(|name| !name.is_empty())
        .cloned()
        .collect()
}
