//! When an item becomes a line, and what the line begins with beside the mapping table.

use domain::{Key, Problem, System, Value};
use sync::{Creation, Draft, Facts, Fields, Half, ItemType, SIGNED_OFF};

use super::{cut_over, problem};
use crate::{
    COMPANY, KIND, ORDER, TICKET,
    settings::{australian_dollars, frozen_until},
    source::Source,
    stock_code::{self, Sold, Stock},
};

/// A line for this item.
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
    let Some(order) = order(item) else {
        return Creation::No("waits for its Autotask invoice".to_owned());
    };
    let mut problems = wrong(item, facts);
    problems.extend(frozen_until(facts).map(|until| problem::frozen(until, facts)));
    let mut extra = Fields::new();
    let mut awaited = None;
    match job(item, order, facts) {
        Ok(job) => extra.extend(job),
        Err(key) => {
            problems.push(problem::unpaired(item, key.clone()));
            awaited = Some(key);
        }
    }
    match payer(item, facts) {
        Ok(card) => extra.extend([("customer".to_owned(), card)]),
        Err(problem) => problems.push(*problem),
    }
    match stock_code::choose(sold(item), facts) {
        Ok(Stock::Number(number)) => extra.extend([("stock_no".to_owned(), number.into())]),
        Ok(Stock::Code(code)) => extra.extend([("stock_code".to_owned(), code.into())]),
        Err(problem) => problems.push(*problem),
    }
    match awaited {
        Some(key) => return Creation::Awaits(key, problems),
        None if !problems.is_empty() => return Creation::Held(problems),
        None => {}
    }
    for name in ["tax", "posted", "invoice", "unattached"] {
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
        otherwise: sync::Sold {
            billing_code: number("billing_code"),
            role: number("role"),
            item_type: number("item_type").map(ItemType::Billed),
        },
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

/// The key of the order that the item belongs to.
pub(super) fn order(item: &Half) -> Option<Key> {
    let order = item.fact("order").and_then(Value::as_text)?;
    Some(Key::new(ORDER, System::Autotask, order))
}

/// The job of the item's order where it has one, else the current job of its ticket; with it whose job it is, and the
/// order that the item goes to if somebody else pays for the ticket's job. What has no job yet is told that work waits.
fn job(item: &Half, order: Key, facts: &Facts) -> Result<Fields, Key> {
    let job = |key: &Key| facts.other_half(key).and_then(domain::RecordId::number);
    let on = |job: i64, owner: &Key| {
        Fields::from([
            ("job".to_owned(), job.into()),
            (format!("{}_of_job", owner.kind), owner.id.as_str().into()),
        ])
    };
    if let Some(job) = job(&order) {
        return Ok(on(job, &order));
    }
    let ticket = item.fact("ticket").and_then(Value::as_number);
    let Some(ticket) = ticket.filter(|_| item.is("on_ticket")) else {
        return Err(order);
    };
    let ticket = Key::new(TICKET, System::Autotask, ticket);
    let Some(job) = job(&ticket) else {
        return Err(ticket);
    };
    let mut fields = on(job, &ticket);
    fields.insert("apart".to_owned(), order.id.as_str().into());
    Ok(fields)
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
