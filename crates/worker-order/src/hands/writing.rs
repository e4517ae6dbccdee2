//! Making and changing jobs.

use domain::{Failure, Key, RecordId, System, Told, Value};
use jim2::{Created, JobChanges, JobCreate};
use sync::Fields;

use super::{Malformed, OrderHands};
use crate::KIND;

/// Jim2's attributes, and our words for what is sent as them.
const SENT_AS: &[(&str, &[&str])] = &[
    ("shipto", &["ship"]),
    ("shipno", &["ship"]),
    ("ship", &["ship"]),
    ("item", &["item"]),
    ("itemno", &["item"]),
    ("custref", &["cust_ref"]),
    ("custrefno", &["cust_ref"]),
    ("invoicedesc", &["invoice_desc"]),
];

impl OrderHands {
    pub(super) async fn make_job(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let text = |name: &str| fields.get(name).and_then(Value::as_text).map(str::to_owned);
        let card = |name: &str| fields.get(name).and_then(Value::as_number);
        let customer = card("customer");
        let job = JobCreate {
            cust_no: customer
                .ok_or_else(|| Failure::retry(Malformed("a job without a customer")))?,
            ship_no: card("ship"),
            item_code: text("item"),
            our_ref: Some(reference.to_owned()),
            cust_ref: text("cust_ref"),
            invoice_desc: text("invoice_desc"),
            ..JobCreate::default()
        };
        let key = Key::new(KIND, System::Autotask, from.clone());
        let created = self.jim2.create_job(&job, reference, false).await;
        match created.map_err(|error| sync::refusal(error, &key, fields, SENT_AS))? {
            Created::Job { job_no } => Ok(job_no.into()),
            Created::Queued { .. } => Err(Failure::Unsure {
                source: Malformed("Jim2 queued the job although it was not asked to").into(),
            }),
        }
    }

    /// What a create call did not take is given right after.
    pub(super) async fn change_job(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let text = |name: &str| match fields.get(name) {
            None => Told::Not,
            Some(value) => value
                .as_text()
                .map_or(Told::Empty, |text| Told::Is(text.to_owned())),
        };
        let changes = JobChanges {
            status: text("status"),
            item_code: text("item"),
            cust_ref: text("cust_ref"),
            invoice_desc: text("invoice_desc"),
            ..JobChanges::default()
        };
        self.write(id, &changes, fields).await
    }

    /// Somebody emptied Our Ref: it is what a lost answer is found by.
    pub(super) async fn refer_job(
        &self,
        id: &RecordId,
        order: &RecordId,
        generation: i32,
    ) -> Result<(), Failure> {
        let changes = JobChanges {
            our_ref: Told::Is(format!("{order}/{generation}")),
            ..JobChanges::default()
        };
        self.write(id, &changes, &Fields::new()).await
    }

    async fn write(
        &self,
        id: &RecordId,
        changes: &JobChanges,
        fields: &Fields,
    ) -> Result<(), Failure> {
        let number = id.number();
        let number =
            number.ok_or_else(|| Failure::retry(Malformed("a job number that is no number")))?;
        if changes.is_empty() {
            return Ok(());
        }
        let key = Key::new(KIND, System::Jim2, id.clone());
        let written = self.jim2.update_job(number, changes).await;
        written.map_err(|error| sync::refusal(error, &key, fields, SENT_AS))
    }
}
