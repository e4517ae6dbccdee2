//! Invoices: what was billed for which jobs, and what was paid.

use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;

use crate::{Client, Error, Query, record::Record};

/// An invoice, read by its number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invoice {
    /// Invoice#.
    pub inv_no: i64,
    /// When it was made: the Date Out of its jobs.
    pub invoice_date: Told<DateTime<Utc>>,
    /// Its status.
    pub status: Told<String>,
    /// What it comes to. No document tells whether with tax; see [`InvoicedJob::total`] for one that is.
    pub amount: Told<Decimal>,
    /// The tax in it.
    pub tax: Told<Decimal>,
    /// The card that pays.
    pub cust_no: Told<i64>,
    /// The jobs it bills.
    pub jobs: Told<Vec<i64>>,
}

/// One job of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicedJob {
    /// Invoice#.
    pub inv_no: i64,
    /// When it was made.
    pub inv_date: Told<DateTime<Utc>>,
    /// Job#.
    pub job_no: i64,
    /// The card that pays.
    pub cust_no: Told<i64>,
    /// What the whole invoice comes to, with tax.
    pub total: Told<Decimal>,
    /// The tax in it.
    pub tax: Told<Decimal>,
    /// What was paid of it.
    pub paid: Told<Decimal>,
    /// What was credited of it.
    pub credited: Told<Decimal>,
    /// When the last of it was paid; empty while something is owed.
    pub paid_date: Told<DateTime<Utc>>,
}

impl Client {
    /// The invoice with this number and the jobs it bills; `None` where there is none.
    pub async fn invoice(&self, inv_no: i64) -> Result<Option<Invoice>, Error> {
        let no = inv_no.to_string();
        let mut url = self.settings().url(&["api", "v1", "invoices", &no]);
        url.query_pairs_mut()
            .append_pair("include", "user,customer,jobs");
        let Some((resource, _)) = self.resource("jim2.invoice", url).await? else {
            return Ok(None);
        };
        let record = resource.record(self.settings().times())?;
        Ok(Some(Invoice {
            inv_no: resource.number()?,
            invoice_date: record.time("invoiceDate")?,
            status: record.text("status"),
            amount: record.decimal("amount")?,
            tax: record.decimal("tax")?,
            cust_no: resource.related("customer")?,
            jobs: resource.all_related("jobs")?,
        }))
    }

    /// The invoices with these numbers, a row for each of their jobs. Without the named query, one by one, and then nothing
    /// is told of what was paid.
    pub async fn invoiced_jobs(&self, numbers: &[i64]) -> Result<Vec<InvoicedJob>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = numbers.iter().map(i64::to_string).collect();
            match self.rows_of(Query::INVOICED_JOBS, &keys).await {
                Err(Error::NoSuchQuery(_)) => {}
                rows => return rows?.iter().map(InvoicedJob::of_row).collect(),
            }
        }
        let mut found = Vec::new();
        for number in numbers {
            if let Some(invoice) = self.invoice(*number).await? {
                found.extend(InvoicedJob::of_invoice(&invoice));
            }
        }
        Ok(found)
    }
}

impl InvoicedJob {
    fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            inv_no: row.key("InvNo")?,
            inv_date: row.time("InvDate")?,
            job_no: row.key("JobNo")?,
            cust_no: row.number("CustNo")?,
            total: row.decimal("Total")?,
            tax: row.decimal("Tax")?,
            paid: row.decimal("Paid")?,
            credited: row.decimal("Credited")?,
            paid_date: row.time("PaidDate")?,
        })
    }

    fn of_invoice(invoice: &Invoice) -> Vec<Self> {
        let of_job = |job_no: &i64| Self {
            inv_no: invoice.inv_no,
            inv_date: invoice.invoice_date.clone(),
            job_no: *job_no,
            cust_no: invoice.cust_no.clone(),
            // Whether it is with tax is not known.
            total: Told::Not,
            tax: invoice.tax.clone(),
            paid: Told::Not,
            credited: Told::Not,
            paid_date: Told::Not,
        };
        let jobs = invoice.jobs.get().map_or(&[][..], Vec::as_slice);
        jobs.iter().map(of_job).collect()
    }
}
