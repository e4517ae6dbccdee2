//! Reads and writes of invoices. Nothing is decided here.

mod reading;

use autotask::{Draft, Invoice};
use chrono::{NaiveDate, NaiveTime};
use domain::{Failure, Key, RecordId, System, Value};
use sync::{Act, Fields, Half, Hands, Malformed};

use super::{KIND, halves};
use crate::BillingHands;

/// The reads and writes of invoices, which see items and lines as billing does.
#[derive(Debug, Clone)]
pub struct InvoiceHands(pub BillingHands);

impl Hands for InvoiceHands {
    /// An invoice of Jim2 is about each Autotask invoice of which it has lines. One of Autotask is not there before all that
    /// it bills is attached to it.
    async fn resolve(&self, on: System, ids: Vec<RecordId>) -> Result<Vec<Vec<RecordId>>, Failure> {
        match on {
            System::Autotask => self.whole(ids).await,
            System::Jim2 => self.billed_by(ids).await,
        }
    }

    async fn read(&self, on: System, ids: &[RecordId]) -> Result<Vec<Half>, Failure> {
        match on {
            System::Autotask => {
                let Some(first) = ids.first() else {
                    return Ok(Vec::new());
                };
                let numbers: Vec<i64> = ids.iter().filter_map(RecordId::number).collect();
                let found = self.0.autotask.by_ids::<Invoice>(&numbers, &[]).await;
                let found = found.map_err(|error| error.into_failure(&key(on, first)))?;
                Ok(found.iter().map(halves::autotask).collect())
            }
            System::Jim2 => self.billed_of(ids).await,
        }
    }

    async fn find(&self, _: &Act) -> Result<Vec<RecordId>, Failure> {
        Ok(Vec::new())
    }

    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Update {
                on: System::Autotask,
                id,
                fields,
            } => self.tell(id, fields).await.map(|()| None),
            // Nothing is made, nothing is written in Jim2, and the halves name each other by their ids.
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => Ok(None),
        }
    }
}

impl InvoiceHands {
    /// Tells Autotask's invoice what Jim2 made of it.
    async fn tell(&self, id: &RecordId, fields: &Fields) -> Result<(), Failure> {
        let number = id.number();
        let number =
            number.ok_or_else(|| Failure::retry(Malformed("an invoice without a number")))?;
        let mut draft = Draft::new();
        if let Some(numbers) = fields.get("number").and_then(Value::as_text) {
            draft = draft.set("invoiceNumber", numbers);
        }
        for (name, column) in [("date", "webServiceDate"), ("paid", "paidDate")] {
            let day = fields.get(name).and_then(Value::as_text);
            let day: Option<NaiveDate> = day.and_then(|day| day.parse().ok());
            if let Some(day) = day {
                draft = draft.set_time(column, day.and_time(NaiveTime::MIN).and_utc());
            }
        }
        let written = self.0.autotask.update::<Invoice>((), number, &draft).await;
        written.map_err(|error| error.into_failure(&key(System::Autotask, id)))
    }
}

fn key(on: System, id: &RecordId) -> Key {
    Key::new(KIND, on, id.clone())
}

#[cfg(test)]
mod tests;
