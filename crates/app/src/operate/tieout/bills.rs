//! The Jim2 invoices of jobs, and what was paid of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Key, Kind, System};
use jim2::{Client, Error, InvoicedJob, Job};
use rust_decimal::Decimal;
use worker_billing::tieout::{Bill, Paid};

use crate::operate::preview::unreadable;

/// How many invoices a page has.
const PAGE: usize = 500;

/// The invoice of each job, and the jobs of each invoice.
pub(super) type Bills = (BTreeMap<i64, Bill>, BTreeMap<i64, Vec<i64>>);

/// Reads the invoices that these jobs are on: by the named query, which tells payments; else one by one.
pub(super) async fn of(jim2: &Client, jobs: &BTreeMap<i64, Job>) -> anyhow::Result<Bills> {
    let wanted: BTreeSet<i64> = jobs
        .values()
        .filter_map(|job| job.inv_no.get().copied())
        .collect();
    let rows = if jim2.settings().named_queries {
        by_query(jim2, &wanted).await
    } else {
        Ok(None)
    };
    let (told, billed) = match rows.map_err(failed)? {
        Some(rows) => told(&rows),
        None => one_by_one(jim2, &wanted).await.map_err(failed)?,
    };
    let bill = |job: &Job| {
        let invoice = *job.inv_no.get()?;
        let unknown = Bill {
            invoice,
            paid: Paid::NotTold,
            net: None,
            or_net: None,
            credited: Decimal::ZERO,
        };
        Some((job.job_no, told.get(&invoice).copied().unwrap_or(unknown)))
    };
    Ok((jobs.values().filter_map(bill).collect(), billed))
}

/// The rows of these invoices; none where the query is not installed. An invoice is told once, so that nothing is read
/// after the last of them.
async fn by_query(
    jim2: &Client,
    wanted: &BTreeSet<i64>,
) -> Result<Option<Vec<InvoicedJob>>, Error> {
    let (mut found, mut seen, mut cursor) = (Vec::new(), BTreeSet::new(), 0);
    while seen.len() < wanted.len() {
        let page = match jim2.invoiced_jobs(cursor, PAGE).await {
            Err(Error::NoSuchQuery(_)) => return Ok(None),
            page => page?,
        };
        let Some(last) = page.rows.last() else { break };
        cursor = last.position;
        for row in page.rows {
            if wanted.contains(&row.inv_no) {
                seen.insert(row.inv_no);
                found.push(row);
            }
        }
    }
    Ok(Some(found))
}

fn told(rows: &[InvoicedJob]) -> (BTreeMap<i64, Bill>, BTreeMap<i64, Vec<i64>>) {
    let mut bills = BTreeMap::new();
    let mut jobs: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in rows {
        jobs.entry(row.inv_no).or_default().push(row.job_no);
        bills.insert(row.inv_no, bill(row));
    }
    (bills, jobs)
}

fn bill(row: &InvoicedJob) -> Bill {
    let paid = match (row.paid_date.get(), row.paid.get()) {
        (Some(_), _) => Paid::Whole,
        (None, Some(paid)) if paid.is_zero() => Paid::Nothing,
        (None, Some(paid)) => Paid::Part(*paid),
        (None, None) => Paid::NotTold,
    };
    let net = row.total.get().zip(row.tax.get());
    Bill {
        invoice: row.inv_no,
        paid,
        net: net.map(|(total, tax)| total - tax),
        or_net: None,
        credited: row.credited.get().copied().unwrap_or_default(),
    }
}

/// The API tells neither payments nor, for certain, whether an amount has tax in it.
async fn one_by_one(
    jim2: &Client,
    wanted: &BTreeSet<i64>,
) -> Result<(BTreeMap<i64, Bill>, BTreeMap<i64, Vec<i64>>), Error> {
    let (mut bills, mut jobs) = (BTreeMap::new(), BTreeMap::new());
    for no in wanted {
        let Some(invoice) = jim2.invoice(*no).await? else {
            continue;
        };
        jobs.insert(*no, invoice.jobs.get().cloned().unwrap_or_default());
        let amount = invoice.amount.get().zip(invoice.tax.get());
        let bill = Bill {
            invoice: *no,
            paid: Paid::NotTold,
            net: invoice.amount.get().copied(),
            or_net: amount.map(|(amount, tax)| amount - tax),
            credited: Decimal::ZERO,
        };
        bills.insert(*no, bill);
    }
    Ok((bills, jobs))
}

fn failed(error: Error) -> anyhow::Error {
    let key = Key::new(Kind::new("billing"), System::Jim2, "invoices");
    unreadable(error.into_failure(&key))
}
