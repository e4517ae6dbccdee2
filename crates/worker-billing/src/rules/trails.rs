//! Where it shows that something was posted or invoiced.

use std::time::Duration;

use autotask::{Naming, Presence, Trail as Columns};
use sync::{Asks, Shows, Trail};

use crate::{
    INVOICE,
    source::{KINDS, SourceKind},
};

/// Autotask's fields: `autotask.md` §7.1, §7.3. Billing items have no column of changes and no webhook: new ones show by
/// id and by when they were posted. That an item is on an invoice by now does not show on it, so that an invoice has all
/// looked at that it bills. Nor does anything show that an item was taken back: its source is asked after, every few hours
/// where the line was made lately. Lines are not read back, so Jim2 has no trail.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(5),
        shows: Shows::Autotask(Columns {
            new_by_id: true,
            ..Columns::stamped(
                "BillingItems",
                "billing item",
                &["postedOnTime", "postedDate"],
            )
        }),
    },
    Trail {
        name: "invoices",
        prefix: INVOICE,
        every: Duration::from_mins(15),
        shows: Shows::Autotask(Columns::stamped("Invoices", "invoice", &["createDateTime"])),
    },
    Trail {
        name: "taken_back",
        every: Duration::from_hours(4),
        ..Trail::absent_of("billing items", 60, ITEMS)
    },
    Trail::absent("billing items", 7, ITEMS),
];

/// Items are asked after by what lines are known by, as their own ids change each time they are posted.
const ITEMS: Asks = Asks::Autotask(Presence {
    path: "BillingItems",
    name: "billing item",
    by: &SOURCES,
});

const SOURCES: [Naming; KINDS.len()] = {
    let mut all = [naming(&KINDS[0]); KINDS.len()];
    let mut index = 1;
    while index < KINDS.len() {
        all[index] = naming(&KINDS[index]);
        index += 1;
    }
    all
};

const fn naming(kind: &SourceKind) -> Naming {
    Naming {
        word: kind.word,
        column: kind.column,
        part: Some("subType"),
    }
}
