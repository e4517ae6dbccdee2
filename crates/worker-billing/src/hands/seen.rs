//! What was looked at in Jim2 for lines that are to be made.

use chrono_tz::Tz;
use domain::Failure;
use jim2::{Job, JobStock, Stock, part_id};
use sync::{Act, waits_for_ready};

use super::{
    against::against,
    meant::{Meant, NotNow},
};
use crate::{ORDER, source::mark_of};

/// Jobs, what is on them, and stock.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) jobs: Vec<Job>,
    pub(super) lines: Vec<JobStock>,
    pub(super) stock: Vec<Stock>,
    /// The site's time zone.
    pub(super) zone: Tz,
}

impl Seen {
    /// The lines of a job.
    pub(super) fn lines(&self, job: i64) -> impl Iterator<Item = &JobStock> {
        self.lines.iter().filter(move |line| line.job_no == job)
    }

    /// The stock of a code.
    pub(super) fn stock(&self, code: &str) -> Option<&Stock> {
        let is_it = |stock: &&Stock| {
            let own = stock.code.get();
            own.is_some_and(|own| own.eq_ignore_ascii_case(code))
        };
        self.stock.iter().find(is_it)
    }

    /// The lines that are this one already.
    pub(super) fn made(&self, meant: &Meant<'_>) -> Vec<domain::RecordId> {
        let is_it = |line: &&JobStock| {
            let words = line.description.get();
            words.and_then(|words| mark_of(words)) == Some(meant.mark)
        };
        let id = |line: &JobStock| part_id::join(line.job_no, line.line_id).into();
        self.lines(meant.job).filter(is_it).map(id).collect()
    }

    /// Whether the line can be made now; `ours` are our initials in Jim2.
    pub(super) fn lets(&self, meant: &Meant<'_>, ours: &str) -> Result<(), Failure> {
        meant.is_whole()?;
        let Some(job) = self.jobs.iter().find(|job| job.job_no == meant.job) else {
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
            return Err(waits_for_ready(job, self.zone));
        }
        let problems = against(meant, job, self, ours);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Failure::Hold { problems })
        }
    }

    /// A line that is to be made, with what is to be remembered of its job.
    pub(super) fn on_job(&self, number: i64, act: Act) -> Act {
        match self.jobs.iter().find(|job| job.job_no == number) {
            Some(job) => act.on_job_of(&job.date_out),
            None => act,
        }
    }

    /// Of several lines that are to be made, those that surely can be and are not there. One that takes off is looked at by
    /// itself, as each changes what the next may take.
    pub(super) fn surely_new<'a>(&self, meant: &[(&'a Act, Meant<'a>)], ours: &str) -> Vec<Act> {
        let is_new = |meant: &Meant<'_>| {
            !meant.takes_off() && self.made(meant).is_empty() && self.lets(meant, ours).is_ok()
        };
        let new = meant.iter().filter(|(_, meant)| is_new(meant));
        new.map(|(act, meant)| self.on_job(meant.job, (*act).clone()))
            .collect()
    }
}
