//! What a job of an order begins with beside the mapping table.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF};

use crate::{COMPANY, KIND};

/// A job for this order.
pub(super) fn job(order: &Half, generation: i32, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Jim2) {
        return Creation::No("no jobs are made here".to_owned());
    }
    let mut extra = Fields::new();
    let mut problems = Vec::new();
    match card(order, "payer", facts) {
        Ok(card) => extra.extend([("customer".to_owned(), card)]),
        Err(problem) => problems.push(*problem),
    }
    // Where the work is: the company's own card, and nowhere in particular where nobody knows that.
    if let Ok(card) = card(order, "company", facts) {
        extra.insert("ship".to_owned(), card);
    }
    if facts.is_signed_off(&Key::new(KIND, System::Autotask, order.id.clone())) {
        extra.insert(SIGNED_OFF.to_owned(), true.into());
    }
    if problems.is_empty() {
        let reference = format!("{}/{generation}", order.id);
        Creation::Yes(Draft { reference, extra })
    } else {
        Creation::Held(problems)
    }
}

/// The card of the company that `fact` names.
fn card(order: &Half, fact: &str, facts: &Facts) -> Result<Value, Box<Problem>> {
    let id = order.fact(fact).and_then(Value::as_number);
    let id = id.unwrap_or_default();
    let key = Key::new(COMPANY, System::Autotask, id);
    let card = facts.other_half(&key).and_then(RecordId::number);
    card.map(Value::Number)
        .ok_or_else(|| Box::new(unpaired(order, id, key)))
}

fn unpaired(order: &Half, company: i64, key: Key) -> Problem {
    Problem {
        code: "company-not-paired".to_owned(),
        subject: Subject::Pair {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
        field: None,
        says: format!(
            "{} gets no job before company {company}, which pays, is paired",
            order.label
        ),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: format!("crossbill pairs link company {company} <CardNo>"),
            continues: true,
        },
    }
}
