//! What a site can choose of contracts.

use sync::{Choices, Filter, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "contract",
    filters: FILTERS,
    settings: SETTINGS,
    learnt: &[
        "jim2.refused.contract.create",
        "jim2.refused.contract.update",
    ],
    ..Choices::NONE
};

const FILTERS: &[Filter] = &[
    Filter::passing(
        "types",
        "types of contracts that get projects",
        "contractType",
    ),
    Filter::passing(
        "categories",
        "categories of contracts that get projects",
        "contractCategory",
    ),
];

const SETTINGS: &[Setting] = &[Setting::new(
    "project.type",
    Holds::Text,
    Setting::HELD,
    "the type of projects made for contracts, as Jim2 names it; templates have no API",
)];
