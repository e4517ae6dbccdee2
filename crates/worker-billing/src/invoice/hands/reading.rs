//! Which lines an Autotask invoice became, and on which invoices of Jim2 they are. Lines are found by their marks, on the jobs
//! that carry the reference of a ticket or order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use autotask::{BillingItem, Filter, Query, Ticket};
use domain::{Failure, RecordId, System, Told, Value};
use jim2::JobStock;
use rust_decimal::Decimal;
use sync::Half;

use super::{InvoiceHands, key};
use crate::{
    INVOICE,
    invoice::{
        billed,
        halves::{self, Fate},
        invoice_of,
    },
    source::{Source, mark_of, source_of},
};

/// The lines of some jobs by their marks, and the invoice that the job of each is on.
type Marked = HashMap<String, Option<i64>>;

impl InvoiceHands {
    /// The invoices of Autotask to which all is attached.
    pub(super) async fn whole(&self, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        let on = self.0.on_invoices(&numbers).await;
        let on = on.map_err(|error| error.into_failure(&key(System::Autotask, first)))?;
        let is_whole = |id: &RecordId| {
            let again = RecordId::from(format!("{INVOICE}{id}"));
            let sources = id.number().and_then(|number| on.get(&number));
            sources.is_some_and(|sources| !sources.contains(&again))
        };
        let whole = |id: RecordId| Vec::from_iter(Some(id).filter(|id| is_whole(id)));
        Ok(ids.into_iter().map(whole).collect())
    }

    /// Invoices of Jim2 (`30001`) become what each Autotask invoice has on them (`billed:900`); that stays what it is.
    pub(super) async fn billed_by(
        &self,
        ids: Vec<RecordId>,
    ) -> Result<Vec<Vec<RecordId>>, Failure> {
        let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let jim2 = |error: jim2::Error| error.into_failure(&key(System::Jim2, first));
        let autotask = |error: autotask::Error| error.into_failure(&key(System::Jim2, first));
        let rows = self.0.jim2.invoiced_jobs(&numbers).await.map_err(jim2)?;
        let jobs: BTreeSet<i64> = rows.iter().map(|row| row.job_no).collect();
        let jobs: Vec<i64> = jobs.into_iter().collect();
        let lines = self.lines_on(&jobs).await.map_err(jim2)?;
        let sources: Vec<Source> = lines.iter().filter_map(marked).collect();
        let items = self.0.items_of(&sources).await.map_err(autotask)?;
        let invoices_of = |number: i64| {
            let jobs: BTreeSet<i64> = rows
                .iter()
                .filter(|row| row.inv_no == number)
                .map(|row| row.job_no)
                .collect();
            let own = lines.iter().filter(|line| jobs.contains(&line.job_no));
            let own: Vec<Source> = own.filter_map(marked).collect();
            let items = items
                .iter()
                .filter(|item| source_of(item).is_some_and(|source| own.contains(&source)));
            let invoices: BTreeSet<i64> = items
                .filter_map(|it| it.invoice_id.get().copied())
                .collect();
            invoices.into_iter().map(billed).collect()
        };
        let resolve = |id: &RecordId| match id.number() {
            Some(number) => invoices_of(number),
            None => Vec::from_iter(invoice_of(id).map(billed)),
        };
        Ok(ids.iter().map(resolve).collect())
    }

    /// What Jim2 billed of each of these Autotask invoices.
    pub(super) async fn billed_of(&self, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        let Some(first) = ids.first() else {
            return Ok(Vec::new());
        };
        let jim2 = |error: jim2::Error| error.into_failure(&key(System::Jim2, first));
        let autotask = |error: autotask::Error| error.into_failure(&key(System::Jim2, first));
        let invoices: Vec<i64> = ids.iter().filter_map(invoice_of).collect();
        let items: Vec<BillingItem> = self
            .0
            .autotask
            .where_in("invoiceID", &invoices, &[])
            .await
            .map_err(autotask)?;
        let references = self.references(&items).await.map_err(autotask)?;
        let marked = self.marked_on(&references).await.map_err(jim2)?;
        let numbers: BTreeSet<i64> = marked.values().copied().flatten().collect();
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let all = self.0.jim2.invoiced_jobs(&numbers).await.map_err(jim2)?;
        let zone = self.0.jim2.settings().time_zone;
        let half = |invoice: &i64| {
            let own = items
                .iter()
                .filter(|item| item.invoice_id == Told::Is(*invoice));
            let fates: Vec<Fate> = own.filter_map(|item| fate(item, &marked)).collect();
            halves::jim2(*invoice, &fates, &all, zone)
        };
        Ok(invoices.iter().map(half).collect())
    }

    /// What the jobs may be called that have the lines of these items: numbers of tickets, and orders.
    async fn references(&self, items: &[BillingItem]) -> Result<Vec<String>, autotask::Error> {
        let sources: Vec<Source> = items.iter().filter_map(source_of).collect();
        let halves = self.0.items(&sources).await?;
        let orders = halves.iter().filter_map(|half| half.fact("order"));
        let mut names: BTreeSet<String> = orders.map(Value::to_string).collect();
        let tickets: BTreeSet<i64> = items
            .iter()
            .filter_map(|item| item.ticket_id.get().copied())
            .collect();
        if !tickets.is_empty() {
            let query = Query::of(Filter::is_in("id", tickets)).only(&["ticketNumber"]);
            let found: Vec<Ticket> = self.0.autotask.query_all(&query).await?;
            names.extend(
                found
                    .iter()
                    .filter_map(|it| it.ticket_number.get().cloned()),
            );
        }
        Ok(names.into_iter().collect())
    }

    /// The lines with marks of all jobs that are called so.
    async fn marked_on(&self, references: &[String]) -> Result<Marked, jim2::Error> {
        let jobs = self.0.jim2.jobs_by_ref(references).await?;
        let invoices: BTreeMap<i64, Option<i64>> = jobs
            .iter()
            .map(|job| (job.job_no, job.inv_no.get().copied()))
            .collect();
        let numbers: Vec<i64> = invoices.keys().copied().collect();
        let lines = self.lines_on(&numbers).await?;
        let mark = |line: &JobStock| {
            let mark = mark_of(line.description.get()?)?.to_owned();
            Some((mark, *invoices.get(&line.job_no)?))
        };
        Ok(lines.iter().filter_map(mark).collect())
    }

    /// The lines of these jobs; none asked for is no call.
    async fn lines_on(&self, jobs: &[i64]) -> Result<Vec<JobStock>, jim2::Error> {
        if jobs.is_empty() {
            return Ok(Vec::new());
        }
        self.0.jim2.job_stock(jobs).await
    }
}

/// What became of an item; nothing where it needs no line, as it comes to nothing.
fn fate(item: &BillingItem, marked: &Marked) -> Option<Fate> {
    let mark = source_of(item).map(Source::mark);
    let line = mark.and_then(|mark| marked.get(&mark));
    match line {
        Some(Some(number)) => Some(Fate::Invoiced(*number)),
        Some(None) => Some(Fate::OnJob),
        None if item.extended_price.get().is_some_and(Decimal::is_zero) => None,
        None => Some(Fate::NoLine),
    }
}

/// The source that a line names.
fn marked(line: &JobStock) -> Option<Source> {
    Source::marked(mark_of(line.description.get()?)?)
}
