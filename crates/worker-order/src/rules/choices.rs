//! What a site can choose of the jobs of projects, Autotask invoices and other payers.

use sync::{Choices, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "order",
    settings: SETTINGS,
    learnt: &["jim2.refused.order.create", "jim2.refused.order.update"],
    ..Choices::NONE
};

const SETTINGS: &[Setting] = &[Setting::new(
    "order.item",
    Holds::Text,
    "the Item of tickets without an issue type",
    "the Item of jobs for projects, Autotask invoices and other payers",
)];
