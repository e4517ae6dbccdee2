//! Stock lines of jobs: goods and billable labour, at the prices that are sent.
//!
//! Only `unitPriceTF` is ever sent as a price: of several the last one processed wins, and Jim2 prices a line itself
//! where none is sent.

use chrono::{DateTime, Utc};
use domain::Told;
use reqwest::Method;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::{
    Client, Error, Query,
    client::{Style, written},
    json_api::{Resource, Sent, written_resource},
    part_id,
    record::Record,
    time::Times,
};

/// A stock line of a job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobStock {
    /// Job#.
    pub job_no: i64,
    /// The line's number within the job; none is used twice.
    pub line_id: i64,
    /// Stock code.
    pub stock_code: Told<String>,
    /// How much was ordered.
    pub qty: Told<Decimal>,
    /// How much of it was supplied, which is what an invoice bills. Jim2 moves neither with the other.
    pub supplied_qty: Told<Decimal>,
    /// Dollars a unit without tax.
    pub unit_price_tf: Told<Decimal>,
    /// Dollars a unit with tax.
    pub unit_price_tp: Told<Decimal>,
    /// What the line says.
    pub description: Told<String>,
    /// Initials of who added it.
    pub add_init: Told<String>,
    /// When it was added.
    pub add_date: Told<DateTime<Utc>>,
    /// Initials of who changed it last.
    pub modify_init: Told<String>,
    /// When it was changed last.
    pub modify_date: Told<DateTime<Utc>>,
}

/// A stock line to add. Quantities and prices have at most four decimals in Jim2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStockCreate {
    /// Stock code, which cannot be changed later.
    pub stock_code: String,
    /// How much, ordered and supplied.
    pub qty: Decimal,
    /// Dollars a unit without tax.
    pub unit_price_tf: Decimal,
    /// What the line says.
    pub description: String,
}

/// Changes of a stock line; what is not told stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobStockChanges {
    /// How much, ordered and supplied.
    pub qty: Option<Decimal>,
    /// Dollars a unit without tax.
    pub unit_price_tf: Option<Decimal>,
    /// What the line says.
    pub description: Option<String>,
}

impl JobStock {
    fn of_record(job_no: i64, line_id: i64, record: &Record) -> Result<Self, Error> {
        Ok(Self {
            job_no,
            line_id,
            stock_code: record.text("StockCode"),
            qty: record.decimal("Qty")?,
            supplied_qty: record.decimal("SuppliedQty")?,
            unit_price_tf: record.decimal("UnitPriceTF")?,
            unit_price_tp: record.decimal("UnitPriceTP")?,
            description: record.text("Description"),
            add_init: record.text("AddInit"),
            add_date: record.time("AddDate")?,
            modify_init: record.text("ModifyInit"),
            modify_date: record.time("ModifyDate")?,
        })
    }

    fn of_row(row: &Record) -> Result<Self, Error> {
        Self::of_record(row.key("JobNo")?, row.key("LineId")?, row)
    }

    fn of_resource(job_no: i64, resource: &Resource, times: Times) -> Result<Self, Error> {
        Self::of_record(job_no, resource.last_number()?, &resource.record(times)?)
    }
}

impl Client {
    /// The stock lines of these jobs: many jobs a call by the named query, else a call a job.
    pub async fn job_stock(&self, job_nos: &[i64]) -> Result<Vec<JobStock>, Error> {
        if self.settings().named_queries {
            let keys: Vec<_> = job_nos.iter().map(i64::to_string).collect();
            match self.rows_of(Query::JOB_LINES, &keys).await {
                Err(Error::NoSuchQuery(_)) => {}
                rows => return rows?.iter().map(JobStock::of_row).collect(),
            }
        }
        let mut lines = Vec::new();
        for &job_no in job_nos {
            let included = self.lines("jim2.job_stock", job_no, "stock").await?;
            for line in included.iter().filter(|one| one.kind == "JobStock") {
                let times = self.settings().times();
                lines.push(JobStock::of_resource(job_no, line, times)?);
            }
        }
        Ok(lines)
    }

    /// Adds a line and answers it as Jim2 made it: rounding may have altered the price.
    pub async fn add_job_stock(
        &self,
        job_no: i64,
        line: &JobStockCreate,
    ) -> Result<JobStock, Error> {
        let operation = "jim2.add_job_stock";
        let id = job_no.to_string();
        let url = self.settings().url(&["api", "v1", "jobs", &id, "stock"]);
        let mut attributes = quantity(line.qty);
        attributes.insert("stockCode".to_owned(), line.stock_code.as_str().into());
        attributes.insert("unitPriceTF".to_owned(), digits(line.unit_price_tf));
        attributes.insert("description".to_owned(), line.description.as_str().into());
        let body = Sent::new("JobStock", attributes);
        let answer = self
            .write(operation, Method::POST, url, (Style::JsonApi, &body))
            .await?;
        let times = self.settings().times();
        written(
            written_resource(operation, &answer)
                .and_then(|resource| JobStock::of_resource(job_no, &resource, times)),
        )
    }

    /// Changes a line and answers it as it is now.
    pub async fn update_job_stock(
        &self,
        (job_no, line_id): (i64, i64),
        changes: &JobStockChanges,
    ) -> Result<JobStock, Error> {
        let operation = "jim2.update_job_stock";
        let url = self.line_url(job_no, line_id);
        let body = Sent::changes(
            "JobStock",
            part_id::join(job_no, line_id),
            changes.attributes(),
        );
        let answer = self
            .write(operation, Method::PATCH, url, (Style::JsonApi, &body))
            .await?;
        let times = self.settings().times();
        written(
            written_resource(operation, &answer)
                .and_then(|resource| JobStock::of_resource(job_no, &resource, times)),
        )
    }

    /// Deletes a line. What is not there any more is [`Error::NotFound`].
    pub async fn delete_job_stock(&self, job_no: i64, line_id: i64) -> Result<(), Error> {
        let url = self.line_url(job_no, line_id);
        self.remove("jim2.delete_job_stock", url).await
    }

    fn line_url(&self, job_no: i64, line_id: i64) -> url::Url {
        let (job, line) = (job_no.to_string(), part_id::join(job_no, line_id));
        self.settings()
            .url(&["api", "v1", "jobs", &job, "stock", &line])
    }
}

impl JobStockChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn attributes(&self) -> Map<String, Value> {
        let mut attributes = self.qty.map(quantity).unwrap_or_default();
        if let Some(price) = self.unit_price_tf {
            attributes.insert("unitPriceTF".to_owned(), digits(price));
        }
        if let Some(description) = &self.description {
            attributes.insert("description".to_owned(), description.as_str().into());
        }
        attributes
    }
}

/// An invoice bills what was supplied, and that does not follow the quantity.
fn quantity(qty: Decimal) -> Map<String, Value> {
    let names = ["qty", "suppliedQty"];
    Map::from_iter(names.map(|name| (name.to_owned(), digits(qty))))
}

/// A decimal as the documents' examples tell it: text, which no reader takes for a float.
pub(crate) fn digits(number: Decimal) -> Value {
    number.normalize().to_string().into()
}
