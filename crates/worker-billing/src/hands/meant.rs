//! A line that is to be made, and why it cannot be now.

use domain::{Failure, Fixer, Key, Kind, Problem, RecordId, Remedy, Subject, System, Value};
use rust_decimal::Decimal;
use sync::{Act, Fields};

use super::Malformed;
use crate::{INVOICE, KIND, ORDER, TICKET};

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
}

/// A line that is to be made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meant<'a> {
    pub(super) from: &'a RecordId,
    pub(super) job: i64,
    pub(super) stock_code: &'a str,
    pub(super) fields: &'a Fields,
    /// The mark that it ends with.
    pub(super) mark: &'a str,
}

impl<'a> Meant<'a> {
    pub(super) fn of(act: &'a Act) -> Result<Option<Self>, Failure> {
        let Act::Create {
            on: System::Jim2,
            from,
            reference,
            fields,
            ..
        } = act
        else {
            return Ok(None);
        };
        let job = fields.get("job").and_then(Value::as_number);
        let code = fields.get("stock_code").and_then(Value::as_text);
        if code.is_none() && fields.contains_key("stock_no") {
            return Ok(None); // Its code is read when it is prepared, and never before.
        }
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
            mark: reference,
        }))
    }

    /// The ticket or order of the job is looked at, because work waits for another job of it.
    pub(super) fn wait(&self, why: NotNow) -> Failure {
        let ticket = self.named("ticket_of_job", TICKET);
        match ticket.or_else(|| self.named("order_of_job", ORDER)) {
            Some(owner) => Failure::wait_for(owner, why),
            None => Failure::retry(why),
        }
    }

    /// Nothing of an invoice is billed before all of it is there.
    pub(super) fn is_whole(&self) -> Result<(), Failure> {
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

    pub(super) fn named(&self, name: &str, kind: Kind) -> Option<Key> {
        let id = self.fields.get(name).and_then(Value::as_text)?;
        Some(Key::new(kind, System::Autotask, id))
    }

    /// Whether the job is invoiced to another card than the one that pays for the line.
    pub(super) fn has_other_payer(&self, job: &jim2::Job) -> bool {
        let pays = self.fields.get("customer").and_then(Value::as_number);
        let both = pays.zip(job.cust_no.get().copied());
        both.is_some_and(|(pays, customer)| pays != customer)
    }

    /// Whether the job comes to less with it.
    pub(super) fn takes_off(&self) -> bool {
        self.decimal("net").is_none_or(|net| net.is_sign_negative())
    }

    pub(super) fn decimal(&self, name: &str) -> Option<Decimal> {
        self.fields.get(name)?.as_text()?.parse().ok()
    }

    pub(super) fn key(&self) -> Key {
        Key::new(KIND, System::Autotask, self.from.clone())
    }

    /// A problem with what is to be written, before it is.
    pub(super) fn problem(&self, code: &str, says: &str, who: Fixer, step: String) -> Problem {
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
        mark: "",
    };
    if matches!(error, jim2::Error::JobInvoiced { .. }) {
        return meant.wait(NotNow::Invoiced(job));
    }
    error.into_failure(&meant.key())
}
