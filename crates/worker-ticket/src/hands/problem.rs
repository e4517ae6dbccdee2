//! What keeps an act from being done, and what a person has to do about it.

use domain::{Failure, Fixer, Key, Problem, RecordId, Remedy, Subject};

use crate::KIND;

/// A ticket names the job, and the two are no pair: unlinked, or made in an earlier life.
pub(super) fn made_before(key: &Key, ticket: &RecordId) -> Failure {
    let job = &key.id;
    held(
        key,
        format!(
            "Job {job} is in Autotask already: ticket {ticket} names it, though they are not linked"
        ),
        format!(
            "if they are the same: crossbill pairs link {KIND} {ticket} {job}; if not, take {job} out of the ticket's field for the job"
        ),
    )
}

/// Rule 17: somebody wrote the ticket's number on jobs before any was made for it.
pub(super) fn written_on(key: &Key, number: &str, jobs: &[RecordId]) -> Failure {
    let ticket = &key.id;
    let named: Vec<&str> = jobs.iter().map(RecordId::as_str).collect();
    let named = named.join(", ");
    let one = if jobs.len() == 1 { &*named } else { "<Job#>" };
    held(
        key,
        format!(
            "ticket {number} may have a job already: its number is in the customer's reference of {named}, though they are not linked"
        ),
        format!(
            "if one of them is its job: crossbill pairs link {KIND} {ticket} {one}; if not, take the number out of the customer's reference"
        ),
    )
}

fn held(key: &Key, says: String, step: String) -> Failure {
    let problem = Problem {
        code: "made-before".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: key.system,
            id: key.id.clone(),
        },
        field: None,
        says,
        remedy: Remedy {
            who: Fixer::Integrator,
            step,
            continues: true,
        },
    };
    Failure::Hold {
        problems: vec![problem],
    }
}
