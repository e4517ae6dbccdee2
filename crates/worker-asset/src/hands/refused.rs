//! Which of our fields Jim2 does not take at all, so that an asset is made or changed without them.

use domain::{Failure, Key};
use sync::Fields;

/// What happens next after a write of these fields. A field that Jim2 does not take is named by our word for it.
pub(super) fn failure(error: jim2::Error, key: &Key, fields: &Fields) -> Failure {
    let named = if let jim2::Error::NotWritable { attribute } = &error {
        sent_as(attribute, fields)
    } else {
        None
    };
    let mut failure = error.into_failure(key);
    if let Failure::Hold { problems } = &mut failure
        && let Some(field) = named
    {
        for problem in problems {
            problem.field = Some(field.to_owned());
        }
    }
    failure
}

/// Our field that was sent as an attribute of Jim2's. Who owns an asset, is none of them.
fn sent_as(attribute: &str, fields: &Fields) -> Option<&'static str> {
    let ours = match attribute.to_lowercase().as_str() {
        "serialno" => "serial",
        "itemdesc" => "what",
        "wardatein" => "warranty_from",
        "wardateout" => "warranty_to",
        "status" => "status",
        "ship" => "ship",
        _ => return None,
    };
    Some(ours).filter(|ours| fields.contains_key(*ours))
}
