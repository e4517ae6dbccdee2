//! Why an item is on no job: by the same rules that would put it there. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Problem, System, Value};
use jim2::Job;
use sync::{Creation, Draft, Facts, Rules as _};

use super::Posted;
use crate::BillingRules;

/// What was posted is looked for every five minutes, and carried soon after.
const SOON: TimeDelta = TimeDelta::minutes(20);

/// Why, and the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A stable word, of a held problem where it is one.
    pub code: String,
    /// In plain words.
    pub says: String,
    /// What to do; empty where it goes on by itself.
    pub step: String,
}

impl Reason {
    /// A reason.
    pub fn new(code: impl Into<String>, says: impl Into<String>, step: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            says: says.into(),
            step: step.into(),
        }
    }

    fn of(problem: &Problem) -> Self {
        Self::new(&problem.code, &problem.says, &problem.remedy.step)
    }
}

/// Why an item without a line is not carried; none where it should have been. `jobs` are those that were read.
pub fn reason(item: &Posted, facts: &Facts, jobs: &BTreeMap<i64, Job>) -> Option<Reason> {
    if is_marked_by_us(item) {
        return None;
    }
    let half = item.half.as_ref()?;
    match BillingRules.create(System::Jim2, half, 1, facts) {
        Creation::No(says) => Some(Reason::new("left-alone", says, "")),
        Creation::Held(problems) => problems.first().map(Reason::of),
        Creation::Awaits(key, problems) => {
            let waits = || Reason::new("awaits", format!("waits for {key}"), "");
            Some(problems.first().map_or_else(waits, Reason::of))
        }
        Creation::Yes(draft) => on_its_job(&draft, jobs).or_else(|| just_posted(item, facts.now)),
    }
}

/// Our own mark on an item is when it was posted; it is set once its line was read back, so that the line was there.
fn is_marked_by_us(item: &Posted) -> bool {
    item.exported_at.is_some() && item.exported_at == item.posted_at
}

/// What the hands would find on the job.
fn on_its_job(draft: &Draft, jobs: &BTreeMap<i64, Job>) -> Option<Reason> {
    let fact = |name: &str| draft.extra.get(name);
    if let Some(missing) = fact("unattached").and_then(Value::as_text) {
        let says = format!("${missing} ex GST of its Autotask invoice is not attached to it yet");
        return Some(Reason::new("unattached", says, ""));
    }
    let job = jobs.get(&fact("job")?.as_number()?)?;
    let no = job.job_no;
    if let Some(invoice) = job.inv_no.get() {
        let says = format!("job {no} is on invoice {invoice}: it waits for a follow-on job");
        return Some(Reason::new("job-invoiced", says, ""));
    }
    if job.ready.get() == Some(&true) {
        let says = format!("job {no} is Ready to be invoiced, and it waits for that");
        return Some(Reason::new("job-ready", says, ""));
    }
    None
}

fn just_posted(item: &Posted, now: DateTime<Utc>) -> Option<Reason> {
    let age = now - item.posted_at?;
    (age < SOON).then(|| {
        let says = format!("it was posted {} minutes ago", age.num_minutes().max(0));
        Reason::new("just-posted", says, "")
    })
}
