//! Which of our fields Jim2 does not take at all, so that a job is made or changed without them.

use domain::{Failure, Key, Problem};
use sync::Fields;

/// What happens next after a write of these fields. A field that Jim2 does not take is named by our word for it.
pub(super) fn failure(error: jim2::Error, key: &Key, fields: &Fields) -> Failure {
    let named = if let jim2::Error::NotWritable { attribute } = &error {
        sent_as(attribute, fields)
    } else {
        Vec::new()
    };
    let mut failure = error.into_failure(key);
    if let Failure::Hold { problems } = &mut failure
        && !named.is_empty()
    {
        let each = |problem: &Problem| named.iter().map(|field| of_field(problem, field)).collect();
        *problems = problems.iter().flat_map::<Vec<_>, _>(each).collect();
    }
    failure
}

fn of_field(problem: &Problem, field: &str) -> Problem {
    Problem {
        field: Some(field.to_owned()),
        ..problem.clone()
    }
}

/// Our fields that were sent as an attribute of Jim2's. What a job cannot be made or found without is none of them.
fn sent_as(attribute: &str, fields: &Fields) -> Vec<&'static str> {
    let ours: &[&str] = match attribute.to_lowercase().as_str() {
        "shipto" | "shipno" | "ship" => &["ship"],
        "datedue" => &["due", "due_day"],
        "item" | "itemno" => &["item"],
        "jobtype" | "type" => &["type"],
        "status" => &["status"],
        "priority" => &["priority"],
        "custref" | "custrefno" => &["cust_ref"],
        "faultdesc" => &["fault"],
        "invoicedesc" => &["resolution", "invoice_desc"],
        "itemdesc" => &["item_desc"],
        "name" | "nameinit" => &["assignee"],
        "contract" | "contractno" => &["contract"],
        "asset" | "assetno" => &["asset"],
        "serial" | "serialno" => &["serial"],
        "attn" | "shipattn" => &["attn"],
        _ => &[],
    };
    let sent = ours.iter().filter(|field| fields.contains_key(**field));
    sent.copied().collect()
}
