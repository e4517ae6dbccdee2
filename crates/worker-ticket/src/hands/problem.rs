//! What keeps an act from being done, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject};

use crate::KIND;

/// A ticket names the job, and the two are no pair: unlinked, or made in an earlier life.
pub(super) fn made_before(key: &Key, ticket: &RecordId) -> Failure {
    let job = &key.id;
    let problem = Problem {
        code: "made-before".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: key.system,
            id: job.clone(),
        },
        field: None,
        says: format!(
            "Job {job} is in Autotask already: ticket {ticket} names it, though they are not linked"
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!(
                "if they are the same: crossbill pairs link {KIND} {ticket} {job}; if not, take {job} out of the ticket's field for the job"
            ),
            continues: true,
        },
    };
    Failure::Hold {
        problems: vec![problem],
    }
}
