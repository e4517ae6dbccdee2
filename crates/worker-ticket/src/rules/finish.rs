//! When the job of a completed ticket is finished (rule 6): once all of its work is billed. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{System, Value};
use sync::{Compare, Facts, Field, Half, Mapped, Transform, Way};

use crate::billed::Billed;

/// The field: of a ticket, what became of its work; of a job, whether work on it is over.
pub(crate) const FINISH: &str = "finish";
/// A job on which work is over.
pub(crate) const FINISHED: &str = "finished";
/// A job on which it is not.
pub(crate) const UNFINISHED: &str = "open";
/// A job on which nobody is to work.
const CANCELLED: &str = "cancelled";

/// How many hours a ticket has been completed before its job is finished: the setting and its default. Labour that was
/// entered with it is on its way.
const SETTLED: (&str, i64) = ("finish_after_hours", 1);
/// The same where there is nothing to invoice: people enter their time at the end of the day.
const SETTLED_EMPTY: (&str, i64) = ("zero_jobs_after_hours", 24);

/// A job that a person finishes, or takes back, is the person's: nothing of it goes to the ticket, and it is not done
/// again before something is billed anew.
pub(crate) const FIELD: Field = Field {
    way: Way::Both,
    owner: System::Autotask,
    forward: Transform::By(finish),
    back: Transform::By(leave),
    compare: Compare::Exact,
    ..Field::text(FINISH, "Everything is billed")
};

fn finish(billed: &Value, facts: &Facts) -> Mapped {
    let state = match billed.as_text().and_then(Billed::read) {
        Some(Billed::All) => FINISHED,
        Some(Billed::Nothing) => match facts.setting("zero_jobs") {
            Some("leave") => return Mapped::Leave,
            Some("cancel") => CANCELLED,
            Some(_) | None => FINISHED,
        },
        Some(Billed::Open | Billed::Waits) | None => return Mapped::Leave,
    };
    Mapped::Value(state.into())
}

fn leave(_: &Value, _: &Facts) -> Mapped {
    Mapped::Leave
}

/// Whether the ticket has been completed long enough.
pub(super) fn is_time(ticket: &Half, facts: &Facts) -> bool {
    let billed = ticket.fields.get(FINISH).and_then(Value::as_text);
    let (setting, usual) = match billed.and_then(Billed::read) {
        Some(Billed::All) => SETTLED,
        Some(Billed::Nothing) => SETTLED_EMPTY,
        Some(Billed::Open | Billed::Waits) | None => return true,
    };
    let completed = ticket.fact("completed_at").and_then(Value::as_text);
    let completed = completed.and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let hours = facts.number(setting).unwrap_or(usual);
    let settled = TimeDelta::try_hours(hours).unwrap_or(TimeDelta::MAX);
    completed.is_some_and(|at| facts.now - at >= settled)
}

/// The status of a job in this state.
pub(super) fn status(state: &str) -> Option<&'static str> {
    match state {
        FINISHED => Some("FINISH"),
        CANCELLED => Some(super::CANCEL),
        _ => None,
    }
}
