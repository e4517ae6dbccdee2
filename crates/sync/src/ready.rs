//! Jobs that people are about to invoice: what is for them waits (rule 6).

use chrono_tz::Tz;
use domain::{Failure, Fixer, Problem, Remedy, Subject};
use jim2::Job;

/// What is for a Ready job waits until it is invoiced, and then goes to the job that follows it; never is another one opened
/// before. Nothing can be edited on it, so that it has been Ready since it was last changed.
pub fn waits_for_ready(job: &Job, zone: Tz) -> Failure {
    let number = job.job_no;
    let since = job.last_modified.get().or(job.date_out.get());
    let since = since.map_or_else(String::new, |at| {
        let at = at.with_timezone(&zone);
        at.format(" since %a %-d %b").to_string()
    });
    let says = format!("Job {number} has been Ready{since}, and what is for it waits");
    let step = format!(
        "invoice job {number} in Jim2 (then a follow-on job is opened), or take Ready off it"
    );
    waits_for_people(number, "job-ready", says, (Fixer::Finance, step))
}

/// What is for a job waits for people to be done with it.
pub fn waits_for_people(
    number: i64,
    code: &str,
    says: String,
    (who, step): (Fixer, String),
) -> Failure {
    let problem = Problem {
        code: code.to_owned(),
        subject: Subject::Job { number },
        field: None,
        says,
        remedy: Remedy {
            who,
            step,
            continues: true,
        },
    };
    Failure::Wait {
        problem: Box::new(problem),
    }
}
