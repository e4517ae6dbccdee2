//! What is wrong with an item or its line, with the money it holds up, told so that a person can solve it.

use chrono::{DateTime, Utc};
use domain::{Fixer, Key, Problem, Remedy, Subject, System, Value};
use sync::{Facts, Half};

use super::creation::sold;
use crate::{
    KIND,
    stock_code::{self, Stock},
};

/// A fault of an item: code, what is wrong (after the item and its amount), who solves it and how.
pub(super) type Fault = (&'static str, &'static str, Fixer, &'static str);

pub(super) const NOT_TOLD: Fault = (
    "amount-not-told",
    "has no quantity, rate or amount that we may see",
    Fixer::Integrator,
    "give the API user all lines of business and the rights to see billing in Autotask",
);
pub(super) const TWINS: Fault = (
    "two-items-of-one-source",
    "was posted twice with the same sub-type, and one line can carry only one of them",
    Fixer::Finance,
    "take one of the two postings back in Autotask and post the sum",
);
pub(super) const FOREIGN: Fault = (
    "not-australian-dollars",
    "is in another currency than Australian dollars",
    Fixer::Finance,
    "bill it in Jim2 by hand, and archive this item",
);
pub(super) const NOBODY_PAYS: Fault = (
    "payer-not-told",
    "names no company that pays",
    Fixer::Finance,
    "give its ticket a company in Autotask, and post it again",
);
pub(super) const OWN_COMPANY: Fault = (
    "own-company-pays",
    "would be billed to the provider itself",
    Fixer::Finance,
    "move its ticket to the customer in Autotask and post it again, or archive this item",
);

/// A fault of this item.
pub(super) fn fault(item: &Half, (code, says, who, step): Fault) -> Problem {
    about(item, System::Autotask, code, says, (who, step.to_owned()))
}

/// A problem about a record of `on`: its label, its amount, and what is wrong.
pub(crate) fn about(
    half: &Half,
    on: System,
    code: &str,
    says: &str,
    (who, step): (Fixer, String),
) -> Problem {
    let amount = half.fields.get("net").and_then(Value::as_text);
    let amount = amount.map_or_else(String::new, |net| format!(" (${net} ex GST)"));
    Problem {
        code: code.to_owned(),
        subject: Subject::Record {
            kind: KIND,
            system: on,
            id: half.id.clone(),
        },
        field: None,
        says: format!("{}{amount} {says}", half.label),
        remedy: Remedy {
            who,
            step,
            continues: true,
        },
    }
}

/// The ticket or the payer has no other half yet.
pub(super) fn unpaired(item: &Half, key: Key) -> Problem {
    let (kind, id) = (key.kind.clone(), key.id.clone());
    let says = format!("cannot go to Jim2 before {kind} {id} is paired");
    let step = format!("crossbill preview {kind} {id}");
    Problem {
        subject: Subject::Pair {
            kind: key.kind,
            system: key.system,
            id: key.id,
        },
        ..about(
            item,
            System::Autotask,
            "not-paired-yet",
            &says,
            (Fixer::Integrator, step),
        )
    }
}

/// The line names another source.
pub(super) fn other_line(item: &Half, line: &Half, named: &str) -> Problem {
    let says = format!("was written as {}, which names {named} now", line.label);
    let step = format!(
        "put the mark back at the end of the line's description, or: crossbill pairs unlink {KIND} {}",
        item.id
    );
    about(
        item,
        System::Autotask,
        "not-the-same-record",
        &says,
        (Fixer::Finance, step),
    )
}

/// The books are closed for a while (rule 3): one problem for all that waits.
pub(super) fn frozen(until: DateTime<Utc>, facts: &Facts) -> Problem {
    let local = until.with_timezone(&facts.zone);
    Problem {
        code: "books-are-frozen".to_owned(),
        subject: Subject::Time { until },
        field: None,
        says: format!(
            "No line is written to jobs before {} (billing_freeze)",
            local.format("%-d %b %Y %H:%M")
        ),
        remedy: Remedy {
            who: Fixer::Finance,
            step: "wait until then; or crossbill settings unset billing_freeze, then replay"
                .to_owned(),
            continues: true,
        },
    }
}

/// A line on a job that cannot be edited any more is credited or added to by a person; on a Ready one it waits.
pub(super) fn closed(line: &Half, field: &str) -> Option<Problem> {
    let job = line.fact("job").map(Value::to_string).unwrap_or_default();
    let (code, says, step) = if let Some(invoice) = line.fact("job_invoice") {
        let amount = line.fields.get("net").and_then(Value::as_text);
        let amount = amount.unwrap_or("its amount");
        (
            "line-invoiced",
            format!("is on invoice {invoice} and was changed in Autotask since"),
            format!(
                "Raise a Return From Customer on job {job} / invoice {invoice} for ${amount} ex GST, or bill the difference on a new job"
            ),
        )
    } else if line.is("ready") {
        (
            "job-ready",
            format!("is on job {job}, which is Ready, and was changed in Autotask since"),
            format!("take Ready off job {job}, or invoice it and settle the difference"),
        )
    } else {
        return None;
    };
    let problem = about(line, System::Jim2, code, &says, (Fixer::Finance, step));
    Some(Problem {
        field: Some(field.to_owned()),
        ..problem
    })
}

/// What no write of ours could mend: the item is sold under another stock code now.
pub(super) fn standing(item: &Half, line: &Half, facts: &Facts) -> Vec<Problem> {
    let code = line.fact("stock_code").and_then(Value::as_text);
    let wanted = stock_code::choose(sold(item), facts);
    match (code, wanted) {
        (Some(code), Ok(Stock::Code(wanted)))
            if !item.is("gone") && !code.eq_ignore_ascii_case(&wanted) =>
        {
            let says = format!(
                "is sold as {wanted} now, and its line {} is {code}",
                line.id
            );
            let step = format!(
                "in Jim2 delete line {} and add it as {wanted} with the same words, then: crossbill pairs link {KIND} {} <job-line>",
                line.id, item.id
            );
            let problem = about(
                item,
                System::Autotask,
                "stock-code-differs",
                &says,
                (Fixer::Finance, step),
            );
            vec![Problem {
                field: Some("stock_code".to_owned()),
                ..problem
            }]
        }
        _ => Vec::new(),
    }
}
