//! What was billed before Crossbill, or is somebody else's to bill (rule 10), or waits (rule 8).

use chrono::{DateTime, Utc};
use domain::Value;
use sync::{Facts, Half};

use crate::settings::{Carrier, billing_from, carrier, waits_for_invoice};

/// Why an item is not carried although nothing is wrong with it.
pub(super) fn keeps_out(item: &Half, facts: &Facts) -> Option<String> {
    match carrier(facts) {
        Carrier::Ours => {}
        Carrier::Theirs => {
            return Some(
                "the official connector carries billing (billing_by is theirs)".to_owned(),
            );
        }
        Carrier::Off => return Some("billing is off (billing_by)".to_owned()),
    }
    let Some(from) = billing_from(facts) else {
        return Some("nothing is billed before billing_from is set".to_owned());
    };
    let at = |name: &str| moment(item, name);
    let Some(posted) = at("posted") else {
        return Some("Autotask did not tell when it was posted".to_owned());
    };
    if item.fact("exported").is_some() {
        return Some("billed before: its webServiceDate is set".to_owned());
    }
    if posted < from || at("invoiced").is_some_and(|invoiced| invoiced < from) {
        return Some("billed before: older than billing_from".to_owned());
    }
    if waits_for_invoice(facts) && item.fact("invoice").is_none() {
        return Some("waits for its Autotask invoice (bill_when is invoiced)".to_owned());
    }
    None
}

/// A moment that a fact tells.
pub(super) fn moment(half: &Half, name: &str) -> Option<DateTime<Utc>> {
    half.fact(name).and_then(Value::as_text)?.parse().ok()
}
