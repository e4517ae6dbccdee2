//! The Jim2 invoices of jobs, and what was paid of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Key, Kind, System};
use jim2::{Client, Error, InvoicedJob, Job};
use rust_decimal::Decimal;
use worker_billing::tieout::{Bill, Paid};

use crate::operate::preview::unreadable;

/// The invoice of each job, and the jobs of each invoice.
pub(super) type Bills = (BTreeMap<i64, Bill>, BTreeMap<i64, Vec<i64>>);

/// Reads the invoices that these jobs are on. Without the named query Jim2 tells neither payments nor, for certain, whether
/// an amount has tax in it, and nothing is compared with it.
pub(super) async fn of(jim2: &Client, jobs: &BTreeMap<i64, Job>) -> anyhow::Result<Bills> {
    let wanted: BTreeSet<i64> = jobs
        .values()
        .filter_map(|job| job.inv_no.get().copied())
        .collect();
    let numbers: Vec<i64> = wanted.into_iter().collect();
    let rows = jim2.invoiced_jobs(&numbers).await.map_err(failed)?;
    let (told, billed) = told(&rows);
    let bill = |job: &Job| {
        let invoice = *job.inv_no.get()?;
        let unknown = Bill {
            invoice,
            paid: Paid::NotTold,
            net: None,
            credited: Decimal::ZERO,
        };
        Some((job.job_no, told.get(&invoice).copied().unwrap_or(unknown)))
    };
    Ok((jobs.values().filter_map(bill).collect(), billed))
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
        credited: row.credited.get().copied().unwrap_or_default(),
    }
}

fn failed(error: Error) -> anyhow::Error {
    let key = Key::new(Kind::new("billing"), System::Jim2, "invoices");
    unreadable(error.into_failure(&key))
}
