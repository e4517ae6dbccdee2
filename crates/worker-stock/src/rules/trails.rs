//! Where changes of products and stock show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use jim2::Modified;
use sync::{Asks, Shows, Trail};

/// A day.
const DAY: Duration = Duration::from_hours(24);

/// Autotask tells no change of a product (`autotask.md` §7.1), by neither time nor webhook: so all that are in use are
/// looked at once a day, with both halves read for many at once, and all that are not once a week. Jim2 tells changes of
/// the record; whether those of prices and quantities move its time no document says, and the change table tells them.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: DAY,
        shows: Shows::Autotask(products(true)),
    },
    Trail {
        name: "withdrawn",
        prefix: "",
        every: DAY.saturating_mul(7),
        shows: Shows::Autotask(products(false)),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Jim2(Modified::Stock),
    },
    Trail::absent(
        "products",
        7,
        Asks::Autotask(Presence::by_id("Products", "product")),
    ),
    Trail::absent("stock records", 7, Asks::Jim2(jim2::Presence::Stock)),
];

/// All products that are in use, or not.
const fn products(in_use: bool) -> Columns {
    Columns {
        open: Some(("isActive", in_use)),
        ..Columns::stamped("Products", "product", &[])
    }
}
