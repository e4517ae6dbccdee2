//! Whose a contract is, and whose its project.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use crate::{COMPANY, KIND};

/// The cards that a contract's project may be of: that of who pays for it first, then the company's own.
pub(crate) fn cards(contract: &Half, facts: &Facts) -> Vec<i64> {
    let mut cards = Vec::new();
    for fact in ["payer", "company"] {
        let card = card(contract, fact, facts);
        cards.extend(card.filter(|card| !cards.contains(card)));
    }
    cards
}

/// The card of the company that `fact` names.
pub(super) fn card(contract: &Half, fact: &str, facts: &Facts) -> Option<i64> {
    let company = contract.fact(fact)?.as_number()?;
    let key = Key::new(COMPANY, System::Autotask, company);
    facts.other_half(&key).and_then(RecordId::number)
}

/// The problem that a project is another customer's than its contract's. What was not told, or is not paired, says nothing.
pub(super) fn differs(contract: &Half, project: &Half, facts: &Facts) -> Option<Problem> {
    let customer = project.fact("customer").and_then(Value::as_number)?;
    let cards = cards(contract, facts);
    let right = *cards.first()?;
    if cards.contains(&customer) {
        return None;
    }
    Some(Problem {
        code: "customer-differs".to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: System::Jim2,
            id: project.id.clone(),
        },
        field: None,
        says: format!(
            "{} is of card {customer} in Jim2; {} is of a company whose card is {right}",
            project.label, contract.label
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: format!(
                "if the project is of the wrong customer, correct it in Jim2; if it is another agreement: crossbill pairs unlink {KIND} {}",
                contract.id
            ),
            continues: true,
        },
    })
}
