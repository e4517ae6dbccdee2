//! What a site can choose of assets.

use sync::{Choices, Filter, Holds, Setting};

pub(super) const CHOICES: Choices = Choices {
    kind: "asset",
    filters: FILTERS,
    settings: SETTINGS,
    learnt: &["jim2.refused.asset.create", "jim2.refused.asset.update"],
    ..Choices::NONE
};

const FILTERS: &[Filter] = &[
    Filter::passing(
        "types",
        "types (numbers) of configuration items that get assets",
        "",
    ),
    Filter::passing(
        "categories",
        "categories (numbers) of configuration items that get assets",
        "",
    ),
];

const SETTINGS: &[Setting] = &[Setting::new(
    "default.product",
    Holds::Number(None),
    Setting::HELD,
    "the product (its id) of configuration items made from assets",
)];
