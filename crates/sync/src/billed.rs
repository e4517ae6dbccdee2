//! What became of completed work: what is posted and on jobs, and what has yet to be.

mod unposted;

use autotask::BillingItem;
use chrono::{DateTime, Utc};
use domain::Told;
use rust_decimal::Decimal;

pub use self::unposted::{unapproved, unbilled};

/// What became of the work of a ticket, a project or an Autotask invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billed {
    /// It is not completed.
    Open,
    /// Some of it has yet to be posted, or to go to the job.
    Waits,
    /// All of it is on jobs.
    All,
    /// None of it costs anything.
    Nothing,
}

/// The word for work with nothing to invoice.
pub(crate) const NOTHING: &str = "nothing";

const WORDS: [(Billed, &str); 4] = [
    (Billed::Open, "open"),
    (Billed::Waits, "waits"),
    (Billed::All, "billed"),
    (Billed::Nothing, NOTHING),
];

impl Billed {
    /// The columns of items that tell it.
    pub const COLUMNS: [&str; 4] = [
        "extendedPrice",
        "postedOnTime",
        "postedDate",
        "webServiceDate",
    ];

    /// The word in shadows.
    pub fn as_str(self) -> &'static str {
        let found = WORDS.iter().find(|(billed, _)| *billed == self);
        found.map_or("", |(_, word)| word)
    }

    /// Reads such a word.
    pub fn read(word: &str) -> Option<Self> {
        let found = WORDS.iter().find(|(_, it)| *it == word);
        found.map(|(billed, _)| *billed)
    }

    /// What posted items come to, those aside that cost nothing or were posted before `from`, which is
    /// when we began to bill.
    pub fn of<'a>(
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
