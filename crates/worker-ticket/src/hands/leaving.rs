//! Rule 16: whether a ticket that moved to another company may leave its job behind.

use autotask::Company;
use domain::{Failure, Fixer, Key, Problem, Remedy, Subject, System, Told, Value};
use sync::Half;

use super::TicketHands;
use crate::{COMPANY, KIND};

impl TicketHands {
    /// Work on the job, or a company that is gone: both are a person's to look at.
    pub(super) async fn speaks_against_leaving(
        &self,
        job: &Half,
        company: Option<&Value>,
    ) -> Result<Option<Problem>, Failure> {
        let key = Key::new(KIND, System::Jim2, job.id.clone());
        let Some(number) = job.id.number() else {
            return Ok(None);
        };
        let has_lines = self.jim2.has_lines(number).await;
        if has_lines.map_err(|error| error.into_failure(&key))? {
            return Ok(Some(has_work(job)));
        }
        let Some(id) = company.and_then(Value::as_number) else {
            return Ok(None);
        };
        let key = Key::new(COMPANY, System::Autotask, id);
        let found = self.autotask.get::<Company>(id).await;
        let found = found.map_err(|error| error.into_failure(&key))?;
        let is_there = found.is_some_and(|company| company.is_active != Told::Is(false));
        Ok((!is_there).then(|| merged(&key)))
    }
}

fn has_work(job: &Half) -> Problem {
    Problem {
        code: "ticket-moved".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: job.id.clone(),
        },
        field: None,
        says: format!(
            "the ticket of {} is for another company now, and there are lines or labour on the job",
            job.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "move the ticket back; or take the lines off {}, then replay",
                job.label
            ),
            continues: true,
        },
    }
}

fn merged(company: &Key) -> Problem {
    Problem {
        code: "companies-merged".to_owned(),
        subject: Subject::Record {
            kind: company.kind.clone(),
            system: company.system,
            id: company.id.clone(),
        },
        field: None,
        says: format!(
            "tickets have left company {}, which is not active any more: were companies merged?",
            company.id
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "if they were, give the company that stays the card of both (crossbill pairs link company …), then replay"
                .to_owned(),
            continues: false,
        },
    }
}
