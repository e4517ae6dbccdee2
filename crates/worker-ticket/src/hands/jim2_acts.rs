//! Writing jobs and comments.

use autotask::{Filter, Query, Ticket};
use domain::{Failure, Key, RecordId, System, Told, Value};
use jim2::{Created, JobChanges, JobCreate};
use sync::{Act, Fields, workflow};

use super::{Malformed, TicketHands, autotask_acts::instant, refused};
use crate::{KIND, halves};

impl TicketHands {
    pub(super) async fn perform_on_jim2(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match act {
            Act::Create {
                from,
                reference,
                fields,
                ..
            } => self.make_job(from, reference, fields).await.map(Some),
            Act::Update { id, fields, .. } => {
                let written = self.write_job(number(id)?, &changes(fields)).await;
                written.map_err(|error| refused::failure(error, &job_key(id), fields))?;
                Ok(None)
            }
            Act::Refer {
                id, to, generation, ..
            } => {
                let ticket = to
                    .as_ref()
                    .ok_or_else(|| Failure::retry(Malformed("a reference to nothing")))?;
                self.refer_job(id, ticket, *generation).await?;
                Ok(None)
            }
            Act::CreateChild { under, text, .. } => {
                let job = under
                    .as_ref()
                    .ok_or_else(|| Failure::retry(Malformed("a comment under nothing")))?;
                self.check_open(job).await?;
                let job_no = number(job)?;
                let line = self.jim2.add_job_comment(job_no, text, false).await;
                let line = line.map_err(|error| error.into_failure(&job_key(job)))?;
                Ok(Some(jim2::part_id::join(job_no, line).into()))
            }
            Act::UpdateChild {
                under, id, text, ..
            } => {
                self.check_open(under).await?;
                let line = id
                    .as_str()
                    .rsplit('-')
                    .next()
                    .and_then(|line| line.parse().ok());
                let line =
                    line.ok_or_else(|| Failure::retry(Malformed("a comment without a line")))?;
                let written = self
                    .jim2
                    .update_job_comment(number(under)?, line, text)
                    .await;
                written.map_err(|error| error.into_failure(&job_key(under)))?;
                Ok(None)
            }
        }
    }

    /// Makes the job, by one write: the rest of the way to its status, and the time of day it is due, are steps of
    /// their own. An assignee whom Jim2 refuses (a leaver, or one whom the Item does not allow) is no reason to have
    /// no job: the site's fallback takes the place, or nobody.
    async fn make_job(
        &self,
        from: &RecordId,
        reference: &str,
        fields: &Fields,
    ) -> Result<RecordId, Failure> {
        let key = Key::new(KIND, System::Autotask, from.clone());
        let mut job = self.new_job(reference, fields)?;
        let mut fallback = self.settings.fallback_initials.clone();
        let wanted = job.name_init.clone();
        let created = loop {
            match self.jim2.create_job(&job, reference, false).await {
                Err(error)
                    if job
                        .name_init
                        .as_deref()
                        .is_some_and(|initials| error.is_only_about("name", initials)) =>
                {
                    let instead = fallback
                        .take()
                        .filter(|it| job.name_init.as_ref() != Some(it));
                    tracing::warn!(
                        reference,
                        refused = job.name_init,
                        instead,
                        "Jim2 does not take the assignee of a new job"
                    );
                    job.name_init = instead;
                }
                answer => break answer.map_err(|error| refused::failure(error, &key, fields))?,
            }
        };
        match created {
            Created::Job { job_no } => {
                if let Some(refused) = wanted.as_ref().filter(|_| job.name_init != wanted) {
                    self.name_the_refused(job_no, refused).await;
                }
                Ok(job_no.into())
            }
            Created::Queued { .. } => Err(Failure::Unsure {
                source: Malformed("Jim2 queued the job although it was not asked to").into(),
            }),
        }
    }

    /// Says on the job who was to have it. The job is there whether or not this can be said.
    async fn name_the_refused(&self, job_no: i64, initials: &str) {
        if !self.settings.comments_writable {
            return;
        }
        let name = self.settings.users.get(initials);
        let who = name.map_or_else(
            || initials.to_owned(),
            |name| format!("{name} ({initials})"),
        );
        let text =
            format!("In Autotask this is assigned to {who}, whom Jim2 does not take for this job.");
        if let Err(error) = self.jim2.add_job_comment(job_no, &text, false).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(
                job.no = job_no,
                error,
                "the job does not say who was to have it"
            );
        }
    }

    /// A service Item has a fault description and keeps its own text; a sales Item is the other way round.
    fn new_job(&self, reference: &str, fields: &Fields) -> Result<JobCreate, Failure> {
        let text = |name: &str| fields.get(name).and_then(Value::as_text).map(str::to_owned);
        let card = |name: &str| fields.get(name).and_then(Value::as_number);
        let item_code = text("item");
        let is_sales = item_code
            .as_deref()
            .is_some_and(|item| self.settings.is_sales(item));
        Ok(JobCreate {
            cust_no: card("customer")
                .ok_or_else(|| Failure::retry(Malformed("a job without a customer")))?,
            ship_no: card("ship"),
            contract_no: card("contract"),
            asset_no: card("asset"),
            serial_no: text("serial"),
            item_code,
            job_type: text("type"),
            status: text("status"),
            priority: text("priority"),
            our_ref: Some(reference.to_owned()),
            cust_ref: text("cust_ref"),
            fault_desc: text("fault").filter(|_| !is_sales),
            invoice_desc: text("resolution").or_else(|| text("invoice_desc")),
            item_desc: text("item_desc").filter(|_| is_sales),
            name_init: text("assignee"),
            attn: text("attn"),
            date_due: fields.get("due_day").and_then(instant),
        })
    }

    async fn write_job(&self, id: i64, changes: &JobChanges) -> Result<(), jim2::Error> {
        if changes.is_empty() {
            return Ok(());
        }
        self.jim2.update_job(id, changes).await
    }

    /// Our Ref is the ticket's number, which people can read, and not its id.
    async fn refer_job(
        &self,
        id: &RecordId,
        ticket: &RecordId,
        generation: i32,
    ) -> Result<(), Failure> {
        let wanted = ticket
            .number()
            .ok_or_else(|| Failure::retry(Malformed("a ticket without a number")))?;
        let query = Query::of(Filter::eq("id", wanted)).only(&["ticketNumber"]);
        let key = Key::new(KIND, System::Autotask, ticket.clone());
        let found: Vec<Ticket> = self
            .autotask
            .query_all(&query)
            .await
            .map_err(|error| error.into_failure(&key))?;
        let number = found.first().and_then(|ticket| ticket.ticket_number.get());
        let number =
            number.ok_or_else(|| Failure::retry(Malformed("the ticket is not there any more")))?;
        let changes = JobChanges {
            our_ref: Told::Is(format!("{number}/{generation}")),
            ..JobChanges::default()
        };
        let written = self.write_job(self::number(id)?, &changes).await;
        written.map_err(|error| error.into_failure(&job_key(id)))
    }

    /// A comment is an edit, too: on a finished job it would move the date of the invoice.
    async fn check_open(&self, id: &RecordId) -> Result<(), Failure> {
        let jobs = self.jim2.jobs(&[number(id)?]).await;
        let jobs = jobs.map_err(|error| error.into_failure(&job_key(id)))?;
        let closed = jobs
            .first()
            .and_then(|job| workflow::closed(&KIND, &halves::job(job, &[], &self.settings)));
        match closed {
            None => Ok(()),
            Some(mut problem) => {
                problem.field = Some("notes".to_owned());
                Err(Failure::Hold {
                    problems: vec![*problem],
                })
            }
        }
    }
}

fn changes(fields: &Fields) -> JobChanges {
    let text = |name: &str| match fields.get(name) {
        None => Told::Not,
        Some(value) => value
            .as_text()
            .map_or(Told::Empty, |text| Told::Is(text.to_owned())),
    };
    let date_due = match fields.get("due") {
        None => Told::Not,
        Some(due) => instant(due).map_or(Told::Empty, Told::Is),
    };
    JobChanges {
        status: text("status"),
        cust_ref: text("cust_ref"),
        priority: text("priority"),
        job_type: text("type"),
        fault_desc: text("fault"),
        item_desc: text("item_desc"),
        invoice_desc: match text("resolution") {
            Told::Not => text("invoice_desc"),
            told @ (Told::Empty | Told::Is(_)) => told,
        },
        name_init: text("assignee"),
        item_code: text("item"),
        contract_no: number_told(fields, "contract"),
        asset_no: number_told(fields, "asset"),
        date_due,
        our_ref: Told::Not,
    }
}

fn number_told(fields: &Fields, name: &str) -> Told<i64> {
    match fields.get(name) {
        None => Told::Not,
        Some(value) => value.as_number().map_or(Told::Empty, Told::Is),
    }
}

fn job_key(id: &RecordId) -> Key {
    Key::new(KIND, System::Jim2, id.clone())
}

fn number(id: &RecordId) -> Result<i64, Failure> {
    id.number()
        .ok_or_else(|| Failure::retry(Malformed("a job number that is no number")))
}
