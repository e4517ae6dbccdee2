//! What speaks against a line that is to be made, as a person has to know it. Pure.

use domain::{Fixer, Key, Problem, Remedy, Subject, Value};
use sync::SIGNED_OFF;

use super::{meant::Meant, seen::Seen};
use crate::{
    beside::{self, Beside},
    gst::{self, Mismatch},
    halves,
};

/// All of it at once.
pub(super) fn against(meant: &Meant<'_>, job: &jim2::Job, seen: &Seen, ours: &str) -> Vec<Problem> {
    let lines: Vec<Beside> = seen.lines(meant.job).map(halves::beside).collect();
    let mut problems = Vec::new();
    problems.extend(cancelled(meant, job));
    problems.extend(other_payer(meant, job));
    problems.extend(wrong_stock(meant, seen.stock(meant.stock_code)));
    problems.extend(beside_it(meant, &lines, ours));
    problems
}

/// Nobody is to work on the job.
fn cancelled(meant: &Meant<'_>, job: &jim2::Job) -> Option<Problem> {
    let status = job.status.get().map_or("", String::as_str);
    status.eq_ignore_ascii_case("CANCEL").then(|| {
        let job = meant.job;
        meant.problem(
            "job-is-cancelled",
            &format!("is for job {job}, which is cancelled"),
            Fixer::Finance,
            format!("move job {job} back from CANCEL in Jim2, or archive this item"),
        )
    })
}

/// The job is invoiced to somebody else.
fn other_payer(meant: &Meant<'_>, job: &jim2::Job) -> Option<Problem> {
    let card = |card: Option<i64>| card.map_or_else(String::new, |card| card.to_string());
    meant.has_other_payer(job).then(|| {
        let pays = card(meant.fields.get("customer").and_then(Value::as_number));
        let customer = card(job.cust_no.get().copied());
        meant.problem(
            "other-payer",
            &format!(
                "is to be paid by card {pays}, and job {} is invoiced to card {customer}",
                meant.job
            ),
            Fixer::Finance,
            format!(
                "put Cust# of job {} right in Jim2, or bill it to card {pays} by hand and archive this item",
                meant.job
            ),
        )
    })
}

/// The product of an item is paired with stock that is not there any more.
pub(super) fn no_such_number(item: &Key, number: i64) -> Problem {
    Problem {
        code: "no-such-stock".to_owned(),
        subject: Subject::Record {
            kind: item.kind.clone(),
            system: item.system,
            id: item.id.clone(),
        },
        field: None,
        says: format!(
            "{} is of a product that is paired with stock {number}, which is not in Jim2",
            item.id
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step:
                "crossbill pairs list stock; then: crossbill pairs link stock <product id> <Stock#>"
                    .to_owned(),
            continues: true,
        },
    }
}

/// The stock code is not there, is withdrawn, or is taxed otherwise than in Autotask.
fn wrong_stock(meant: &Meant<'_>, stock: Option<&jim2::Stock>) -> Option<Problem> {
    let code = meant.stock_code;
    let Some(stock) = stock.filter(|stock| stock.active.get() != Some(&false)) else {
        return Some(meant.problem(
            "no-such-stock",
            &format!("is sold as {code}, which Jim2 does not sell"),
            Fixer::Finance,
            format!("add or activate stock {code} in Jim2, or map the billing code to another stock code"),
        ));
    };
    let sells = stock.sell_tax_code.get()?;
    let (net, tax) = (meant.decimal("net")?, meant.decimal("tax")?);
    let (says, step) = match gst::check(net, tax, sells) {
        Ok(()) => return None,
        Err(Mismatch::Jim2Taxes) => (
            format!("has no GST in Autotask, and stock {code} is sold with GST ({sells})"),
            "map its billing code to a GST-free stock code, or put its tax right in Autotask and post it again",
        ),
        Err(Mismatch::Jim2DoesNot) => (
            format!("has ${tax:.2} GST in Autotask, and stock {code} is sold without ({sells})"),
            "map its billing code to a stock code with GST, or put its tax right in Autotask and post it again",
        ),
    };
    Some(meant.problem("gst-differs", &says, Fixer::Finance, step.to_owned()))
}

/// What the other lines of the job say against it; those with the initials `ours` are our own.
fn beside_it(meant: &Meant<'_>, lines: &[Beside], ours: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let job = meant.job;
    if !beside::stays_positive(lines, meant.decimal("net").unwrap_or_default()) {
        problems.push(meant.problem(
            "credit-too-large",
            &format!("would take more off job {job} than is on it"),
            Fixer::Finance,
            format!("Raise a Return From Customer on the invoice that it credits, and archive this item; or wait until job {job} has as much on it"),
        ));
    }
    let posted = meant.fields.get("posted").and_then(Value::as_text);
    let posted = posted.and_then(|posted| posted.parse().ok());
    let is_signed_off = meant.fields.get(SIGNED_OFF) == Some(&true.into());
    if let Some(posted) = posted
        && !is_signed_off
        && let Some(line) = beside::typed_already(lines, meant.stock_code, posted, ours)
    {
        problems.push(meant.problem(
            "possibly-typed-twice",
            &format!("may be on job {job} already: {} typed {} \"{}\" there", line.by, line.stock_code, line.description),
            Fixer::Finance,
            format!("if it is the same, delete that line from job {job}, or keep it and archive this item"),
        ));
    }
    problems
}
