//! What the site wants of billing.

use chrono::{DateTime, Utc};
use sync::{Facts, Freeze};

/// The site as the hands see it. Taken from the mappings when a worker starts, which a changed setting does anew.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BillingSettings {
    /// Our own initials in Jim2 (`jim2.initials`).
    pub api_initials: String,
}

impl BillingSettings {
    /// The settings that a snapshot of the mappings holds.
    pub fn of(facts: &Facts) -> Self {
        Self {
            api_initials: facts.setting("jim2.initials").unwrap_or("API").to_owned(),
        }
    }
}

/// Who carries what is posted to Jim2 (`billing_by`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// We do.
    Ours,
    /// The official connector does; the default, as two that write make every line twice.
    Theirs,
    /// Nobody does.
    Off,
}

/// Who carries what is posted.
pub(crate) fn carrier(facts: &Facts) -> Carrier {
    match facts.setting("billing_by") {
        Some("ours") => Carrier::Ours,
        Some("off") => Carrier::Off,
        Some(_) | None => Carrier::Theirs,
    }
}

/// Since when what is posted is ours to carry (`billing_from`, a time, or a day in the site's zone); nothing is before it
/// is set.
pub(crate) fn billing_from(facts: &Facts) -> Option<DateTime<Utc>> {
    facts.moment("billing_from")
}

/// Whether items wait until they are on an Autotask invoice (`bill_when`); posted is enough by default.
pub(crate) fn waits_for_invoice(facts: &Facts) -> bool {
    facts.setting("bill_when") == Some("invoiced")
}

/// Until when no line is written, where the site's books are frozen now (`billing_freeze`, rule 3).
pub fn frozen_until(facts: &Facts) -> Option<DateTime<Utc>> {
    let freeze = Freeze::read(facts.setting("billing_freeze")?)?;
    freeze.until(facts.now, facts.zone)
}

/// The currency of Australian dollars in Autotask (`billing_currency`), where the tenant has several.
pub(crate) fn australian_dollars(facts: &Facts) -> Option<i64> {
    facts.number("billing_currency")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn billing_begins_at_a_time_or_at_midnight_in_the_sites_zone() {
        let mut facts = Facts::empty(chrono_tz::Australia::Sydney, DateTime::UNIX_EPOCH);
        assert_eq!(billing_from(&facts), None);
        for (told, expected) in [
            ("2026-12-01T00:00:00Z", Some("2026-12-01T00:00:00Z")),
            ("2026-12-01", Some("2026-11-30T13:00:00Z")),
            ("soon", None),
        ] {
            facts
                .settings
                .insert("billing_from".to_owned(), json!(told));
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(billing_from(&facts), expected, "{told}");
        }
    }
}
