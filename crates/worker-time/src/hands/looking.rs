//! Looking at the job on which a line is to be made: whether it takes labour, and whether the line is there already.

use std::collections::BTreeSet;

use domain::{Failure, Key, RecordId, System, Value};
use jim2::{Job, JobLabour};
use sync::{Act, Compare, Fields, Half};

use super::TimeHands;
use crate::{
    KIND, ORDER, TICKET, halves,
    rules::{FIELDS, Takes, takes},
};

/// Where a line is to be made.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// The entry it is made for.
    pub(super) entry: Key,
    /// The job.
    pub(super) job: i64,
    /// The record whose job it is.
    pub(super) owner: Key,
    /// What the line is to say.
    pub(super) fields: &'a Fields,
}

/// Why a line cannot be made on its job now.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotNow {
    /// New labour goes to the job that follows it.
    #[error("job {0} is on an invoice: the labour waits for a follow-on job")]
    Invoiced(i64),
    /// Its pair is looked at, which finds out.
    #[error("job {0} is not there")]
    Gone(i64),
}

/// Where an act makes a line, if that is what it does.
pub(super) fn place(act: &Act) -> Option<Place<'_>> {
    let Act::Create {
        on: System::Jim2,
        from,
        fields,
        ..
    } = act
    else {
        return None;
    };
    let number = |name: &str| fields.get(name).and_then(Value::as_number);
    let owner = if let Some(ticket) = number("ticket") {
        Key::new(TICKET, System::Autotask, ticket)
    } else {
        let order = fields.get("order").and_then(Value::as_text)?;
        Key::new(ORDER, System::Autotask, order)
    };
    Some(Place {
        entry: Key::new(KIND, System::Autotask, from.clone()),
        job: number("job")?,
        owner,
        fields,
    })
}

impl TimeHands {
    /// The job, if it takes labour. Where it does not any more, its ticket is looked at because work waits for it.
    pub(super) async fn takes_labour(&self, place: &Place<'_>) -> Result<Job, Failure> {
        let jobs = self.jim2.jobs(&[place.job]).await;
        let jobs = jobs.map_err(|error| error.into_failure(&place.entry))?;
        let Some(job) = jobs.into_iter().next() else {
            return Err(Failure::wait_for(
                place.owner.clone(),
                NotNow::Gone(place.job),
            ));
        };
        match takes(&told_of(&job)) {
            Takes::Yes => Ok(job),
            Takes::Never => Err(Failure::wait_for(
                place.owner.clone(),
                NotNow::Invoiced(place.job),
            )),
            Takes::NotNow(_) if job.ready.get() == Some(&true) => {
                Err(sync::waits_for_ready(&job, self.jim2.settings().time_zone))
            }
            Takes::NotNow(problem) => {
                let remedy = (problem.remedy.who, problem.remedy.step);
                let (code, says) = (&problem.code, problem.says);
                Err(sync::waits_for_people(job.job_no, code, says, remedy))
            }
            Takes::Ask(problem) => Err(Failure::Hold {
                problems: vec![*problem],
            }),
        }
    }

    /// The lines of ours on the job that say what this one is to say. Lines that people added are theirs.
    pub(super) async fn lines_like(&self, place: &Place<'_>) -> Result<Vec<RecordId>, Failure> {
        let found = self.labour_of([place.job].into()).await;
        let found = found.map_err(|error| error.into_failure(&place.entry))?;
        let like = found.iter().flat_map(|it| self.alike(it, place.fields));
        Ok(like.map(|half| half.id).collect())
    }

    /// Of lines to be made, those that are surely not there and whose jobs take them: a call for all jobs, and one for
    /// the labour of each.
    pub(super) async fn new_lines(&self, creations: &[Act]) -> Result<Vec<Act>, Failure> {
        let places = creations.iter().filter_map(|act| Some((act, place(act)?)));
        let places: Vec<_> = places.collect();
        let Some((_, first)) = places.first() else {
            return Ok(Vec::new());
        };
        let jobs: BTreeSet<i64> = places.iter().map(|(_, place)| place.job).collect();
        let found = self.labour_of(jobs).await;
        let found = found.map_err(|error| error.into_failure(&first.entry))?;
        let new_on = |place: &Place<'_>| {
            let mut jobs = found.iter().filter(|(job, _)| job.job_no == place.job);
            let takes_it = jobs.find(|it| {
                takes(&told_of(&it.0)) == Takes::Yes
                    && self.alike(it, place.fields).next().is_none()
            });
            takes_it.map(|(job, _)| job)
        };
        let new = places.iter().filter_map(|(act, place)| {
            let job = new_on(place)?;
            Some((*act).clone().on_job_of(&job.date_out))
        });
        Ok(new.collect())
    }

    fn alike<'a>(
        &'a self,
        (job, lines): &'a (Job, Vec<JobLabour>),
        meant: &'a Fields,
    ) -> impl Iterator<Item = Half> + 'a {
        let halves = lines
            .iter()
            .map(move |line| halves::line(line, job, &self.settings));
        halves.filter(move |half| half.is("ours") && says(half, meant))
    }
}

/// A job as far as it decides about its labour.
fn told_of(job: &Job) -> Half {
    let mut half = Half::new(job.job_no, format!("Job {}", job.job_no));
    halves::told_of(&mut half, job);
    half
}

/// Whether a line says what it is meant to say.
fn says(line: &Half, meant: &Fields) -> bool {
    FIELDS.iter().all(|field| {
        let empty = Value::Empty;
        let of = |fields: &Fields| fields.get(field.name).cloned().unwrap_or(empty.clone());
        Compare::Text.same(&of(&line.fields), &of(meant))
    })
}
