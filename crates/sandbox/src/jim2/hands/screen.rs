//! The functions of a job's screen that the API does not have: Ready and deleting. Invoicing is in `invoice`.

use crate::jim2::change::{Object, Operation};
use crate::jim2::refusal::Refusal;
use crate::jim2::status;
use crate::jim2::world::{Actor, World};

impl World {
    /// Makes a finished job Ready to invoice, or takes that back.
    pub(crate) fn set_ready(&mut self, no: i64, ready: bool, by: &str) -> Result<(), Refusal> {
        let actor = Actor::person(by);
        let mut job = if ready {
            self.editable_job(no, &actor)?
        } else {
            self.job(no)?.clone()
        };
        if let Some(invoice) = job.invoice {
            return Err(Refusal::invalid(
                "job-invoiced",
                format!("Job {no} is on invoice {invoice}."),
            ));
        }
        if ready && !status::FINISHED.contains(&job.status.as_str()) {
            let statuses = status::FINISHED.join(", ");
            return Err(Refusal::invalid(
                "not-finished",
                format!(
                    "Job {no} is on {}; only {statuses} can be made Ready.",
                    job.status
                ),
            ));
        }
        job.ready = ready;
        self.save_job(job, &actor);
        Ok(())
    }

    /// Removes a job with its lines, as a clean-up does.
    pub(super) fn delete_job(&mut self, no: i64, actor: &Actor) -> Result<(), Refusal> {
        let job = self.editable_job(no, actor)?;
        self.jobs.remove(&no);
        let comments = job.comments.iter().map(|line| line.line);
        let stock = job.stock.iter().map(|line| line.line);
        let labour = job.labour.iter().map(|line| line.line);
        let lines: Vec<(Object, i64)> = comments
            .map(|line| (Object::JobComment, line))
            .chain(stock.map(|line| (Object::JobStock, line)))
            .chain(labour.map(|line| (Object::JobLabour, line)))
            .collect();
        for (object, line) in lines {
            self.log(object, format!("{no}-{line}"), Operation::Delete, actor);
        }
        self.log(Object::Job, no.to_string(), Operation::Delete, actor);
        Ok(())
    }
}
