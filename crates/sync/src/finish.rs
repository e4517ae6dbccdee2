//! When the job of completed work is finished (rule 6): once all of the work is billed. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Kind, System, Value};

use crate::{
    Billed, Compare, Facts, Field, Half, Mapped, Transform, Way,
    workflow::{CANCEL, is_cancelled, is_finished},
};

/// The field: of what a job is for, what became of the work; of a job, whether work on it is over.
pub const NAME: &str = "finish";
/// A job on which work is over.
const FINISHED: &str = "finished";
/// A job on which it is not.
const UNFINISHED: &str = "open";
/// A job on which nobody is to work.
const CANCELLED: &str = "cancelled";

/// What a completed record says whose work has nothing to invoice: the field, and the word.
pub const NOTHING_TO_INVOICE: (&str, &str) = (NAME, crate::billed::NOTHING);

/// How many hours work has been completed before its job is finished: the setting and its default. Labour that was
/// entered with it is on its way.
const SETTLED: (&str, i64) = ("finish_after_hours", 1);
/// The same where there is nothing to invoice: people enter their time at the end of the day.
const SETTLED_EMPTY: (&str, i64) = ("zero_jobs_after_hours", 24);

/// A job that a person finishes, or takes back, is the person's: nothing of it goes to Autotask, and it is not done
/// again before something is billed anew. A new job is there before it is finished.
pub const FIELD: Field = Field {
    way: Way::Both,
    owner: System::Autotask,
    forward: Transform::By(finish),
    back: Transform::By(leave),
    compare: Compare::Exact,
    afterwards: true,
    ..Field::text(NAME, "Everything is billed")
};

/// Whether jobs of a kind are finished once all is billed: where we bill, and unless the field was switched off.
pub fn is_wanted(kind: &Kind, facts: &Facts) -> bool {
    facts.setting("billing_by") == Some("ours") && facts.rule(kind, &FIELD).0 != Way::Off
}

/// Tells of what a job is for what became of the work, if it is completed at all; nothing where nobody looked.
pub fn tell_work(half: &mut Half, is_completed: bool, billed: Option<Billed>) {
    let billed = if is_completed {
        billed
    } else {
        Some(Billed::Open)
    };
    half.tell(NAME, billed.map(|billed| billed.as_str().into()));
}

/// Tells when the work was completed.
pub fn tell_completed(half: &mut Half, at: Option<&DateTime<Utc>>) {
    half.know_when(COMPLETED, at);
}

/// The fact that says so.
const COMPLETED: &str = "completed_at";

/// Tells of a job, by its status, whether it is cancelled, and whether work on it is over; one that is past that, or that
/// nobody is to work on, does not say the latter.
pub fn tell_job(job: &mut Half) {
    let status = job.fields.get("status").and_then(Value::as_text);
    let is_cancelled = status.is_some_and(is_cancelled);
    let state = status.map(|status| {
        if is_finished(status) {
            FINISHED
        } else {
            UNFINISHED
        }
    });
    job.flag("cancelled", is_cancelled);
    let is_past = job.is("ready") || is_cancelled || job.fact("invoice").is_some();
    if let Some(state) = state {
        job.tell(NAME, (!is_past).then(|| state.into()));
    }
}

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

/// Whether the work has been completed long enough, and its job has been there long enough: in a first load both come at
/// once, and labour comes by a queue of its own.
pub fn is_time(work: &Half, job: &Half, facts: &Facts) -> bool {
    let billed = work.fields.get(NAME).and_then(Value::as_text);
    let settled = match billed.and_then(Billed::read) {
        Some(Billed::All) => SETTLED,
        Some(Billed::Nothing) => SETTLED_EMPTY,
        Some(Billed::Open | Billed::Waits) | None => return true,
    };
    let completed = work.fact(COMPLETED).and_then(Value::as_text);
    let completed = completed.and_then(|at| at.parse::<DateTime<Utc>>().ok());
    let is_over = |at: DateTime<Utc>, (setting, usual): (&str, i64)| {
        let hours = facts.number(setting).unwrap_or(usual);
        let settled = TimeDelta::try_hours(hours).unwrap_or(TimeDelta::MAX);
        settled <= TimeDelta::zero() || facts.now - at >= settled
    };
    completed.is_some_and(|at| is_over(at, settled))
        && job.created_at.is_none_or(|at| is_over(at, SETTLED))
}

/// The status of a job in this state.
pub(crate) fn status(state: &str) -> Option<&'static str> {
    match state {
        FINISHED => Some("FINISH"),
        CANCELLED => Some(CANCEL),
        _ => None,
    }
}
