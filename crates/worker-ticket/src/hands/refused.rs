//! Which of our fields Jim2 does not take at all, so that a job is made or changed without them.

use domain::{Failure, Key};
use sync::Fields;

/// Jim2's attributes, and our words for what is sent as them. What a job cannot be made or found without is none of them.
const SENT_AS: &[(&str, &[&str])] = &[
    ("shipto", &["ship"]),
    ("shipno", &["ship"]),
    ("ship", &["ship"]),
    ("datedue", &["due", "due_day"]),
    ("item", &["item"]),
    ("itemno", &["item"]),
    ("jobtype", &["type"]),
    ("type", &["type"]),
    ("status", &["status"]),
    ("priority", &["priority"]),
    ("custref", &["cust_ref"]),
    ("custrefno", &["cust_ref"]),
    ("faultdesc", &["fault"]),
    ("invoicedesc", &["resolution", "invoice_desc"]),
    ("itemdesc", &["item_desc"]),
    ("name", &["assignee"]),
    ("nameinit", &["assignee"]),
    ("contract", &["contract"]),
    ("contractno", &["contract"]),
    ("asset", &["asset"]),
    ("assetno", &["asset"]),
    ("serial", &["serial"]),
    ("serialno", &["serial"]),
    ("attn", &["attn"]),
    ("shipattn", &["attn"]),
];

/// What happens next after a write of these fields.
pub(super) fn failure(error: jim2::Error, key: &Key, fields: &Fields) -> Failure {
    sync::refusal(error, key, fields, SENT_AS)
}
