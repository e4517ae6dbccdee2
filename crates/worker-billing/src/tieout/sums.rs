//! Sums over rows: posted, on jobs, invoiced, paid. Pure.

use std::{collections::BTreeMap, ops::AddAssign};

use rust_decimal::Decimal;

use super::{Line, Row};

/// An amount without GST and with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Money {
    /// Without GST.
    pub ex: Decimal,
    /// With it.
    pub inc: Decimal,
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.ex += other.ex;
        self.inc += other.inc;
    }
}

/// What was paid of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// All of it.
    Whole,
    /// So much, with GST.
    Part(Decimal),
    /// Nothing.
    Nothing,
    /// This site's Jim2 does not tell.
    NotTold,
}

/// The Jim2 invoice that a job is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// Invoice#.
    pub invoice: i64,
    /// What was paid of it.
    pub paid: Paid,
    /// What it comes to without GST, where that is told.
    pub net: Option<Decimal>,
    /// What was credited of it, with GST.
    pub credited: Decimal,
}

/// The four sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// What was posted.
    pub posted: Money,
    /// What is on jobs.
    pub on_jobs: Money,
    /// What of that is on invoices.
    pub invoiced: Money,
    /// What of that is on invoices that are paid in full.
    pub paid: Money,
}

impl Sums {
    /// Over these rows; `bills` are the invoices of jobs.
    pub fn over<'a>(rows: impl IntoIterator<Item = &'a Row>, bills: &BTreeMap<i64, Bill>) -> Self {
        let mut sums = Self::default();
        for row in rows {
            sums.add(row, bills);
        }
        sums
    }

    fn add(&mut self, row: &Row, bills: &BTreeMap<i64, Bill>) {
        let posted = row.posted.as_ref();
        if let Some(net) = posted.and_then(|item| item.net) {
            let gst = posted.and_then(|item| item.gst).unwrap_or_default();
            self.posted += Money {
                ex: net,
                inc: net + gst,
            };
        }
        let Some(line) = &row.line else { return };
        let on_job = amount(line, posted.and_then(|item| item.gst));
        self.on_jobs += on_job;
        if let Some(bill) = bills.get(&line.job) {
            self.invoiced += on_job;
            if bill.paid == Paid::Whole {
                self.paid += on_job;
            }
        }
    }
}

/// What a line comes to; where Jim2 does not tell its GST, with that of the item.
fn amount(line: &Line, posted: Option<Decimal>) -> Money {
    let ex = line.net.unwrap_or_default();
    let gst = line.gst.or(posted).unwrap_or_default();
    Money { ex, inc: ex + gst }
}

/// Invoices that come to something else than all lines of their jobs do: the invoice, what it comes to without GST, and
/// its lines. `jobs` are all jobs of each invoice; one whose lines were not all read is passed over.
pub fn unlike_its_lines(
    bills: &BTreeMap<i64, Bill>,
    jobs: &BTreeMap<i64, Vec<i64>>,
    lines: &[Line],
) -> Vec<(i64, Decimal, Decimal)> {
    let mut invoices: Vec<&Bill> = bills.values().collect();
    invoices.sort_by_key(|bill| bill.invoice);
    invoices.dedup_by_key(|bill| bill.invoice);
    let unlike = |bill: &Bill| {
        let own = jobs.get(&bill.invoice)?;
        let net = bill.net?;
        if own.iter().any(|job| !bills.contains_key(job)) {
            return None;
        }
        let lines = lines.iter().filter(|line| own.contains(&line.job));
        let sum: Option<Decimal> = lines.map(|line| line.net).sum();
        let sum = sum?;
        (sum != net).then_some((bill.invoice, net, sum))
    };
    invoices.into_iter().filter_map(unlike).collect()
}
