//! Looking for what may be there already of a record that is to be made: by a lost answer, or by a person.

use autotask::{Filter, Query, Ticket};
use domain::{Key, RecordId, System, Told, Value};
use jim2::Job;
use sync::{Act, Fields, SIGNED_OFF};

use super::TicketHands;
use crate::{KIND, halves};

/// A job that is to be made.
pub(super) struct Sought<'a> {
    from: &'a RecordId,
    reference: &'a str,
    generation: i32,
    /// The customer through whose open jobs is looked for the ticket's number, unless a person has.
    customer: Option<i64>,
}

impl<'a> Sought<'a> {
    /// What an act makes in Jim2, if that is what it does.
    pub(super) fn of(act: &'a Act) -> Option<Self> {
        let Act::Create {
            on: System::Jim2,
            from,
            generation,
            reference,
            fields,
        } = act
        else {
            return None;
        };
        Some(Self {
            from,
            reference,
            generation: *generation,
            customer: customer(fields).filter(|_| *generation == 1),
        })
    }

    /// The ticket that it is made for.
    pub(super) fn ticket(&self) -> Key {
        Key::new(KIND, System::Autotask, self.from.clone())
    }

    /// The ticket's number.
    pub(super) fn number(&self) -> &'a str {
        self.reference.split('/').next().unwrap_or(self.reference)
    }

    /// Whether the job carries this reference; the bare ticket number, as people type it, is its first generation.
    fn is_named(&self, job: &Job) -> bool {
        job.our_ref.get().is_some_and(|our_ref| {
            let our_ref = our_ref.trim();
            our_ref.eq_ignore_ascii_case(self.reference)
                || (self.generation == 1 && our_ref.eq_ignore_ascii_case(self.number()))
        })
    }
}

fn customer(fields: &Fields) -> Option<i64> {
    let is_signed_off = fields.get(SIGNED_OFF) == Some(&true.into());
    let customer = fields.get("customer").and_then(Value::as_number);
    customer.filter(|_| !is_signed_off)
}

impl TicketHands {
    /// The jobs that carry the reference.
    pub(super) async fn jobs_named(
        &self,
        sought: &Sought<'_>,
    ) -> Result<Vec<RecordId>, jim2::Error> {
        let jobs = self.jim2.jobs_by_ref(&[sought.number().to_owned()]).await?;
        let named = jobs.iter().filter(|job| sought.is_named(job));
        Ok(named.map(|job| job.job_no.into()).collect())
    }

    /// The jobs of the customer on which somebody wrote the ticket's number.
    pub(super) async fn jobs_about(
        &self,
        sought: &Sought<'_>,
    ) -> Result<Vec<RecordId>, jim2::Error> {
        if sought.customer.is_none() {
            return Ok(Vec::new());
        }
        let jobs = self.mentioning(&[sought]).await?;
        let about = jobs.iter().filter(|job| self.is_about(sought, job));
        Ok(about.map(|job| job.job_no.into()).collect())
    }

    /// Of jobs to be made, those of which nothing is there: a call for all of them.
    pub(super) async fn new_jobs(
        &self,
        sought: &[(&Act, Sought<'_>)],
    ) -> Result<Vec<Act>, jim2::Error> {
        let all: Vec<_> = sought.iter().map(|(_, sought)| sought).collect();
        let jobs = self.mentioning(&all).await?;
        let is_new = |sought: &Sought<'_>| {
            let mut jobs = jobs.iter();
            !jobs.any(|job| sought.is_named(job) || self.is_about(sought, job))
        };
        let new = sought.iter().filter(|(_, sought)| is_new(sought));
        Ok(new.map(|(act, _)| (*act).clone()).collect())
    }

    async fn mentioning(&self, sought: &[&Sought<'_>]) -> Result<Vec<Job>, jim2::Error> {
        let numbers: Vec<_> = sought.iter().map(|it| it.number().to_owned()).collect();
        let mut customers: Vec<_> = sought.iter().filter_map(|it| it.customer).collect();
        customers.sort_unstable();
        customers.dedup();
        self.jim2.jobs_mentioning(&numbers, &customers).await
    }

    /// Whether the job is this customer's, not invoiced yet, with the ticket's number in its customer's reference, as people
    /// write it there; those of other tickets are not.
    fn is_about(&self, sought: &Sought<'_>, job: &Job) -> bool {
        let has_number = |text: &String| {
            let number = sought.number().to_lowercase();
            text.to_lowercase().contains(&number)
        };
        sought.customer.is_some()
            && job.cust_no.get().copied() == sought.customer
            && !matches!(job.inv_no, Told::Is(_))
            && job.cust_ref.get().is_some_and(has_number)
            && halves::job(job, &[], &self.settings).points_to.is_none()
    }

    /// The tickets that name this job as theirs.
    pub(super) async fn tickets_naming(&self, job: &str) -> Result<Vec<RecordId>, autotask::Error> {
        let filter = match self.settings.job_no_udf.as_str() {
            "" => Filter::eq("externalID", job),
            name => Filter::eq(name, job).udf(),
        };
        let query = Query::of(filter).only(&["ticketNumber"]);
        let found: Vec<Ticket> = self.autotask.query_all(&query).await?;
        Ok(found.into_iter().map(|ticket| ticket.id.into()).collect())
    }
}
