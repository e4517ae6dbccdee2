//! Invoices: Ready jobs of one customer, billed at what was supplied, then paid, or credited by a Return From Customer.

use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};

use super::change::{Object, Operation};
use super::record::{Job, StockLine};
use super::refusal::Refusal;
use super::world::{Actor, World};

/// An invoice. It is never taken back: what was wrong on it is credited.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub(crate) no: i64,
    pub(crate) customer: i64,
    /// The latest Date Out of its jobs.
    pub(crate) date: DateTime<Utc>,
    pub(crate) jobs: Vec<i64>,
    /// Whether its prices have tax in them.
    pub(crate) tax_inc: bool,
    /// What it comes to, with tax.
    pub(crate) total: Decimal,
    pub(crate) tax: Decimal,
    pub(crate) payments: Vec<Payment>,
    /// What was returned, with tax.
    pub(crate) credited: Decimal,
    pub(crate) by: String,
}

/// A payment, or a part of one.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) amount: Decimal,
    pub(crate) at: DateTime<Utc>,
}

/// What some lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Without tax.
    pub(crate) net: Decimal,
    pub(crate) tax: Decimal,
}

impl Invoice {
    /// What was paid and not taken back.
    pub(crate) fn paid(&self) -> Decimal {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// What is still owed.
    pub(crate) fn owed(&self) -> Decimal {
        self.total - self.credited - self.paid()
    }

    /// When the last of it was paid; none while something is owed.
    pub(crate) fn paid_on(&self) -> Option<DateTime<Utc>> {
        let last = self.payments.last()?;
        (self.owed() <= Decimal::ZERO).then_some(last.at)
    }
}

/// What a job's lines come to, each rounded to the cent; tax line by line, or on the whole.
pub(crate) fn totals(job: &Job, tax_on_the_whole: bool) -> Totals {
    let mut all = Totals::default();
    let mut taxed = Decimal::ZERO;
    for line in &job.stock {
        let own = line_totals(line, job.tax_inc);
        all.net += own.net;
        all.tax += own.tax;
        if line.taxed {
            taxed += own.net;
        }
    }
    if tax_on_the_whole && !job.tax_inc {
        all.tax = cents(taxed * Decimal::new(1, 1));
    }
    all
}

/// A line's quantity has at most nine digits before the point, and so has its price: a decimal holds their product.
fn line_totals(line: &StockLine, tax_inc: bool) -> Totals {
    if tax_inc {
        let gross = cents(line.supplied * line.price_incl);
        let tax = if line.taxed {
            cents(gross / Decimal::from(11))
        } else {
            Decimal::ZERO
        };
        return Totals {
            net: gross - tax,
            tax,
        };
    }
    let net = cents(line.supplied * line.price_excl);
    let tax = if line.taxed {
        cents(net * Decimal::new(1, 1))
    } else {
        Decimal::ZERO
    };
    Totals { net, tax }
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

impl World {
    /// Puts Ready jobs of one customer on one invoice and answers its number.
    pub(crate) fn invoice(&mut self, numbers: &[i64], by: &str) -> Result<i64, Refusal> {
        let jobs = self.ready_jobs(numbers)?;
        let Some(first) = jobs.first() else {
            return Err(Refusal::invalid("no-jobs", "An invoice needs a job."));
        };
        let (customer, tax_inc) = (first.customer, first.tax_inc);
        let date = jobs.iter().map(|job| job.date_out).max();
        let mut all = Totals::default();
        for job in &jobs {
            let own = totals(job, self.options.gst_per_invoice);
            all.net += own.net;
            all.tax += own.tax;
        }
        self.last_invoice += 1;
        let no = self.last_invoice;
        for mut job in jobs {
            job.invoice = Some(no);
            job.ready = false;
            let invoiced_on = job.date_out;
            let own = job.no;
            self.save_job(job, &Actor::person(by));
            if let Some(job) = self.jobs.get_mut(&own) {
                job.date_out = invoiced_on;
            }
        }
        let invoice = Invoice {
            no,
            customer,
            date: date.unwrap_or_else(|| self.now()),
            jobs: numbers.to_vec(),
            tax_inc,
            total: all.net + all.tax,
            tax: all.tax,
            payments: Vec::new(),
            credited: Decimal::ZERO,
            by: by.to_owned(),
        };
        self.invoices.insert(no, invoice);
        self.tell_of_invoice(no, Operation::Insert, by);
        Ok(no)
    }

    fn ready_jobs(&self, numbers: &[i64]) -> Result<Vec<Job>, Refusal> {
        let mut jobs: Vec<Job> = Vec::new();
        for no in numbers {
            let job = self.job(*no)?;
            if !job.ready || job.invoice.is_some() {
                return Err(Refusal::invalid(
                    "not-ready",
                    format!("Job {no} is not Ready to invoice."),
                ));
            }
            if jobs.iter().any(|other| other.customer != job.customer) {
                return Err(Refusal::invalid(
                    "several-customers",
                    "The jobs of one invoice must have one customer.",
                ));
            }
            jobs.push(job.clone());
        }
        Ok(jobs)
    }

    /// Takes a payment, of all that is owed unless an amount is given.
    pub(crate) fn pay(&mut self, no: i64, amount: Option<Decimal>) -> Result<(), Refusal> {
        let at = self.now();
        let invoice = self.known_invoice(no)?;
        let amount = amount.unwrap_or_else(|| invoice.owed());
        if amount <= Decimal::ZERO || amount > invoice.owed() {
            return Err(Refusal::invalid(
                "not-owed",
                format!("Invoice {no} owes {}, not {amount}.", invoice.owed()),
            ));
        }
        invoice.payments.push(Payment { amount, at });
        self.tell_of_invoice(no, Operation::Update, "");
        Ok(())
    }

    /// Takes back the last payment, as when a bank returns it.
    pub(crate) fn reverse_payment(&mut self, no: i64) -> Result<(), Refusal> {
        let invoice = self.known_invoice(no)?;
        if invoice.payments.pop().is_none() {
            return Err(Refusal::invalid(
                "not-paid",
                format!("Invoice {no} has no payment to take back."),
            ));
        }
        self.tell_of_invoice(no, Operation::Update, "");
        Ok(())
    }

    /// Credits an amount with tax, as a Return From Customer does; all that is left unless it is given.
    pub(crate) fn credit(&mut self, no: i64, amount: Option<Decimal>) -> Result<(), Refusal> {
        let invoice = self.known_invoice(no)?;
        let left = invoice.total - invoice.credited;
        let amount = amount.unwrap_or(left);
        if amount <= Decimal::ZERO || amount > left {
            return Err(Refusal::invalid(
                "not-billed",
                format!("Invoice {no} has {left} that can be returned, not {amount}."),
            ));
        }
        invoice.credited += amount;
        self.tell_of_invoice(no, Operation::Update, "");
        Ok(())
    }

    fn known_invoice(&mut self, no: i64) -> Result<&mut Invoice, Refusal> {
        let invoice = self.invoices.get_mut(&no);
        invoice.ok_or_else(|| Refusal::not_found("Invoice", no))
    }

    /// A row of the change table about an invoice. Nobody in particular takes payments.
    fn tell_of_invoice(&mut self, no: i64, operation: Operation, by: &str) {
        let now = self.now();
        self.changes
            .record(Object::Invoice, no.to_string(), operation, by, now);
    }
}
