//! Where changes of configuration items and assets show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use jim2::Modified;
use sync::{Asks, Shows, Trail};

/// Autotask's fields: `autotask.md` §7.1. There are webhooks for configuration items; this finds what they did not tell.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Autotask(Columns::stamped(
            "ConfigurationItems",
            "configuration item",
            &["lastModifiedTime", "createDate"],
        )),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Jim2(Modified::Assets),
    },
    Trail::absent(
        "configuration items",
        7,
        Asks::Autotask(Presence::by_id("ConfigurationItems", "configuration item")),
    ),
    Trail::absent("assets", 7, Asks::Jim2(jim2::Presence::Assets)),
];
