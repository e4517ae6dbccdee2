//! Which of our fields Jim2 does not take at all, so that an asset is made or changed without them.

use domain::{Failure, Key};
use sync::Fields;

/// Jim2's attributes, and our word for what is sent as each. Who owns an asset is none of them.
const SENT_AS: &[(&str, &[&str])] = &[
    ("serialno", &["serial"]),
    ("itemdesc", &["what"]),
    ("wardatein", &["warranty_from"]),
    ("wardateout", &["warranty_to"]),
    ("status", &["status"]),
    ("ship", &["ship"]),
];

/// What happens next after a write of these fields.
pub(super) fn failure(error: jim2::Error, key: &Key, fields: &Fields) -> Failure {
    sync::refusal(error, key, fields, SENT_AS)
}
