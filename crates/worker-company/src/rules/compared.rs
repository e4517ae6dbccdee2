//! What is only compared: the finance people keep it in Jim2, and a difference or a slip stands until they mend it.

use domain::{Fixer, Problem, Remedy, System, Value};
use sync::{Compare, Facts, Half, Way};

use super::{FIELDS, record};
use crate::{KIND, abn};

/// All that is wrong with a pair and cannot be written to either side.
pub(super) fn problems(autotask: &Half, jim2: &Half, facts: &Facts) -> Vec<Problem> {
    [
        abn_missing(autotask, jim2, facts),
        abn_wrong(jim2),
        invoice_method(autotask, jim2, facts),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Jim2 owns the ABN, and no API writes it to a card that exists: a blank one is neither copied nor filled in.
fn abn_missing(autotask: &Half, jim2: &Half, facts: &Facts) -> Option<Problem> {
    let field = FIELDS.iter().find(|field| field.name == "abn")?;
    let (there, here) = (autotask.fields.get("abn")?, jim2.fields.get("abn")?);
    if facts.rule(&KIND, field).0 == Way::Off || there.is_empty() || !here.is_empty() {
        return None;
    }
    Some(problem(
        jim2,
        "abn-missing-in-jim2",
        "abn",
        format!(
            "{} has the tax id {there} in Autotask and no ABN in Jim2, which Crossbill cannot write there",
            jim2.label
        ),
        format!(
            "type the ABN on card {} in Jim2, or clear the tax id in Autotask",
            jim2.id
        ),
    ))
}

/// A slip in an ABN holds nothing back, as both systems take it.
fn abn_wrong(jim2: &Half) -> Option<Problem> {
    let number = abn::plain(jim2.fields.get("abn")?);
    let number = number.as_text().filter(|number| abn::is_one(number))?;
    if abn::is_right(number) {
        return None;
    }
    Some(problem(
        jim2,
        "abn-wrong",
        "abn",
        format!(
            "the check digits of {}'s ABN {number} are wrong",
            jim2.label
        ),
        format!("correct the ABN on card {} in Jim2", jim2.id),
    ))
}

/// How invoices are sent. A method that the list `invoiceMethod` does not map is not compared.
fn invoice_method(autotask: &Half, jim2: &Half, facts: &Facts) -> Option<Problem> {
    const LIST: &str = "invoiceMethod";
    let (method, via) = (autotask.fact("invoice_method")?, jim2.fact("send_inv_via")?);
    let mapping = facts.mapping(LIST, System::Autotask, &method.to_string())?;
    let expected: Value = mapping.to.as_deref()?.into();
    if Compare::CaseFree.same(&expected, via) {
        return None;
    }
    let named = facts.label(LIST, System::Autotask, &method.to_string());
    Some(problem(
        jim2,
        "invoice-method-differs",
        "invoice_method",
        format!(
            "{} gets its invoices by \"{named}\" in Autotask and by \"{via}\" in Jim2",
            jim2.label
        ),
        format!(
            "make card {} in Jim2 and the company in Autotask agree, by hand: Crossbill only compares them",
            jim2.id
        ),
    ))
}

fn problem(jim2: &Half, code: &str, field: &str, says: String, step: String) -> Problem {
    Problem {
        code: code.to_owned(),
        subject: record(System::Jim2, jim2),
        field: Some(field.to_owned()),
        says,
        remedy: Remedy {
            who: Fixer::Finance,
            step,
            continues: true,
        },
    }
}
