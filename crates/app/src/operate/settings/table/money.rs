//! Settings: billing.

use super::{Setting, Type, of};

pub(super) const ROWS: &[Setting] = &[
    of(
        "billing_by",
        Type::OneOf(&["ours", "theirs", "off"]),
        "theirs",
        "who carries what is posted in Autotask to jobs: Crossbill, the official connector or nobody; two that do make \
         every line twice",
    ),
    of(
        "billing_from",
        Type::Moment,
        "none, and nothing is billed before it is set",
        "what was posted before this, or is on an Autotask invoice older than it, was billed before Crossbill",
    ),
    of(
        "bill_when",
        Type::OneOf(&["posted", "invoiced"]),
        "posted",
        "whether items of tickets and projects go to their jobs once they are posted, or with their Autotask invoice",
    ),
    of(
        "zero_jobs",
        Type::OneOf(&["finish", "cancel", "leave"]),
        "finish",
        "what becomes of the job of a completed ticket or project that has nothing to invoice",
    ),
    of(
        "zero_jobs_after_hours",
        Type::Number(None),
        "24",
        "how many hours after it was completed that is done",
    ),
    of(
        "finish_after_hours",
        Type::Number(None),
        "1",
        "how many hours after its ticket or project was completed, or its Autotask invoice made, a job whose work is all \
         billed goes to FINISH",
    ),
    of(
        "billing_freeze",
        Type::Freeze,
        "none",
        "the days on which no line is written, with commas: 30..2 of each month, 2026-12-24..2027-01-04 of this one",
    ),
    of(
        "working_days",
        Type::WorkingDays,
        "mon..fri",
        "the days of the week on which people work: what waits for a Ready job is held once one of them has passed",
    ),
    of(
        "billing_currency",
        Type::Number(None),
        "none, and only amounts in a currency of the customer's own are held",
        "the id of Australian dollars in Autotask, where it has several currencies",
    ),
    of(
        "order.item",
        Type::Text,
        "the Item of tickets without an issue type",
        "the Item of jobs for projects, Autotask invoices and other payers",
    ),
];
