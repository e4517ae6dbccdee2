//! The rules a job's header obeys, whoever writes it.

mod field;
mod reference;
mod workflow;

pub(crate) use self::field::JobField;
use self::workflow::check_level;
use super::change::{Object, Operation};
use super::input::Input;
use super::list;
use super::lock::Record;
use super::record::{Job, Made};
use super::refusal::Refusal;
use super::status;
use super::world::{Actor, World};

impl World {
    /// A copy of a job that `actor` may edit: not invoiced, not Ready, not open elsewhere, on a status of its level.
    pub(crate) fn editable_job(&self, no: i64, actor: &Actor) -> Result<Job, Refusal> {
        let job = self.job(no)?;
        if let Some(invoice) = job.invoice {
            return Err(Refusal::chosen(
                self.options.invoiced_status,
                "job-invoiced",
                format!("Job {no} is on invoice {invoice} and cannot be changed; open a new job."),
            ));
        }
        if job.ready {
            return Err(Refusal::chosen(
                self.options.ready_status,
                "job-ready",
                format!(
                    "Job {no} is Ready to invoice; a user must un-ready it before it can be changed."
                ),
            ));
        }
        self.check_unlocked(Record::Job(no), actor)?;
        if let Some(status) = self.workflow.find(&job.status) {
            check_level(actor, status, &format!("edit job {no} on"))?;
        }
        Ok(job.clone())
    }

    /// Makes a job, as `actor`, and answers its number.
    pub(crate) fn create_job(
        &mut self,
        actor: &Actor,
        fields: Vec<(JobField, Input)>,
    ) -> Result<i64, Refusal> {
        if !fields.iter().any(|(field, _)| *field == JobField::Customer) {
            return Err(Refusal::invalid(
                "customer-required",
                "A job needs a customer: give the card number or the card code.",
            ));
        }
        let mut job = self.blank_job(actor);
        let tells_tax = fields.iter().any(|(field, _)| *field == JobField::TaxInc);
        self.apply(&mut job, actor, fields)?;
        if !tells_tax {
            job.tax_inc = self.is_tax_paid(job.customer);
        }
        if job.ship == 0 {
            job.ship = job.customer;
        }
        if job.from == 0 {
            job.from = job.customer;
        }
        job.made = Some(Made::of(&job));
        self.last_job = job.no;
        let (no, lines) = (job.no, comment_lines(&job));
        self.jobs.insert(no, job);
        self.log(Object::Job, no.to_string(), Operation::Insert, actor);
        for line in lines {
            self.log(
                Object::JobComment,
                format!("{no}-{line}"),
                Operation::Insert,
                actor,
            );
        }
        Ok(no)
    }

    /// Whether a customer's prices have tax in them.
    fn is_tax_paid(&self, customer: i64) -> bool {
        let card = self.cards.get(&customer);
        let customer = card.and_then(|card| card.customer.as_ref());
        customer.is_some_and(|customer| customer.tax_paid)
    }

    /// Changes fields of a job's header: all of them, or none and why.
    pub(crate) fn edit_job(
        &mut self,
        no: i64,
        actor: &Actor,
        fields: Vec<(JobField, Input)>,
    ) -> Result<(), Refusal> {
        let mut job = self.editable_job(no, actor)?;
        self.apply(&mut job, actor, fields)?;
        self.save_job(job, actor);
        Ok(())
    }

    /// Stores an edited job: stamps it, moves its Date Out, logs it and its new comment lines.
    pub(crate) fn save_job(&mut self, mut job: Job, actor: &Actor) {
        job.modified = self.stamp(actor);
        job.date_out = job.modified.at;
        let no = job.no;
        let known = self.jobs.get(&no).map(comment_lines).unwrap_or_default();
        let lines = comment_lines(&job);
        self.jobs.insert(no, job);
        self.log(Object::Job, no.to_string(), Operation::Update, actor);
        for line in lines.into_iter().filter(|line| !known.contains(line)) {
            self.log(
                Object::JobComment,
                format!("{no}-{line}"),
                Operation::Insert,
                actor,
            );
        }
    }

    /// The next job: booked, with its first stamp, and nothing else in it.
    pub(crate) fn blank_job(&self, actor: &Actor) -> Job {
        let now = self.now();
        let item = list::find_item(&self.options.default_item);
        let mut job = Job {
            no: self.last_job + 1,
            customer: 0,
            ship: 0,
            from: 0,
            status: status::BOOKED.to_owned(),
            status_date: now,
            status_due: None,
            cust_ref: String::new(),
            our_ref: String::new(),
            priority: "Normal".to_owned(),
            kind: "Normal".to_owned(),
            fault_desc: String::new(),
            invoice_desc: String::new(),
            item_desc: item.map_or("", |item| item.description).to_owned(),
            item: item.map_or("", |item| item.code).to_owned(),
            serial: String::new(),
            name: String::new(),
            account_manager: String::new(),
            attn: String::new(),
            branch: String::new(),
            sub_branch: String::new(),
            gl_dept: String::new(),
            tax_inc: false,
            date_in: now,
            date_due: None,
            date_out: now,
            ready: false,
            invoice: None,
            previous: None,
            contract: None,
            asset: None,
            made: None,
            modified: self.stamp(actor),
            comments: Vec::new(),
            stock: Vec::new(),
            labour: Vec::new(),
            last_stock: 0,
            last_labour: 0,
            last_comment: 0,
        };
        self.add_stamp_line(&mut job, actor);
        job
    }

    fn apply(
        &self,
        job: &mut Job,
        actor: &Actor,
        mut fields: Vec<(JobField, Input)>,
    ) -> Result<(), Refusal> {
        fields.sort_by_key(|(field, _)| *field);
        for (field, input) in &fields {
            self.set(job, actor, *field, input)?;
        }
        Ok(())
    }
}

fn comment_lines(job: &Job) -> Vec<i64> {
    job.comments.iter().map(|comment| comment.line).collect()
}
