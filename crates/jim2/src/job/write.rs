//! Making and changing jobs.

use chrono::{DateTime, Utc};
use domain::Told;
use reqwest::{Method, StatusCode};
use rest::Answer;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    Client, Error,
    body::{simple_answer, text_to_send},
    client::{Style, written},
    json_api::Sent,
    record::Record,
    time::Times,
};

/// A job to be made. Everything but the customer may be left to Jim2's defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobCreate {
    /// The card that is invoiced.
    pub cust_no: i64,
    /// The card where the work is.
    pub ship_no: Option<i64>,
    /// The project that it is of; no document shows it to be taken.
    pub contract_no: Option<i64>,
    /// The asset that it is about; no document shows it to be taken.
    pub asset_no: Option<i64>,
    /// The serial number of what it is about.
    pub serial_no: Option<String>,
    /// Item#.
    pub item_code: Option<String>,
    /// Type.
    pub job_type: Option<String>,
    /// A status that the workflow links to from Booked.
    pub status: Option<String>,
    /// Priority.
    pub priority: Option<String>,
    /// Our reference.
    pub our_ref: Option<String>,
    /// The customer's reference.
    pub cust_ref: Option<String>,
    /// Fault description; service Items only.
    pub fault_desc: Option<String>,
    /// Invoice description.
    pub invoice_desc: Option<String>,
    /// Description of the Item.
    pub item_desc: Option<String>,
    /// Initials of the responsible user ("Name").
    pub name_init: Option<String>,
    /// Attention: the person at the customer's.
    pub attn: Option<String>,
    /// When it is due. A create call takes the day only.
    pub date_due: Option<DateTime<Utc>>,
}

/// What became of a job to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is there.
    Job {
        /// Job#.
        job_no: i64,
    },
    /// It waits in the eBusiness queue.
    Queued {
        /// The B2B request number.
        request: String,
    },
}

/// Changes of a job's header: what is [`Told::Not`] stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobChanges {
    /// Status; the workflow must link to it.
    pub status: Told<String>,
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
    /// When it is due.
    pub date_due: Told<DateTime<Utc>>,
    /// Initials of the responsible user; no document shows it to be writable.
    pub name_init: Told<String>,
    /// Item#; no document shows it to be writable.
    pub item_code: Told<String>,
    /// The project that it is of; no document shows it to be writable.
    pub contract_no: Told<i64>,
    /// The asset that it is about; no document shows it to be writable.
    pub asset_no: Told<i64>,
}

impl Client {
    /// Makes a job. `submit_ref_id` must be unique among all systems that call this Jim2.
    ///
    /// With `queue` Jim2 refuses a second request with the same `submit_ref_id`, and answers with
    /// the number of the request only. Without, nothing but a look beforehand prevents a double.
    pub async fn create_job(
        &self,
        job: &JobCreate,
        submit_ref_id: &str,
        queue: bool,
    ) -> Result<Created, Error> {
        let mut url = self.settings().url(&["api", "v1", "jobcreate"]);
        let mut body = Body::of(job, self.settings().times());
        if queue {
            url.query_pairs_mut()
                .append_pair("Queue", "true")
                .append_pair("SubmitRefId", submit_ref_id);
            body.submit_ref_id = Some(submit_ref_id);
        }
        let answer = self
            .write("jim2.create_job", Method::POST, url, (Style::Simple, &body))
            .await?;
        written(self.created(&answer))
    }

    /// Changes attributes of a job: all of them, or none. A refused step of the workflow names the status that was
    /// asked for, however Jim2 words it.
    pub async fn update_job(&self, job_no: i64, changes: &JobChanges) -> Result<(), Error> {
        let id = job_no.to_string();
        let url = self.settings().url(&["api", "v1", "jobs", &id]);
        let attributes = changes.attributes(self.settings().times());
        let mut body = Sent::changes("Job", id, attributes);
        if changes.contract_no.is_told() {
            let contract_no = changes.contract_no.get().copied();
            body = body.of_or_none("contract", "Project", contract_no);
        }
        if changes.asset_no.is_told() {
            body = body.of_or_none("asset", "Asset", changes.asset_no.get().copied());
        }
        self.write(
            "jim2.update_job",
            Method::PATCH,
            url,
            (Style::JsonApi, &body),
        )
        .await
        .map_err(|error| match (error, &changes.status) {
            (Error::Workflow { from, detail, .. }, Told::Is(status)) => Error::Workflow {
                from,
                to: status.clone(),
                detail,
            },
            (error, _) => error,
        })?;
        Ok(())
    }

    /// Moves a job one step along the workflow.
    pub async fn set_job_status(&self, job_no: i64, status: &str) -> Result<(), Error> {
        let changes = JobChanges {
            status: Told::Is(status.to_owned()),
            ..JobChanges::default()
        };
        self.update_job(job_no, &changes).await
    }

    fn created(&self, answer: &Answer) -> Result<Created, Error> {
        let record = simple_answer("jobcreate", answer, self.settings().times())?;
        if answer.status == StatusCode::ACCEPTED {
            return first_word(
                &record,
                &["requestNo", "b2bRequestNo", "requestNumber", "b2bNo"],
            )
            .map(|request| Created::Queued { request })
            .ok_or_else(|| Error::unreadable("jobcreate.requestNo", "the value is missing"));
        }
        Ok(Created::Job {
            job_no: record.key("jobNo")?,
        })
    }
}

impl JobChanges {
    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn attributes(&self, times: Times) -> Map<String, Value> {
        let texts = [
            ("Status", &self.status),
            ("CustRef", &self.cust_ref),
            ("OurRef", &self.our_ref),
            ("Priority", &self.priority),
            ("Type", &self.job_type),
            ("FaultDesc", &self.fault_desc),
            ("InvoiceDesc", &self.invoice_desc),
            ("ItemDesc", &self.item_desc),
            ("Name", &self.name_init),
            ("ItemNo", &self.item_code),
        ];
        let mut attributes: Map<String, Value> = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), text_to_send(text)?)))
            .collect();
        match self.date_due {
            Told::Not => {}
            Told::Empty => drop(attributes.insert("DateDue".to_owned(), Value::Null)),
            Told::Is(due) => drop(attributes.insert("DateDue".to_owned(), times.wall(due).into())),
        }
        attributes
    }
}

/// The first of several names that holds something.
pub(crate) fn first_word(record: &Record, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| record.text(name).get().cloned())
}

/// The body of `jobcreate`. The names behind `dateDue` are those of its sister `quotecreate`, or
/// the attribute's own.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    customer: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    ship_to: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contract: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asset: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submit_ref_id: Option<&'a str>,
    #[serde(flatten)]
    texts: Map<String, Value>,
}

impl Body<'_> {
    fn of(job: &JobCreate, times: Times) -> Self {
        let card = |card_no: i64| json!({ "cardNo": card_no });
        let texts = [
            ("jobType", &job.job_type),
            ("status", &job.status),
            ("priority", &job.priority),
            ("ourRef", &job.our_ref),
            ("custRef", &job.cust_ref),
            ("faultDesc", &job.fault_desc),
            ("invoiceDesc", &job.invoice_desc),
            ("itemDesc", &job.item_desc),
            ("name", &job.name_init),
            ("attn", &job.attn),
            ("serialNo", &job.serial_no),
        ];
        Self {
            customer: card(job.cust_no),
            ship_to: job.ship_no.map(card),
            date_due: job.date_due.map(|due| times.day(due)),
            item: job.item_code.as_ref().map(|code| json!({ "code": code })),
            contract: job.contract_no.map(|no| json!({ "projectNo": no })),
            asset: job.asset_no.map(|no| json!({ "assetNo": no })),
            submit_ref_id: None,
            texts: texts
                .into_iter()
                .filter_map(|(name, text)| Some((name.to_owned(), text.as_deref()?.into())))
                .collect(),
        }
    }
}
