//! What is looked at in Jim2 before a line is written, and how a line whose answer was lost is found.

use domain::{Failure, Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use jim2::part_id;
use rust_decimal::Decimal;
use sync::{Act, Fields, SIGNED_OFF};

use super::{BillingHands, Malformed, jim2};
use crate::{
    INVOICE, KIND, ORDER, TICKET,
    beside::{self, Beside},
    gst::{self, Mismatch},
    halves,
    source::mark_of,
};

/// Why a line cannot be made on its job now.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotNow {
    /// New lines go to the job that follows it.
    #[error("job {0} is on an invoice: the line waits for a follow-on job")]
    Invoiced(i64),
    /// Its pair is looked at, which finds out.
    #[error("job {0} is not there")]
    Gone(i64),
    /// Somebody else pays for it.
    #[error("job {0} is invoiced to somebody else: the line waits for a job of its own payer")]
    OtherPayer(i64),
    /// Autotask shows an invoice with its totals before the last of its items hangs on it.
    #[error("${missing} ex GST of Autotask invoice {invoice} is not attached to it yet")]
    Unattached { missing: String, invoice: i64 },
    /// It is about to be invoiced.
    #[error("job {0} is Ready to be invoiced, and the line waits for that")]
    Ready(i64),
}

/// A line that is to be made.
struct Meant<'a> {
    from: &'a RecordId,
    job: i64,
    stock_code: &'a str,
    fields: &'a Fields,
}

impl<'a> Meant<'a> {
    fn of(act: &'a Act) -> Result<Option<Self>, Failure> {
        let Act::Create {
            on: System::Jim2,
            from,
            fields,
            ..
        } = act
        else {
            return Ok(None);
        };
        let job = fields.get("job").and_then(Value::as_number);
        let code = fields.get("stock_code").and_then(Value::as_text);
        let (Some(job), Some(stock_code)) = (job, code) else {
            return Err(Failure::retry(Malformed(
                "a line without job or stock code",
            )));
        };
        Ok(Some(Self {
            from,
            job,
            stock_code,
            fields,
        }))
    }

    /// The ticket or order of the job is looked at, because work waits for another job of it.
    fn wait(&self, why: NotNow) -> Failure {
        let ticket = self.named("ticket_of_job", TICKET);
        match ticket.or_else(|| self.named("order_of_job", ORDER)) {
            Some(owner) => Failure::wait_for(owner, why),
            None => Failure::retry(why),
        }
    }

    /// Nothing of an invoice is billed before all of it is there.
    fn is_whole(&self) -> Result<(), Failure> {
        let Some(missing) = self.fields.get("unattached").and_then(Value::as_text) else {
            return Ok(());
        };
        let invoice = self.fields.get("invoice").and_then(Value::as_number);
        let invoice = invoice.unwrap_or_default();
        // What is attached meanwhile tells nobody: the whole invoice is looked at.
        let all = Key::new(KIND, System::Autotask, format!("{INVOICE}{invoice}"));
        let missing = missing.to_owned();
        Err(Failure::wait_for(
            all,
            NotNow::Unattached { missing, invoice },
        ))
    }

    fn named(&self, name: &str, kind: Kind) -> Option<Key> {
        let id = self.fields.get(name).and_then(Value::as_text)?;
        Some(Key::new(kind, System::Autotask, id))
    }

    /// Whether the job is invoiced to another card than the one that pays for the line.
    fn has_other_payer(&self, job: &jim2::Job) -> bool {
        let pays = self.fields.get("customer").and_then(Value::as_number);
        let both = pays.zip(job.cust_no.get().copied());
        both.is_some_and(|(pays, customer)| pays != customer)
    }

    fn decimal(&self, name: &str) -> Option<Decimal> {
        self.fields.get(name)?.as_text()?.parse().ok()
    }

    fn key(&self) -> Key {
        Key::new(KIND, System::Autotask, self.from.clone())
    }

    /// A problem with what is to be written, before it is.
    fn problem(&self, code: &str, says: &str, who: Fixer, step: String) -> Problem {
        let net = self.decimal("net").unwrap_or_default();
        Problem {
            code: code.to_owned(),
            subject: Subject::Record {
                kind: KIND,
                system: System::Autotask,
                id: self.from.clone(),
            },
            field: None,
            says: format!("{} (${net:.2} ex GST) {says}", self.from),
            remedy: Remedy {
                who,
                step,
                continues: true,
            },
        }
    }
}

/// What a refusal of a new line means: one of a job that was invoiced meanwhile waits for the next job.
pub(super) fn refused(error: jim2::Error, from: &RecordId, job: i64, fields: &Fields) -> Failure {
    let meant = Meant {
        from,
        job,
        stock_code: "",
        fields,
    };
    if matches!(error, jim2::Error::JobInvoiced { .. }) {
        return meant.wait(NotNow::Invoiced(job));
    }
    error.into_failure(&meant.key())
}

impl BillingHands {
    /// Looks at job and stock, and holds the line for all that speaks against it.
    pub(super) async fn look_around(&self, act: &Act) -> Result<(), Failure> {
        let Some(meant) = Meant::of(act)? else {
            return Ok(());
        };
        meant.is_whole()?;
        let jobs = self.jim2.jobs(&[meant.job]).await;
        let jobs = jobs.map_err(jim2(meant.key()))?;
        let on_job = self.jim2.job_stock(&[meant.job]).await;
        let on_job = on_job.map_err(jim2(meant.key()))?;
        let code = meant.stock_code.to_owned();
        let stock = self.jim2.stock(std::slice::from_ref(&code)).await;
        let stock = stock.map_err(jim2(meant.key()))?;
        let Some(job) = jobs.first() else {
            return Err(meant.wait(NotNow::Gone(meant.job)));
        };
        if job.inv_no.get().is_some() {
            return Err(meant.wait(NotNow::Invoiced(meant.job)));
        }
        if meant.has_other_payer(job)
            && let Some(order) = meant.named("apart", ORDER)
        {
            return Err(Failure::wait_for(order, NotNow::OtherPayer(meant.job)));
        }
        if job.ready.get() == Some(&true) {
            return Err(Failure::retry(NotNow::Ready(meant.job)));
        }
        let mut problems = Vec::new();
        problems.extend(cancelled(&meant, job));
        problems.extend(other_payer(&meant, job));
        problems.extend(wrong_stock(&meant, stock.first()));
        let lines: Vec<Beside> = on_job.iter().map(halves::beside).collect();
        problems.extend(self.beside(&meant, &lines));
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Failure::Hold { problems })
        }
    }

    /// The lines of the meant job that carry the mark of the source.
    pub(super) async fn lines_of(&self, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let Some(meant) = Meant::of(act)? else {
            return Ok(Vec::new());
        };
        let Act::Create { reference, .. } = act else {
            return Ok(Vec::new());
        };
        let on_job = self.jim2.job_stock(&[meant.job]).await;
        let on_job = on_job.map_err(jim2(meant.key()))?;
        let is_it = |line: &&jim2::JobStock| {
            let words = line.description.get();
            words.and_then(|words| mark_of(words)) == Some(reference)
        };
        let id = |line: &jim2::JobStock| part_id::join(line.job_no, line.line_id).into();
        Ok(on_job.iter().filter(is_it).map(id).collect())
    }

    /// What the other lines of the job say against it.
    fn beside(&self, meant: &Meant<'_>, lines: &[Beside]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let job = meant.job;
        if !beside::stays_positive(lines, meant.decimal("net").unwrap_or_default()) {
            problems.push(meant.problem(
                "credit-too-large",
                &format!("would take more off job {job} than is on it"),
                Fixer::Finance,
                format!("Raise a Return From Customer on the invoice that it credits, and archive this item; or wait until job {job} has as much on it"),
            ));
        }
        let posted = meant.fields.get("posted").and_then(Value::as_text);
        let posted = posted.and_then(|posted| posted.parse().ok());
        let is_signed_off = meant.fields.get(SIGNED_OFF) == Some(&true.into());
        let ours = &self.settings.api_initials;
        if let Some(posted) = posted
            && !is_signed_off
            && let Some(line) = beside::typed_already(lines, meant.stock_code, posted, ours)
        {
            problems.push(meant.problem(
                "possibly-typed-twice",
                &format!("may be on job {job} already: {} typed {} \"{}\" there", line.by, line.stock_code, line.description),
                Fixer::Finance,
                format!("if it is the same, delete that line from job {job}, or keep it and archive this item"),
            ));
        }
        problems
    }
}

/// Nobody is to work on the job.
fn cancelled(meant: &Meant<'_>, job: &jim2::Job) -> Option<Problem> {
    let status = job.status.get().map_or("", String::as_str);
    status.eq_ignore_ascii_case("CANCEL").then(|| {
        let job = meant.job;
        meant.problem(
            "job-is-cancelled",
            &format!("is for job {job}, which is cancelled"),
            Fixer::Finance,
            format!("move job {job} back from CANCEL in Jim2, or archive this item"),
        )
    })
}

/// The job is invoiced to somebody else.
fn other_payer(meant: &Meant<'_>, job: &jim2::Job) -> Option<Problem> {
    let card = |card: Option<i64>| card.map_or_else(String::new, |card| card.to_string());
    meant.has_other_payer(job).then(|| {
        let pays = card(meant.fields.get("customer").and_then(Value::as_number));
        let customer = card(job.cust_no.get().copied());
        meant.problem(
            "other-payer",
            &format!(
                "is to be paid by card {pays}, and job {} is invoiced to card {customer}",
                meant.job
            ),
            Fixer::Finance,
            format!(
                "put Cust# of job {} right in Jim2, or bill it to card {pays} by hand and archive this item",
                meant.job
            ),
        )
    })
}

/// The stock code is not there, is withdrawn, or is taxed otherwise than in Autotask.
fn wrong_stock(meant: &Meant<'_>, stock: Option<&jim2::Stock>) -> Option<Problem> {
    let code = meant.stock_code;
    let Some(stock) = stock.filter(|stock| stock.active.get() != Some(&false)) else {
        return Some(meant.problem(
            "no-such-stock",
            &format!("is sold as {code}, which Jim2 does not sell"),
            Fixer::Finance,
            format!("add or activate stock {code} in Jim2, or map the billing code to another stock code"),
        ));
    };
    let sells = stock.sell_tax_code.get()?;
    let (net, tax) = (meant.decimal("net")?, meant.decimal("tax")?);
    let (says, step) = match gst::check(net, tax, sells) {
        Ok(()) => return None,
        Err(Mismatch::Jim2Taxes) => (
            format!("has no GST in Autotask, and stock {code} is sold with GST ({sells})"),
            "map its billing code to a GST-free stock code, or put its tax right in Autotask and post it again",
        ),
        Err(Mismatch::Jim2DoesNot) => (
            format!("has ${tax:.2} GST in Autotask, and stock {code} is sold without ({sells})"),
            "map its billing code to a stock code with GST, or put its tax right in Autotask and post it again",
        ),
    };
    Some(meant.problem("gst-differs", &says, Fixer::Finance, step.to_owned()))
}
