//! What a site can choose of billing.

use sync::{Choices, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "billing",
    settings: SETTINGS,
    ..Choices::NONE
};

const SETTINGS: &[Setting] = &[
    Setting::new(
        "billing_by",
        Holds::OneOf(&["ours", "theirs", "off"]),
        "theirs",
        "who carries what is posted in Autotask to jobs: Crossbill, the official connector or nobody; two that do make \
         every line twice",
    ),
    Setting::new(
        "billing_from",
        Holds::Moment,
        "none, and nothing is billed before it is set",
        "what was posted before this, or is on an Autotask invoice older than it, was billed before Crossbill",
    ),
    Setting::new(
        "bill_when",
        Holds::OneOf(&["posted", "invoiced"]),
        "posted",
        "whether items of tickets and projects go to their jobs once they are posted, or with their Autotask invoice",
    ),
    Setting::new(
        "billing_freeze",
        Holds::Freeze,
        "none",
        "the days on which no line is written, with commas: 30..2 of each month, 2026-12-24..2027-01-04 of this one",
    ),
    Setting::new(
        "billing_currency",
        Holds::Number(None),
        "none, and only amounts in a currency of the customer's own are held",
        "the id of Australian dollars in Autotask, where it has several currencies",
    ),
];
