//! Reading both sides in as few calls as possible.

use std::collections::HashMap;

use autotask::{Company, ConfigurationItem, Contact, Entity, Ticket, TicketAttachment, TicketNote};
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
        let tickets: Vec<Ticket> = self.autotask.by_ids(ids, &self.udfs()).await?;
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
        let attached = self.attachments(&found).await?;
        let mut by_ticket: HashMap<i64, Vec<&TicketNote>> = HashMap::new();
        for note in &notes {
            if let Some(ticket) = note.ticket_id.get() {
                by_ticket.entry(*ticket).or_default().push(note);
            }
        }
        let half = |ticket: &Ticket| {
            let (own, link) = attached
                .as_ref()
                .map_or_else(Default::default, |attached| attached.of(ticket));
            let around = halves::Around {
                notes: by_ticket.get(&ticket.id).map_or(&[], Vec::as_slice),
                attachments: attached.as_ref().map(|_| (own.as_slice(), link.as_deref())),
                company: ticket.company_id.get().and_then(|id| companies.get(id)),
                contacts: &contacts,
                items: &items,
                billed: billed.get(&ticket.id).copied(),
            };
            halves::ticket(ticket, around, settings)
        };
        Ok(tickets.iter().map(half).collect())
    }

    /// The next tickets behind `after`, and nothing around them: one call.
    pub(super) async fn next_tickets(
        &self,
        after: Option<i64>,
        rows: usize,
    ) -> Result<Vec<Half>, autotask::Error> {
        let udfs = self.udfs();
        let tickets: Vec<Ticket> = self.autotask.next_ones(after, rows, &udfs).await?;
        let (contacts, items) = (HashMap::new(), HashMap::new());
        let around = halves::Around {
            notes: &[],
            attachments: None,
            company: None,
            contacts: &contacts,
            items: &items,
            billed: None,
        };
        let half = |ticket| halves::ticket(ticket, around, &self.settings);
        Ok(tickets.iter().map(half).collect())
    }

    fn udfs(&self) -> Vec<String> {
        let settings = &self.settings;
        names([
            &settings.job_no_udf,
            &settings.earlier_jobs_udf,
            &settings.invoice_no_udf,
        ])
    }

    /// What is attached to these tickets: one query for a batch, and none where the site wants no lists. Who may not read
    /// them gets no lists.
    async fn attachments(&self, tickets: &[i64]) -> Result<Option<Attached>, autotask::Error> {
        if self.settings.attachments_from.is_none() {
            return Ok(None);
        }
        let found = self.autotask.where_in("parentID", tickets, &[]).await;
        let all = match found {
            Err(autotask::Error::Forbidden { .. }) => return Ok(None),
            found => found?,
        };
        let address = match &self.settings.ticket_url {
            Some(chosen) => Some(chosen.clone()),
            None => self.autotask.web().await?.map(|web| format!("{web}{OPEN}")),
        };
        Ok(Some(Attached { all, address }))
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

/// What opens a ticket in Autotask's own screens, below the address of the zone's. It is in no stored help; integrations
/// use it in every zone.
const OPEN: &str =
    "Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID={id}";

/// What is attached to the tickets of a batch.
struct Attached {
    all: Vec<TicketAttachment>,
    /// Where tickets are looked at, with `{id}` or `{number}` in it.
    address: Option<String>,
}

impl Attached {
    /// What is attached to a ticket, and where it is looked at.
    fn of(&self, ticket: &Ticket) -> (Vec<&TicketAttachment>, Option<String>) {
        let all = self.all.iter();
        let own = all.filter(|one| one.parent_id.get() == Some(&ticket.id));
        let number = ticket.ticket_number.get().map_or("", String::as_str);
        let link = self.address.as_ref().map(|address| {
            let address = address.replace("{id}", &ticket.id.to_string());
            address.replace("{number}", number)
        });
        (own.collect(), link)
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
