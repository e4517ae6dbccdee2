//! What a job lets be done to its labour. Any edit moves the date of its invoice, until that is made.

use domain::{Fixer, Problem, Remedy, Subject, System, Value};
use sync::Half;

use crate::KIND;

/// Whether a job takes labour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Takes {
    /// It does.
    Yes,
    /// It is on an invoice: new labour goes to a follow-on job.
    Never,
    /// Not now: its invoice is about to be made, and new labour waits for that or for a person who takes it back.
    NotNow(Box<Problem>),
    /// A person decides.
    Ask(Box<Problem>),
}

/// Whether a job that is told of in these facts takes labour.
pub(crate) fn takes(half: &Half) -> Takes {
    let status = half.fact("status").and_then(Value::as_text).unwrap_or("");
    let upper = status.to_uppercase();
    if half.fact("invoice").is_some() {
        Takes::Never
    } else if half.is("ready") {
        Takes::NotNow(Box::new(ready(half)))
    } else if upper == "FINISH" || upper.starts_with("RAI.") {
        Takes::NotNow(Box::new(finished(half, status)))
    } else if upper == "CANCEL" {
        Takes::Ask(Box::new(cancelled(half)))
    } else {
        Takes::Yes
    }
}

/// Why the labour on a line's job stays as it is.
pub(super) fn closed(line: &Half) -> Option<Box<Problem>> {
    match takes(line) {
        Takes::Yes => None,
        Takes::Never => Some(Box::new(invoiced(line))),
        Takes::NotNow(problem) | Takes::Ask(problem) => Some(problem),
    }
}

fn invoiced(half: &Half) -> Problem {
    let invoice = half.fact("invoice").map(Value::to_string);
    problem(
        half,
        "job-is-invoiced",
        &format!(
            "is on invoice {} and its labour cannot be changed by Crossbill",
            invoice.unwrap_or_default()
        ),
        Fixer::Desk,
        "change the labour in Jim2's Time Sheets by hand if it matters, then archive this item"
            .to_owned(),
    )
}

fn ready(half: &Half) -> Problem {
    problem(
        half,
        "job-is-ready",
        "is Ready to be invoiced, and its labour waits",
        Fixer::Finance,
        format!(
            "invoice {0} in Jim2, or un-ready it, then replay",
            job(half)
        ),
    )
}

fn finished(half: &Half, status: &str) -> Problem {
    problem(
        half,
        "job-is-finished",
        &format!("stands on {status}, and any edit would move the date of its invoice"),
        Fixer::Desk,
        format!(
            "move {} back from {status} in Jim2 to let the labour in, then replay",
            job(half)
        ),
    )
}

fn cancelled(half: &Half) -> Problem {
    problem(
        half,
        "job-is-cancelled",
        "is cancelled, and there is labour for it",
        Fixer::Desk,
        format!(
            "move {} back from CANCEL in Jim2, or the time to another ticket; then replay",
            job(half)
        ),
    )
}

/// As people know the job.
fn job(half: &Half) -> String {
    let no = half.fact("job").map(Value::to_string);
    format!("Job {}", no.unwrap_or_default())
}

fn problem(half: &Half, code: &str, why: &str, who: Fixer, step: String) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: half.id.clone(),
        },
        field: None,
        says: format!("{} {why}", job(half)),
        remedy: Remedy {
            who,
            step,
            continues: false,
        },
    }
}
