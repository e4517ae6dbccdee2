//! Where changes of contacts show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use jim2::Modified;
use sync::{Asks, Shows, Trail};

/// Autotask's fields: `autotask.md` §7.1.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Autotask(Columns::stamped(
            "Contacts",
            "contact",
            &["lastActivityDate", "lastModifiedDate", "createDate"],
        )),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Jim2(Modified::Contacts),
    },
    Trail::absent(
        "contacts",
        1,
        Asks::Autotask(Presence::by_id("Contacts", "contact")),
    ),
    Trail::absent("contacts", 1, Asks::Jim2(jim2::Presence::Contacts)),
];
