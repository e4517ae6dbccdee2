//! Invoices: what was billed for which jobs, and what was paid.

use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;

use crate::{Client, Error, Identity, Query, getdata::Table, record::Record};

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

/// A page of the invoices that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicedJobs {
    /// Every change at or below this position is visible; it was taken before the rows.
    pub safe_mark: i64,
    /// The database that answered.
    pub identity: Identity,
    /// A row for each job of each invoice, lowest position first.
    pub rows: Vec<InvoicedJob>,
}

/// One job of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicedJob {
    /// Where the invoice's last change stands; all jobs of an invoice have the same.
    pub position: i64,
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

    /// At most `max` invoices that changed above `cursor`, with their jobs.
    pub async fn invoiced_jobs(&self, cursor: i64, max: usize) -> Result<InvoicedJobs, Error> {
        let parameters = [&*cursor.to_string(), &*max.to_string()];
        let tables = self.tables(Query::InvoicedJobs, &parameters).await?;
        InvoicedJobs::read(&tables, cursor)
    }
}

impl InvoicedJobs {
    /// The page above `cursor`. One row that cannot be read, and the page is not: a cursor would pass it by.
    fn read(tables: &[Table], cursor: i64) -> Result<Self, Error> {
        let name = Query::InvoicedJobs.name();
        let [marks, rows] = tables else {
            let detail = format!("{} result sets came instead of two", tables.len());
            return Err(Error::unreadable(name, detail));
        };
        let mark = marks.rows.first();
        let mark = mark.ok_or_else(|| Error::unreadable(name, "there is no safe mark"))?;
        let safe_mark = mark.key("SafeMark")?;
        let rows: Vec<InvoicedJob> = rows
            .rows
            .iter()
            .map(InvoicedJob::of_row)
            .collect::<Result<_, _>>()?;
        let mut last = cursor;
        for row in &rows {
            if row.position <= cursor || row.position < last || row.position > safe_mark {
                let at = row.position;
                let detail =
                    format!("position {at} came after {last} with the safe mark at {safe_mark}");
                return Err(Error::unreadable(name, detail));
            }
            last = row.position;
        }
        Ok(Self {
            safe_mark,
            identity: Identity {
                database_id: mark.word("DatabaseId")?,
                epoch: mark.key("Epoch")?,
            },
            rows,
        })
    }
}

impl InvoicedJob {
    fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            position: row.key("Position")?,
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
}
