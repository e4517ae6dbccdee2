//! Whether a ticket and a job are still each other's (references may travel along when people copy records).

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use crate::{COMPANY, KIND};

/// The two name each other.
pub(super) fn check(autotask: &Half, jim2: &Half) -> Result<(), Box<Problem>> {
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
    Ok(())
}

/// Whether the ticket has yet to name this job. One that names a later job does not: only the newest of a ticket's
/// jobs, which has the highest number, is its current one.
pub(super) fn ticket_owes(half: &Half, to: &RecordId, generation: i32) -> bool {
    match &half.points_to {
        None => half.is("no_reference"),
        Some(pointer) => {
            let is_newer = pointer.to.number() < to.number();
            is_newer && generation > 1 && !is_earlier(half, to)
        }
    }
}

pub(super) fn is_earlier(ticket: &Half, job: &RecordId) -> bool {
    ticket
        .fact("earlier_jobs")
        .and_then(Value::as_text)
        .is_some_and(|jobs| jobs.split(',').any(|one| one.trim() == job.as_str()))
}

/// Somebody else may pay for a job, but then the work is still shipped to the ticket's company. A company without a
/// card cannot be compared, so nothing is written to a job that may be another customer's.
pub(super) fn same_company(
    autotask: &Half,
    jim2: &Half,
    facts: &Facts,
) -> Result<(), Box<Problem>> {
    let number = |half: &Half, fact: &str| half.fact(fact).and_then(Value::as_number);
    let key = |id: i64| Key::new(COMPANY, System::Autotask, id);
    let card = |id: i64| facts.other_half(&key(id))?.number();
    let told = |fact: &str| number(jim2, fact);
    let (Some(company), Some(customer)) = (number(autotask, "company"), told("customer")) else {
        return Ok(());
    };
    let Some(own) = card(company) else {
        return Err(Box::new(moved(
            autotask,
            jim2,
            Subject::Pair {
                kind: COMPANY,
                system: System::Autotask,
                id: company.into(),
            },
            &format!("company {company}, which has no card,"),
            &format!("crossbill pairs link company {company} <CardNo>"),
        )));
    };
    let payer = number(autotask, "parent").and_then(card);
    if customer == own || Some(customer) == payer || told("ship") == Some(own) {
        return Ok(());
    }
    Err(Box::new(moved(
        autotask,
        jim2,
        record(System::Autotask, autotask),
        &format!("the company with card {own}"),
        &format!(
            "cancel {} in Jim2, then: crossbill pairs unlink ticket {}",
            jim2.label, autotask.id
        ),
    )))
}

/// Whether the ticket's company has a card.
pub(super) fn has_card(autotask: &Half, facts: &Facts) -> bool {
    let company = autotask.fact("company").and_then(Value::as_number);
    company.is_some_and(|id| {
        let key = Key::new(COMPANY, System::Autotask, id);
        facts.other_half(&key).is_some()
    })
}

fn moved(autotask: &Half, jim2: &Half, subject: Subject, whose: &str, step: &str) -> Problem {
    let customer = jim2.fact("customer").map(ToString::to_string);
    Problem {
        code: "ticket-moved".to_owned(),
        subject,
        field: None,
        says: format!(
            "{} is for {whose} now, and {} is for card {}",
            autotask.label,
            jim2.label,
            customer.unwrap_or_default()
        ),
        remedy: Remedy {
            who: Fixer::Desk,
            step: format!("move the ticket back; or {step}"),
            continues: true,
        },
    }
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
