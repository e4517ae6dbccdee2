//! How long Jim2's texts may be. No document says it of all of them, so each is a setting of the site with a default.

use domain::Value;
use sync::{Facts, Mapped};

/// The longest text of each, by its setting; nothing: as long as the ticket's.
const LIMITS: [(&str, Option<usize>); 5] = [
    (FAULT_DESC, None),
    (INVOICE_DESC, None),
    (ITEM_DESC, Some(255)),
    (ATTENTION, Some(51)),
    (OUR_REF, Some(50)),
];

const FAULT_DESC: &str = "limit.fault_desc";
const INVOICE_DESC: &str = "limit.invoice_desc";
const ITEM_DESC: &str = "limit.item_desc";
/// Of the name in a job's attention.
pub(super) const ATTENTION: &str = "limit.attention";
/// Of a job's reference, which is never cut.
pub(super) const OUR_REF: &str = "limit.our_ref";

/// The fault description that Jim2 takes.
pub(super) fn fault_desc(text: &Value, facts: &Facts) -> Mapped {
    fitted(FAULT_DESC, text, facts)
}

/// The description of an Item that Jim2 takes.
pub(super) fn item_desc(text: &Value, facts: &Facts) -> Mapped {
    fitted(ITEM_DESC, text, facts)
}

/// The invoice description that Jim2 takes.
pub(super) fn invoice_desc(text: &Value, facts: &Facts) -> Mapped {
    fitted(INVOICE_DESC, text, facts)
}

fn fitted(limit: &str, text: &Value, facts: &Facts) -> Mapped {
    let tidy = text.as_text().unwrap_or_default().replace("\r\n", "\n");
    Mapped::Value(cut(limit, tidy.trim(), facts).into())
}

/// A text as long as the limit lets it be.
pub(super) fn cut(limit: &str, text: &str, facts: &Facts) -> String {
    match longest(limit, facts).and_then(|longest| text.char_indices().nth(longest)) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text.to_owned(),
    }
}

/// The most characters that a limit lets through; 0 and less is no limit.
pub(super) fn longest(limit: &str, facts: &Facts) -> Option<usize> {
    let chosen = facts.number(limit);
    let default = LIMITS.iter().find(|(name, _)| *name == limit);
    match chosen {
        Some(chosen) => usize::try_from(chosen).ok().filter(|longest| *longest > 0),
        None => default.and_then(|(_, longest)| *longest),
    }
}
