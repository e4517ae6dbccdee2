//! When an item becomes a line, and what the line begins with beside the mapping table.

use domain::{Key, Problem, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, SIGNED_OFF};

use super::{cut_over, problem};
use crate::{
    COMPANY, KIND, TICKET,
    settings::australian_dollars,
    source::Source,
    stock_code::{self, Sold},
};

/// A line for this item, on the current job of its ticket.
pub(super) fn line(item: &Half, facts: &Facts) -> Creation {
    if !facts.may_create(&KIND, System::Jim2) {
        return Creation::No("no lines are made here".to_owned());
    }
    if item.is("gone") {
        return Creation::No("taken back in Autotask".to_owned());
    }
    if let Some(reason) = cut_over::keeps_out(item, facts) {
        return Creation::No(reason);
    }
    // Covered, block-hour and non-billable labour: the block was the sale, the labour row says what was done.
    let costs = item.fields.get("net").and_then(Value::as_text);
    if item.is("labour") && costs == Some("0") && !item.is("shown") {
        return Creation::No("covered labour that is not shown on the invoice".to_owned());
    }
    let mut problems = wrong(item, facts);
    let mut extra = Fields::new();
    let mut awaited = None;
    match job(item, facts) {
        Ok(job) => extra.extend([("job".to_owned(), job)]),
        Err(NoJob::Fault(problem)) => problems.push(*problem),
        Err(NoJob::NotYet(key)) => {
            problems.push(problem::unpaired(item, key.clone()));
            awaited = Some(key);
        }
    }
    match payer(item, facts) {
        Ok(card) => extra.extend([("customer".to_owned(), card)]),
        Err(problem) => problems.push(*problem),
    }
    match stock_code::choose(sold(item), facts) {
        Ok(code) => extra.extend([("stock_code".to_owned(), code.into())]),
        Err(problem) => problems.push(*problem),
    }
    match awaited {
        Some(key) => return Creation::Awaits(key, problems),
        None if !problems.is_empty() => return Creation::Held(problems),
        None => {}
    }
    for name in ["tax", "posted", "ticket"] {
        let told = item.fact(name).cloned();
        extra.extend(told.map(|value| (name.to_owned(), value)));
    }
    if facts.is_signed_off(&Key::new(KIND, System::Autotask, item.id.clone())) {
        extra.insert(SIGNED_OFF.to_owned(), true.into());
    }
    let reference = Source::read(&item.id).map(Source::mark);
    Creation::Yes(Draft {
        reference: reference.unwrap_or_default(),
        extra,
    })
}

/// What the item is sold as.
pub(super) fn sold(item: &Half) -> Sold {
    let number = |name: &str| item.fact(name).and_then(Value::as_number);
    Sold {
        product: number("product"),
        billing_code: number("billing_code"),
        role: number("role"),
        item_type: number("item_type"),
    }
}

/// What is wrong with the item itself.
fn wrong(item: &Half, facts: &Facts) -> Vec<Problem> {
    let other_currency = australian_dollars(facts).is_some_and(|own| {
        let currency = item.fact("currency").and_then(Value::as_number);
        currency.is_some_and(|currency| currency != own)
    });
    let found = [
        (item.is("not_told"), problem::NOT_TOLD),
        (item.is("twin"), problem::TWINS),
        (item.is("foreign") || other_currency, problem::FOREIGN),
    ];
    found
        .into_iter()
        .filter(|(is_wrong, _)| *is_wrong)
        .map(|(_, fault)| problem::fault(item, fault))
        .collect()
}

/// Why there is no job for an item.
enum NoJob {
    /// A person decides.
    Fault(Box<Problem>),
    /// Its ticket has none yet, and is told that work waits for one.
    NotYet(Key),
}

/// The current job of the item's ticket. What belongs to a project or to an Autotask invoice has a job of its own.
fn job(item: &Half, facts: &Facts) -> Result<Value, NoJob> {
    let place = item.fact("place").and_then(Value::as_text);
    let ticket = item.fact("ticket").and_then(Value::as_number);
    let (Some("ticket"), Some(ticket)) = (place, ticket) else {
        let fault = match place {
            Some("project") => problem::PROJECT_JOB,
            Some(_) | None if item.fact("invoice").is_none() => problem::NO_INVOICE,
            Some(_) | None => problem::INVOICE_JOB,
        };
        if let Some(missing) = item.fact("unattached").and_then(Value::as_text) {
            return Err(NoJob::Fault(Box::new(problem::unattached(item, missing))));
        }
        return Err(NoJob::Fault(Box::new(problem::fault(item, fault))));
    };
    let key = Key::new(TICKET, System::Autotask, ticket);
    let job = facts.other_half(&key).and_then(domain::RecordId::number);
    job.map(Value::Number).ok_or(NoJob::NotYet(key))
}

/// The card that pays.
fn payer(item: &Half, facts: &Facts) -> Result<Value, Box<Problem>> {
    let company = item.fact("payer").and_then(Value::as_number);
    let company = company.ok_or_else(|| Box::new(problem::fault(item, problem::NOBODY_PAYS)))?;
    if company == 0 {
        return Err(Box::new(problem::fault(item, problem::OWN_COMPANY)));
    }
    let key = Key::new(COMPANY, System::Autotask, company);
    let card = facts.other_half(&key).and_then(domain::RecordId::number);
    card.map(Value::Number)
        .ok_or_else(|| Box::new(problem::unpaired(item, key)))
}
