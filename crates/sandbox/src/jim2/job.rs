//! The rules a job's header obeys, whoever writes it.

use super::change::{Object, Operation};
use super::input::Input;
use super::list;
use super::record::{Comment, Job};
use super::refusal::Refusal;
use super::world::{Actor, World};

/// A field of a job's header, in the order in which fields are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JobField {
    Item,
    Customer,
    Ship,
    From,
    Type,
    Priority,
    CustRef,
    OurRef,
    FaultDesc,
    InvoiceDesc,
    ItemDesc,
    Serial,
    Attn,
    Name,
    AccountManager,
    Branch,
    SubBranch,
    GlDept,
    TaxInc,
    DateDue,
    StatusDue,
    Status,
}

impl JobField {
    /// The field that goes by this name in any of the API's spellings, or in an operator's.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "item" | "itemno" | "itemcode" => Self::Item,
            "customer" | "custno" => Self::Customer,
            "ship" | "shipto" | "shipno" => Self::Ship,
            "from" | "fromno" => Self::From,
            "type" | "jobtype" => Self::Type,
            "priority" => Self::Priority,
            "custref" | "custrefno" => Self::CustRef,
            "ourref" => Self::OurRef,
            "faultdesc" => Self::FaultDesc,
            "invoicedesc" => Self::InvoiceDesc,
            "itemdesc" => Self::ItemDesc,
            "serial" | "serialno" => Self::Serial,
            "attn" | "shipattn" => Self::Attn,
            "name" | "nameinit" => Self::Name,
            "accountmgr" | "accmgrinit" => Self::AccountManager,
            "branchcode" => Self::Branch,
            "subbranchcode" => Self::SubBranch,
            "gldeptcode" => Self::GlDept,
            "taxinc" => Self::TaxInc,
            "datedue" => Self::DateDue,
            "statusdue" => Self::StatusDue,
            "status" => Self::Status,
            _ => return None,
        })
    }
}

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
        if let Some(user) = job.locked_by.as_ref().filter(|by| **by != actor.initials) {
            return Err(Refusal::chosen(
                self.options.locked_status,
                "job-locked",
                format!("Job {no} is being edited by {user}; try again when {user} has closed it."),
            ));
        }
        if let Some(status) = list::status(&job.status) {
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
        self.apply(&mut job, actor, fields)?;
        if job.ship == 0 {
            job.ship = job.customer;
        }
        if job.from == 0 {
            job.from = job.customer;
        }
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

    fn blank_job(&self, actor: &Actor) -> Job {
        let now = self.now();
        let item = list::find_item(&self.options.default_item);
        let mut job = Job {
            no: self.last_job + 1,
            customer: 0,
            ship: 0,
            from: 0,
            status: list::BOOKED.to_owned(),
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
            locked_by: None,
            made_by: actor.initials.clone(),
            modified: self.stamp(actor),
            comments: Vec::new(),
            stock: Vec::new(),
            labour: Vec::new(),
            last_stock_line: 0,
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

    fn set(
        &self,
        job: &mut Job,
        actor: &Actor,
        field: JobField,
        input: &Input,
    ) -> Result<(), Refusal> {
        let zone = self.options.time_zone;
        match field {
            JobField::Item => set_item(job, input)?,
            JobField::Customer => job.customer = self.card_number(input)?,
            JobField::Ship => job.ship = self.card_number(input)?,
            JobField::From => job.from = self.card_number(input)?,
            JobField::Type => job.kind = listed(input, list::JOB_TYPES, "unknown-type")?,
            JobField::Priority => {
                job.priority = listed(input, list::PRIORITIES, "unknown-priority")?;
            }
            JobField::CustRef => job.cust_ref = input.text(50)?,
            JobField::OurRef => job.our_ref = input.text(50)?,
            JobField::FaultDesc => job.fault_desc = fault_desc(job, input)?,
            JobField::InvoiceDesc => job.invoice_desc = input.long_text()?,
            JobField::ItemDesc => job.item_desc = input.text(255)?,
            JobField::Serial => job.serial = input.text(50)?,
            JobField::Attn => job.attn = input.text(51)?,
            JobField::Name => job.name = self.allowed_name(job, input)?,
            JobField::AccountManager => job.account_manager = self.manager(input)?,
            JobField::Branch => job.branch = input.text(10)?,
            JobField::SubBranch => job.sub_branch = input.text(10)?,
            JobField::GlDept => job.gl_dept = input.text(10)?,
            JobField::TaxInc => job.tax_inc = input.flag()?,
            JobField::DateDue => job.date_due = input.moment(zone)?,
            JobField::StatusDue => job.status_due = input.moment(zone)?,
            JobField::Status => self.change_status(job, actor, input)?,
        }
        Ok(())
    }

    /// Moves a job along the workflow and leaves the stamp; the same status again is nothing.
    fn change_status(&self, job: &mut Job, actor: &Actor, input: &Input) -> Result<(), Refusal> {
        let name = input.text(10)?;
        let Some(target) = list::status(&name) else {
            return Err(input.refuse("unknown-status", &format!("There is no job status {name}")));
        };
        if target.name == job.status {
            return Ok(());
        }
        let links = list::status(&job.status).map_or(&[] as &[&str], |status| status.links);
        if !links.contains(&target.name) {
            return Err(input.refuse(
                "status-not-linked",
                &format!(
                    "Job {} cannot go from {} to {name}: from there the workflow leads to {}",
                    job.no,
                    job.status,
                    if links.is_empty() {
                        "nothing".to_owned()
                    } else {
                        links.join(", ")
                    },
                ),
            ));
        }
        check_level(actor, target, &format!("put job {} on", job.no))?;
        target.name.clone_into(&mut job.status);
        job.status_date = self.now();
        self.add_stamp_line(job, actor);
        Ok(())
    }

    fn add_stamp_line(&self, job: &mut Job, actor: &Actor) {
        let text = if self.options.status_stamp_text {
            format!("Status changed to {}", job.status)
        } else {
            String::new()
        };
        job.comments.push(Comment {
            line: job.comments.last().map_or(1, |last| last.line + 1),
            include: false,
            status: job.status.clone(),
            text,
            modified: self.stamp(actor),
        });
    }

    /// The number of an active card, given as a number or as `{cardNo, cardCode}` that agree.
    fn card_number(&self, input: &Input) -> Result<i64, Refusal> {
        let no = if input.value.is_object() {
            self.card_reference(input)?
        } else {
            input.whole()?.ok_or_else(|| input.wrong("a card number"))?
        };
        match self.cards.get(&no) {
            Some(card) if card.active => Ok(no),
            Some(card) => Err(input.refuse(
                "card-inactive",
                &format!("CardFile {no} ({}) is not active", card.name),
            )),
            None => Err(input.refuse("unknown-card", &format!("There is no cardfile {no}"))),
        }
    }

    fn card_reference(&self, input: &Input) -> Result<i64, Refusal> {
        let (mut no, mut code) = (None, None);
        for member in input.members()? {
            match member.name.as_str() {
                "cardNo" => no = member.whole()?,
                "cardCode" => code = Some(member.text(10)?).filter(|code| !code.is_empty()),
                _ => return Err(unknown_member(&member)),
            }
        }
        let by_code = match &code {
            Some(code) => Some(self.card_by_code(code).ok_or_else(|| {
                input.refuse(
                    "unknown-card",
                    &format!("There is no cardfile with the code {code}"),
                )
            })?),
            None => None,
        };
        match (no, by_code) {
            (Some(no), Some(card)) if card.no != no => Err(input.refuse(
                "card-mismatch",
                &format!(
                    "Card code {} belongs to cardfile {}, not {no}",
                    card.code, card.no
                ),
            )),
            (Some(no), _) => Ok(no),
            (None, Some(card)) => Ok(card.no),
            (None, None) => Err(input.refuse(
                "card-required",
                &format!("{} needs cardNo or cardCode", input.name),
            )),
        }
    }

    fn allowed_name(&self, job: &Job, input: &Input) -> Result<String, Refusal> {
        let initials = input.text(3)?;
        if initials.is_empty() {
            return Ok(initials);
        }
        let Some(initials) = self.user_initials(&initials) else {
            return Err(input.refuse(
                "unknown-user",
                &format!("There is no active user with the initials {initials}"),
            ));
        };
        let allowed = self.options.item_users.get(&job.item);
        if allowed.is_some_and(|users| !users.contains(&initials)) {
            return Err(input.refuse(
                "name-not-allowed",
                &format!("{initials} is not ticked on Item {}", job.item),
            ));
        }
        Ok(initials)
    }

    /// The initials of an account manager, given as a card reference or as initials.
    fn manager(&self, input: &Input) -> Result<String, Refusal> {
        let initials = if input.value.is_object() {
            let no = self.card_number(input)?;
            let user = self.cards.get(&no).and_then(|card| card.user.as_ref());
            user.map(|user| user.initials.clone())
        } else {
            self.user_initials(&input.text(3)?)
        };
        initials.ok_or_else(|| {
            input.refuse(
                "unknown-user",
                &format!("{} is not an active user", input.value),
            )
        })
    }
}

/// The refusal for a field of a body that Jim2 does not know.
pub(crate) fn unknown_member(input: &Input) -> Refusal {
    input.refuse(
        "unknown-field",
        &format!("{} is not a field that this call takes", input.name),
    )
}

/// A value of a list, in the list's own spelling.
pub(crate) fn listed(
    input: &Input,
    values: &'static [&'static str],
    code: &'static str,
) -> Result<String, Refusal> {
    let text = input.long_text()?;
    list::spelling(values, &text)
        .map(str::to_owned)
        .ok_or_else(|| {
            let choice = values.join(", ");
            input.refuse(
                code,
                &format!("{} has no value {text:?}; it takes {choice}", input.name),
            )
        })
}

fn check_level(actor: &Actor, status: &list::Status, what: &str) -> Result<(), Refusal> {
    if actor.level >= status.level {
        return Ok(());
    }
    Err(Refusal::new(
        axum::http::StatusCode::FORBIDDEN,
        "status-level",
        format!(
            "{} has status level {} and may not {what} {}, which needs level {}.",
            actor.initials, actor.level, status.name, status.level
        ),
    ))
}

fn set_item(job: &mut Job, input: &Input) -> Result<(), Refusal> {
    let code = if input.value.is_object() {
        let members = input.members()?;
        match members.as_slice() {
            [member] if member.name == "code" => member.long_text()?,
            _ => return Err(input.wrong("an object with the member code")),
        }
    } else {
        input.long_text()?
    };
    let Some(item) = list::find_item(&code) else {
        return Err(input.refuse("unknown-item", &format!("Item:{code} is not Found!")));
    };
    item.code.clone_into(&mut job.item);
    item.description.clone_into(&mut job.item_desc);
    Ok(())
}

fn fault_desc(job: &Job, input: &Input) -> Result<String, Refusal> {
    let text = input.long_text()?;
    let service = list::find_item(&job.item).is_some_and(|item| item.service);
    if service || text.is_empty() {
        return Ok(text);
    }
    Err(input.refuse(
        "fault-desc-service-only",
        &format!(
            "Item {} is not a service Item, so its jobs have no fault description",
            job.item
        ),
    ))
}

fn comment_lines(job: &Job) -> Vec<i64> {
    job.comments.iter().map(|comment| comment.line).collect()
}
