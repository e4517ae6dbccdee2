//! Whether a ticket and a job are still each other's (references may travel along when people copy records).

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use crate::{COMPANY, KIND};

/// The two name each other, and the job is for the ticket's company.
pub(super) fn check(autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
    let number = autotask.fact("number").and_then(Value::as_text);
    if let (Some(pointer), Some(number)) = (&jim2.points_to, number)
        && pointer.to.as_str() != number
    {
        return Err(Box::new(estranged(
            autotask,
            jim2,
            System::Jim2,
            &pointer.to,
        )));
    }
    if let Some(pointer) = &autotask.points_to
        && pointer.to != jim2.id
        && !is_earlier(autotask, &jim2.id)
        && jim2
            .points_to
            .as_ref()
            .is_none_or(|back| back.generation == 1)
    {
        return Err(Box::new(estranged(
            autotask,
            jim2,
            System::Autotask,
            &pointer.to,
        )));
    }
    same_company(autotask, jim2, facts)
}

/// Whether the ticket has yet to name this job. One that names a later job does not.
pub(super) fn ticket_owes(half: &Half, to: &RecordId, generation: i32) -> bool {
    match &half.points_to {
        None => half.is("no_reference"),
        Some(pointer) => pointer.to != *to && generation > 1 && !is_earlier(half, to),
    }
}

fn is_earlier(ticket: &Half, job: &RecordId) -> bool {
    ticket
        .fact("earlier_jobs")
        .and_then(Value::as_text)
        .is_some_and(|jobs| jobs.split(',').any(|one| one.trim() == job.as_str()))
}

/// Somebody else may pay for a job, but then the work is still shipped to the ticket's company.
fn same_company(autotask: &Half, jim2: &Half, facts: &Facts) -> Result<(), Box<Problem>> {
    let card = |fact: &str| {
        let id = autotask.fact(fact)?.as_number()?;
        facts
            .other_half(&Key::new(COMPANY, System::Autotask, id))?
            .number()
    };
    let told = |fact: &str| jim2.fact(fact).and_then(Value::as_number);
    let (Some(own), Some(customer)) = (card("company"), told("customer")) else {
        return Ok(());
    };
    if customer == own || Some(customer) == card("parent") || told("ship") == Some(own) {
        return Ok(());
    }
    Err(Box::new(Problem {
        code: "ticket-moved".to_owned(),
        subject: record(System::Autotask, autotask),
        field: None,
        says: format!(
            "{} is for the company with card {own} now, and {} is for card {customer}",
            autotask.label, jim2.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "move the ticket back; or cancel {} in Jim2, then: crossbill pairs unlink ticket {}",
                jim2.label, autotask.id
            ),
            continues: true,
        },
    }))
}

fn estranged(autotask: &Half, jim2: &Half, on: System, names: &RecordId) -> Problem {
    let (half, other) = match on {
        System::Autotask => (autotask, jim2),
        System::Jim2 => (jim2, autotask),
    };
    Problem {
        code: "not-the-same-record".to_owned(),
        subject: record(on, half),
        field: None,
        says: format!(
            "{} was paired with {} and names {names} now",
            half.label, other.label
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!(
                "put the reference on {} back; or: crossbill pairs unlink ticket {}",
                half.label, autotask.id
            ),
            continues: true,
        },
    }
}

/// A problem's subject: this very record.
pub(super) fn record(system: System, half: &Half) -> Subject {
    Subject::Record {
        kind: KIND,
        system,
        id: half.id.clone(),
    }
}
