//! Writing tickets and notes.

use autotask::{Draft, Ticket, TicketNote};
use chrono::{DateTime, Utc};
use domain::{Failure, Key, RecordId, System, Value};
use sync::{Act, Fields};

use super::{Malformed, TicketHands};
use crate::{
    KIND,
    named::{NAMED, Named},
};

/// The title of every note that we make.
const NOTE_TITLE: &str = "Jim2 comment";

/// Our fields, and Autotask's names for them.
const NAMES: [(&str, &str); 11] = [
    ("title", "title"),
    ("description", "description"),
    ("company", "companyID"),
    ("cust_ref", "purchaseOrderNumber"),
    ("status", "status"),
    ("priority", "priority"),
    ("type", "ticketType"),
    ("queue", "queueID"),
    ("source", "source"),
    ("item", "issueType"),
    ("work_type", "billingCodeID"),
];

impl TicketHands {
    pub(super) async fn perform_on_autotask(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                from,
                reference,
                fields,
                ..
            } => self.make_ticket(from, reference, fields).await.map(Some),
            Act::Update { id, fields, .. } => {
                let mut fields = fields.clone();
                self.fill_in_role(&ticket_key(id), &mut fields).await?;
                self.write_ticket(id, &self.draft(&fields)).await?;
                Ok(None)
            }
            Act::Refer {
                id, to, knowing, ..
            } => {
                let job = to
                    .as_ref()
                    .ok_or_else(|| Failure::retry(Malformed("a reference to nothing")))?;
                self.refer_ticket(id, job, knowing).await?;
                Ok(None)
            }
            Act::CreateChild {
                under,
                text,
                internal,
                ..
            } => {
                let ticket = under
                    .as_ref()
                    .ok_or_else(|| Failure::retry(Malformed("a note under nothing")))?;
                self.make_note(ticket, text, *internal).await.map(Some)
            }
            Act::UpdateChild {
                under, id, text, ..
            } => {
                self.write_note(under, id, text).await?;
                Ok(None)
            }
        }
    }

    async fn make_ticket(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let mut draft = self.draft(fields).set("externalID", reference);
        if !self.settings.job_no_udf.is_empty() {
            draft = draft.set_udf(&self.settings.job_no_udf, reference);
        }
        let key = Key::new(KIND, System::Jim2, from.clone());
        let made = self.autotask.create::<Ticket>((), &draft).await;
        made.map(RecordId::from)
            .map_err(|error| error.into_failure(&key))
    }

    fn draft(&self, fields: &Fields) -> Draft {
        let name = &self.settings.invoice_no_udf;
        match fields.get("invoice") {
            Some(invoice) if !name.is_empty() => {
                draft(fields).set_udf(name, invoice.as_text().unwrap_or_default())
            }
            Some(_) | None => draft(fields),
        }
    }

    async fn write_ticket(&self, id: &RecordId, draft: &Draft) -> Result<(), Failure> {
        if draft.is_empty() {
            return Ok(());
        }
        let written = self.autotask.update::<Ticket>((), number(id)?, draft).await;
        written.map_err(|error| error.into_failure(&ticket_key(id)))
    }

    /// Names the job on the ticket, which is read again where the plan was not told what it names.
    async fn refer_ticket(
        &self,
        id: &RecordId,
        job: &RecordId,
        knowing: &Fields,
    ) -> Result<(), Failure> {
        let named = match knowing.get(NAMED) {
            Some(named) => Named::read(named),
            None => self.named(id).await?,
        };
        let draft = named.draft(job.as_str(), &self.settings);
        self.write_ticket(id, &draft).await
    }

    async fn named(&self, id: &RecordId) -> Result<Named, Failure> {
        let ticket: Option<Ticket> = self
            .autotask
            .get(number(id)?)
            .await
            .map_err(|error| error.into_failure(&ticket_key(id)))?;
        let gone = || Failure::retry(Malformed("the ticket is not there any more"));
        let ticket = ticket.ok_or_else(gone)?;
        Ok(Named::of(&ticket, &self.settings))
    }

    async fn make_note(
        &self,
        ticket: &RecordId,
        text: &str,
        internal: bool,
    ) -> Result<RecordId, Failure> {
        let settings = &self.settings;
        let publish = if internal {
            settings.publish_internal
        } else {
            settings.publish_customer
        };
        let draft = Draft::new()
            .set("title", NOTE_TITLE)
            .set("description", text)
            .set("noteType", settings.note_type)
            .set("publish", publish);
        let made = self
            .autotask
            .create::<TicketNote>(number(ticket)?, &draft)
            .await;
        made.map(RecordId::from)
            .map_err(|error| error.into_failure(&ticket_key(ticket)))
    }

    async fn write_note(
        &self,
        ticket: &RecordId,
        id: &RecordId,
        text: &str,
    ) -> Result<(), Failure> {
        let draft = Draft::new().set("description", text);
        let written = self
            .autotask
            .update::<TicketNote>(number(ticket)?, number(id)?, &draft)
            .await;
        written.map_err(|error| error.into_failure(&ticket_key(ticket)))
    }
}

fn draft(fields: &Fields) -> Draft {
    let mut draft = Draft::new();
    for (field, name) in NAMES {
        if let Some(value) = fields.get(field) {
            draft = draft.set(name, value.clone());
        }
    }
    if let Some(assignee @ Value::Parts(_)) = fields.get("assignee") {
        draft = draft.set("assignee", assignee.clone());
    }
    if let Some(due) = fields.get("due").and_then(instant) {
        draft = draft.set_time("dueDateTime", due);
    }
    draft
}

/// The instant of a due date, which is kept to the minute.
pub(super) fn instant(minute: &Value) -> Option<DateTime<Utc>> {
    let minute = minute.as_text()?.strip_suffix('Z')?;
    chrono::NaiveDateTime::parse_from_str(minute, "%Y-%m-%dT%H:%M")
        .ok()
        .map(|at| at.and_utc())
}

fn ticket_key(id: &RecordId) -> Key {
    Key::new(KIND, System::Autotask, id.clone())
}

fn number(id: &RecordId) -> Result<i64, Failure> {
    id.number()
        .ok_or_else(|| Failure::retry(Malformed("an id in Autotask that is no number")))
}
