//! What a site can choose of time.

use sync::{Choices, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "time",
    settings: SETTINGS,
    ..Choices::NONE
};

const SETTINGS: &[Setting] = &[Setting::new(
    "time.internal_notes",
    Holds::Switch,
    "off",
    "whether internal notes of time entries go along with their summaries into the comments of labour",
)];
