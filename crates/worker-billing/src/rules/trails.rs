//! Where it shows that something was posted or invoiced.

use std::time::Duration;

use autotask::Trail as Columns;
use sync::{Shows, Trail};

use crate::INVOICE;

/// Autotask's fields: `autotask.md` §7.1, §7.3. Billing items have no column of changes and no webhook: new ones show by
/// id and by when they were posted. That an item is on an invoice by now does not show on it, so that an invoice has all
/// looked at that it bills. Lines are not read back, so Jim2 has no trail.
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
];
