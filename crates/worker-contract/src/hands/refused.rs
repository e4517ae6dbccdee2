//! Which of our fields Jim2 does not take at all, so that a project is made or changed without them.

use domain::{Failure, Key};
use sync::Fields;

/// Jim2's attributes, and our word for what is sent as each. Whose a project is is none of them.
const SENT_AS: &[(&str, &[&str])] = &[
    ("billingitemdesc", &["name"]),
    ("datein", &["starts"]),
    ("dateout", &["ends"]),
    ("status", &["status"]),
    ("custref", &["cust_ref"]),
    ("projectcode", &["code"]),
    ("projecttypename", &["type"]),
    ("ship", &["ship"]),
];

/// What happens next after a write of these fields.
pub(super) fn failure(error: jim2::Error, key: &Key, fields: &Fields) -> Failure {
    sync::refusal(error, key, fields, SENT_AS)
}
