//! What the hands need to know of the site.

use chrono::{DateTime, Utc};
use sync::{Facts, finish};

use crate::KIND;

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderSettings {
    /// Whether jobs of completed work are finished once all is billed: where we bill (`billing_by`), and unless the field
    /// was switched off.
    pub finishes: bool,
    /// What was posted before this was billed before Crossbill (`billing_from`).
    pub billing_from: Option<DateTime<Utc>>,
}

impl OrderSettings {
    /// The settings that a snapshot of the mappings holds.
    pub fn of(facts: &Facts) -> Self {
        Self {
            finishes: finish::is_wanted(&KIND, facts),
            billing_from: facts.moment("billing_from"),
        }
    }
}
