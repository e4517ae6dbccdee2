//! Where changes of contracts and projects show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns};
use jim2::Modified;
use sync::{Asks, Shows, Trail};

/// Autotask's field: `autotask.md` §7.1. There is no webhook for contracts, so this is how they are noticed at all. What a
/// contract sells has no time of change: it shows when something else of the contract is changed.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Autotask(Columns::stamped(
            "Contracts",
            "contract",
            &["lastModifiedDateTime"],
        )),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(15),
        shows: Shows::Jim2(Modified::Projects),
    },
    Trail::absent(
        "contracts",
        1,
        Asks::Autotask(Presence::by_id("Contracts", "contract")),
    ),
    Trail::absent("projects", 1, Asks::Jim2(jim2::Presence::Projects)),
];
