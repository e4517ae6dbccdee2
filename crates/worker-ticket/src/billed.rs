//! What became of the work of a completed ticket. Pure.

use autotask::{BillingItem, TicketCharge, TimeEntry};
use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;

/// What became of a ticket's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Billed {
    /// The ticket is not completed.
    Open,
    /// Some of it has yet to be posted, or to go to the job.
    Waits,
    /// All of it is on jobs.
    All,
    /// None of it costs anything.
    Nothing,
}

/// The word for a ticket with nothing to invoice.
pub(crate) const NOTHING: &str = "nothing";

const WORDS: [(Billed, &str); 4] = [
    (Billed::Open, "open"),
    (Billed::Waits, "waits"),
    (Billed::All, "billed"),
    (Billed::Nothing, NOTHING),
];

impl Billed {
    pub(crate) fn as_str(self) -> &'static str {
        let found = WORDS.iter().find(|(billed, _)| *billed == self);
        found.map_or("", |(_, word)| word)
    }

    pub(crate) fn read(word: &str) -> Option<Self> {
        let found = WORDS.iter().find(|(_, it)| *it == word);
        found.map(|(billed, _)| *billed)
    }

    /// What the posted items of a ticket come to, those aside that cost nothing or were posted before `from`, which is
    /// when we began to bill.
    pub(crate) fn of<'a>(
        items: impl Iterator<Item = &'a BillingItem>,
        from: Option<DateTime<Utc>>,
    ) -> Self {
        let mut billed = Self::Nothing;
        for item in items {
            let posted = item.posted_on_time.get().or(item.posted_date.get());
            let is_before = matches!((posted, from), (Some(posted), Some(from)) if *posted < from);
            let is_carried = matches!(item.web_service_date, Told::Is(_));
            let is_free = item.extended_price.get().is_some_and(Decimal::is_zero);
            if is_carried {
                billed = Self::All;
            } else if !is_free && !is_before {
                return Self::Waits;
            }
        }
        billed
    }
}

/// Whether an entry that is not approved yet may be billed once it is.
pub(crate) fn may_cost(entry: &TimeEntry) -> bool {
    let is_free = entry.hours_to_bill.get().is_some_and(Decimal::is_zero);
    entry.is_non_billable.get() != Some(&true) && !is_free
}

/// Whether a charge that is not billed yet is to be.
pub(crate) fn is_to_be_billed(charge: &TicketCharge) -> bool {
    charge.is_billable_to_company.get() != Some(&false)
}
