//! Reading: items by their sources, one query a column; lines by their jobs.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use autotask::{
    BillingItem, Client, Company, Contract, Entity, Error, Invoice, Project, Ticket, TicketCharge,
    TimeEntry,
};
use domain::{Failure, Key, RecordId, System, Told};
use rust_decimal::Decimal;
use sync::Half;

use super::{BillingHands, autotask};
use crate::{
    INVOICE, KIND,
    halves::{self, Around},
    source::{Place, Source, source_of},
    totals::{Invoiced, unattached},
};

/// The words of the sources that say themselves whether they are billed.
const CHARGE: &str = "ticket-charge";
const TIME: &str = "time-entry";

/// The column of a source, and the ids that are wanted.
type Wanted = BTreeMap<&'static str, BTreeSet<i64>>;

/// What hangs around the items of a batch, by id.
#[derive(Default)]
pub(super) struct Known {
    pub(super) companies: HashMap<i64, Company>,
    contracts: HashMap<i64, Contract>,
    pub(super) invoices: HashMap<i64, Invoice>,
    charges: HashMap<i64, TicketCharge>,
    entries: HashMap<i64, TimeEntry>,
    /// What hangs on each invoice by now, without GST.
    attached: HashMap<i64, Vec<Decimal>>,
    /// Tickets and projects of items that name a purchase order.
    tickets: HashMap<i64, Ticket>,
    projects: HashMap<i64, Project>,
}

impl BillingHands {
    /// The sources of billing items, and of all that is on invoices; an id that is a source already stays, an item that is
    /// gone is none. An invoice to which something is still to be attached stays as well: no such record is ever found,
    /// so that it is looked at again (rule 9).
    pub(super) async fn sources_of(
        &self,
        ids: Vec<RecordId>,
    ) -> Result<Vec<Vec<RecordId>>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let key = Key::new(KIND, System::Autotask, first.clone());
        let numbers = ids.iter().filter_map(RecordId::number);
        let items = by_id::<BillingItem>(&self.autotask, numbers).await;
        let items = items.map_err(autotask(key.clone()))?;
        let invoices: Vec<i64> = ids.iter().filter_map(invoice_of).collect();
        let on_invoices = self.on_invoices(&invoices).await.map_err(autotask(key))?;
        let sources = |id: RecordId| match (id.number(), invoice_of(&id)) {
            (Some(number), _) => {
                let source = items.get(&number).and_then(source_of);
                Vec::from_iter(source.map(Source::record_id))
            }
            (None, Some(invoice)) => on_invoices.get(&invoice).cloned().unwrap_or_default(),
            (None, None) => Vec::from_iter(Source::read(&id).map(Source::record_id)),
        };
        Ok(ids.into_iter().map(sources).collect())
    }

    /// What is to be looked at because of each invoice.
    pub(crate) async fn on_invoices(
        &self,
        ids: &[i64],
    ) -> Result<HashMap<i64, Vec<RecordId>>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let invoices = by_id::<Invoice>(&self.autotask, ids.iter().copied()).await?;
        let items: Vec<BillingItem> = self.autotask.where_in("invoiceID", ids, &[]).await?;
        let sources = |invoice: &Invoice| {
            let own = items
                .iter()
                .filter(|item| item.invoice_id == Told::Is(invoice.id));
            let nets = own.clone().filter_map(|item| item.extended_price.get());
            // Nothing comes to one that was voided.
            let is_half = invoice.is_voided.get() != Some(&true)
                && missing(invoice, &nets.copied().collect::<Vec<_>>()).is_some();
            let own = own.filter_map(source_of).map(Source::record_id);
            let again = is_half.then(|| RecordId::from(format!("{INVOICE}{}", invoice.id)));
            own.chain(again).collect()
        };
        Ok(invoices
            .values()
            .map(|invoice| (invoice.id, sources(invoice)))
            .collect())
    }

    /// Whether a source is not there any more. Of those that cannot be deleted none is.
    pub(super) async fn is_source_gone(&self, id: &RecordId) -> Result<bool, Failure> {
        let key = Key::new(KIND, System::Autotask, id.clone());
        let Some(source) = Source::read(id) else {
            return Ok(false);
        };
        let is_gone = match source.kind.word {
            CHARGE => is_none::<TicketCharge>(&self.autotask, source.id).await,
            TIME => is_none::<TimeEntry>(&self.autotask, source.id).await,
            _ => Ok(false),
        };
        is_gone.map_err(autotask(key))
    }

    /// The items of these sources as they are now.
    pub(crate) async fn items(&self, sources: &[Source]) -> Result<Vec<Half>, Error> {
        let found = self.items_of(sources).await?;
        let known = self.around(&found, sources).await?;
        let half = |source: &Source| {
            let mut own = found.iter().filter(|item| source_of(item) == Some(*source));
            match own.next() {
                Some(item) => {
                    let around = known.of(item, own.count() + 1);
                    Some(halves::item(*source, item, around))
                }
                None => known.taken_back(*source),
            }
        };
        Ok(sources.iter().filter_map(half).collect())
    }

    /// What stands posted for these sources, each item once: a call a kind of source.
    pub(crate) async fn items_of(&self, sources: &[Source]) -> Result<Vec<BillingItem>, Error> {
        let mut wanted = Wanted::new();
        for source in sources {
            wanted
                .entry(source.kind.column)
                .or_default()
                .insert(source.id);
        }
        let mut found: Vec<BillingItem> = Vec::new();
        for (column, ids) in wanted {
            let ids: Vec<i64> = ids.into_iter().collect();
            let items: Vec<BillingItem> = self.autotask.where_in(column, &ids, &[]).await?;
            found.extend(items);
        }
        found.sort_by_key(|item| item.id);
        found.dedup_by_key(|item| item.id);
        Ok(found)
    }

    /// What planning needs beside the items, a call for each kind of record.
    pub(super) async fn around(
        &self,
        items: &[BillingItem],
        sources: &[Source],
    ) -> Result<Known, Error> {
        let ids = |field: fn(&BillingItem) -> Option<&i64>| items.iter().filter_map(field).copied();
        let of = |word: &'static str| {
            sources
                .iter()
                .filter(move |source| source.kind.word == word)
        };
        let own = |word: &'static str| of(word).map(|source| source.id);
        let ordered = || {
            let order = |item: &&BillingItem| item.purchase_order_number.get().is_some();
            items.iter().filter(order)
        };
        let tickets = ordered().filter_map(|item| item.ticket_id.get().copied());
        let projects = ordered().filter(|item| item.ticket_id.get().is_none());
        let projects = projects.filter_map(|item| item.project_id.get().copied());
        let whole = items.iter().filter(|item| is_of_invoice(item));
        let whole = whole.filter_map(|item| item.invoice_id.get()).copied();
        Ok(Known {
            attached: self.attached(whole.collect()).await?,
            companies: by_id(&self.autotask, ids(|item| item.company_id.get())).await?,
            contracts: by_id(&self.autotask, ids(|item| item.contract_id.get())).await?,
            invoices: by_id(&self.autotask, ids(|item| item.invoice_id.get())).await?,
            charges: by_id(&self.autotask, own(CHARGE)).await?,
            entries: by_id(&self.autotask, own(TIME)).await?,
            tickets: by_id(&self.autotask, tickets).await?,
            projects: by_id(&self.autotask, projects).await?,
        })
    }

    /// What hangs on these invoices, as all of an invoice goes on one job.
    async fn attached(&self, ids: Vec<i64>) -> Result<HashMap<i64, Vec<Decimal>>, Error> {
        let mut nets: HashMap<i64, Vec<Decimal>> = HashMap::new();
        let items: Vec<BillingItem> = self.autotask.where_in("invoiceID", &ids, &[]).await?;
        for item in items {
            if let (Some(invoice), Some(net)) = (item.invoice_id.get(), item.extended_price.get()) {
                nets.entry(*invoice).or_default().push(*net);
            }
        }
        Ok(nets)
    }

    /// Lines by job and number, with what their jobs say.
    pub(super) async fn lines(&self, lines: &[(i64, i64)]) -> Result<Vec<Half>, jim2::Error> {
        let jobs: BTreeSet<i64> = lines.iter().map(|(job, _)| *job).collect();
        let jobs: Vec<i64> = jobs.into_iter().collect();
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        let found = self.jim2.job_stock(&jobs).await?;
        let headers = self.jim2.jobs(&jobs).await?;
        let half = |line: &jim2::JobStock| {
            let job = headers.iter().find(|job| job.job_no == line.job_no);
            halves::line(line, job)
        };
        let is_wanted = |line: &&jim2::JobStock| lines.contains(&(line.job_no, line.line_id));
        Ok(found.iter().filter(is_wanted).map(half).collect())
    }
}

impl Known {
    pub(super) fn of(&self, item: &BillingItem, many: usize) -> Around<'_> {
        let charge = item.ticket_charge_id.get();
        let charge = charge.and_then(|id| self.charges.get(id));
        let entry = item.time_entry_id.get();
        let entry = entry.and_then(|id| self.entries.get(id));
        Around {
            company: item.company_id.get().and_then(|id| self.companies.get(id)),
            contract: item.contract_id.get().and_then(|id| self.contracts.get(id)),
            invoice: item.invoice_id.get().and_then(|id| self.invoices.get(id)),
            product: charge.and_then(|charge| charge.product_id.get().copied()),
            is_shown: entry.is_some_and(|entry| entry.show_on_invoice.get() == Some(&true)),
            many,
            unattached: self.unattached(item),
            po_of_job: self.po_of_job(item),
        }
    }

    /// The purchase order that the job names of what the item hangs on; a job of an Autotask invoice names none.
    fn po_of_job(&self, item: &BillingItem) -> Option<&str> {
        let order = match (item.ticket_id.get(), item.project_id.get()) {
            (Some(ticket), _) => &self.tickets.get(ticket)?.purchase_order_number,
            (None, Some(project)) => &self.projects.get(project)?.purchase_order_number,
            (None, None) => return None,
        };
        order.get().map(String::as_str)
    }

    /// What is not attached to the item's invoice yet.
    fn unattached(&self, item: &BillingItem) -> Option<Decimal> {
        let id = item.invoice_id.get()?;
        missing(self.invoices.get(id)?, self.attached.get(id)?)
    }

    /// A source that says itself that it is not billed any more was taken back. Of any other, not to be seen may mean
    /// that we lost a permission, and nothing is told.
    fn taken_back(&self, source: Source) -> Option<Half> {
        let (is_back, name) = match source.kind.word {
            CHARGE => {
                let charge = self.charges.get(&source.id)?;
                (charge.is_billed.get() == Some(&false), &charge.name)
            }
            TIME => {
                let entry = self.entries.get(&source.id)?;
                let is_back = entry.billing_approval_date_time == Told::Empty;
                (is_back, &entry.summary_notes)
            }
            _ => return None,
        };
        let name = name.get().map_or("", String::as_str);
        is_back.then(|| halves::taken_back(source, name))
    }
}

/// What is not attached yet to an invoice that has items of these amounts.
fn missing(invoice: &Invoice, nets: &[Decimal]) -> Option<Decimal> {
    let invoiced = Invoiced {
        total: *invoice.invoice_total.get()?,
        tax: *invoice.total_tax_value.get()?,
    };
    unattached(invoiced, nets)
}

/// The invoice of `invoice:900`, as sweeps name it.
fn invoice_of(id: &RecordId) -> Option<i64> {
    id.as_str().strip_prefix(INVOICE)?.parse().ok()
}

/// Whether an item goes on a job of its invoice.
fn is_of_invoice(item: &BillingItem) -> bool {
    source_of(item).is_some_and(|source| source.kind.place == Place::Invoice)
}

async fn is_none<E: Entity>(client: &Client, id: i64) -> Result<bool, Error> {
    Ok(client.get::<E>(id).await?.is_none())
}

/// Records by their ids; none asked for is no call.
async fn by_id<E: Entity>(
    client: &Client,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, E>, Error> {
    let ids: BTreeSet<i64> = ids.into_iter().collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let found: Vec<E> = client.by_ids(&ids, &[]).await?;
    Ok(found.into_iter().map(|one| (one.id(), one)).collect())
}
