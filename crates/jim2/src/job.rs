//! Jobs: what Crossbill reads of their headers, and how they are made and changed.

mod read;
mod write;

use chrono::{DateTime, Utc};
use domain::Told;

use crate::{Error, json_api::Resource, record::Record, time::Times};

pub use read::Which;
pub use write::{Created, JobChanges, JobCreate};

/// The header of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Job {
    /// Job#.
    pub job_no: i64,
    /// The card that is invoiced.
    pub cust_no: Told<i64>,
    /// The card where the work is.
    pub ship_no: Told<i64>,
    /// The card the job came from.
    pub from_no: Told<i64>,
    /// The project that it is of; named queries of an older request do not tell it.
    pub contract_no: Told<i64>,
    /// The asset that it is about; no resource tells it, and named queries of an older request do not either.
    pub asset_no: Told<i64>,
    /// Status.
    pub status: Told<String>,
    /// Since when it stands on that status.
    pub status_date: Told<DateTime<Utc>>,
    /// The customer's reference.
    pub cust_ref: Told<String>,
    /// Our reference.
    pub our_ref: Told<String>,
    /// Priority.
    pub priority: Told<String>,
    /// Type.
    pub job_type: Told<String>,
    /// Fault description; service jobs only.
    pub fault_desc: Told<String>,
    /// Invoice description.
    pub invoice_desc: Told<String>,
    /// Description of the Item.
    pub item_desc: Told<String>,
    /// Item#.
    pub item_code: Told<String>,
    /// Initials of the responsible user ("Name").
    pub name_init: Told<String>,
    /// When it was made.
    pub date_in: Told<DateTime<Utc>>,
    /// When it is due.
    pub date_due: Told<DateTime<Utc>>,
    /// When it was last edited; becomes the invoice date.
    pub date_out: Told<DateTime<Utc>>,
    /// Attention: the person at the customer's.
    pub attn: Told<String>,
    /// Whether it is Ready to be invoiced, and so cannot be edited.
    pub ready: Told<bool>,
    /// The invoice it is on.
    pub inv_no: Told<i64>,
    /// The job this one follows.
    pub prev_job_no: Told<i64>,
    /// Initials of the user who has it open.
    pub locked_by: Told<String>,
    /// How many stock and labour lines it has.
    pub line_count: Told<i64>,
    /// When it was last changed.
    pub last_modified: Told<DateTime<Utc>>,
    /// Initials of who changed it last.
    pub modified_by: Told<String>,
}

impl Job {
    /// A row of a named query.
    pub(crate) fn of_row(row: &Record) -> Result<Self, Error> {
        Ok(Self {
            cust_no: row.number("CustNo")?,
            ship_no: row.number("ShipNo")?,
            from_no: row.number("FromNo")?,
            contract_no: row.number("ContractNo")?,
            asset_no: row.number("AssetNo")?,
            ..Self::of_record(row.key("JobNo")?, row)?
        })
    }

    /// A `Job` resource.
    pub(crate) fn of_resource(resource: &Resource, times: Times) -> Result<Self, Error> {
        let record = resource.record(times)?;
        let details = record.inner("jobDetails")?;
        let customer = details
            .map(|details| details.inner("customer"))
            .transpose()?
            .flatten();
        let job = Self::of_record(resource.number()?, &record)?;
        Ok(Self {
            cust_no: resource.related("customer")?,
            ship_no: resource.related("ship")?,
            from_no: resource.related("from")?,
            contract_no: resource.related("contract")?,
            asset_no: resource.related("asset")?,
            attn: customer.map_or(job.attn, |customer| customer.text("attn")),
            ..job
        })
    }

    /// What a row and a resource name alike.
    fn of_record(job_no: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            job_no,
            cust_no: Told::Not,
            ship_no: Told::Not,
            from_no: Told::Not,
            contract_no: Told::Not,
            asset_no: Told::Not,
            status: record.text("Status"),
            status_date: record.time("StatusDate")?,
            cust_ref: record.text("CustRef"),
            our_ref: record.text("OurRef"),
            priority: record.text("Priority"),
            job_type: record.text("Type"),
            fault_desc: record.text("FaultDesc"),
            invoice_desc: record.text("InvoiceDesc"),
            item_desc: record.text("ItemDesc"),
            item_code: record.text("ItemCode"),
            name_init: record.text("NameInit"),
            date_in: record.time("DateIn")?,
            date_due: record.time("DateDue")?,
            date_out: record.time("DateOut")?,
            attn: record.text("Attn"),
            ready: record.flag("Ready")?,
            inv_no: record.number("InvNo")?,
            prev_job_no: record.number("PrevJobNo")?,
            locked_by: record.text("LockedBy"),
            line_count: record.number("LineCount")?,
            last_modified: record.time("LastModified")?,
            modified_by: record.text("ModifiedBy"),
        })
    }
}
