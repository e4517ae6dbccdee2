//! Where changes of companies and cardfiles show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns, WebhookKind};
use jim2::Modified;
use sync::{Asks, Shows, Trail, Watch};

/// Autotask's fields: `autotask.md` §7.1. The tracked changes alone would pass by user-defined fields and how a
/// company is invoiced; its activity moves with all of them, and with its tickets.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Autotask(Columns::stamped(
            "Companies",
            "company",
            &[
                "lastActivityDate",
                "lastTrackedModifiedDateTime",
                "createDate",
            ],
        )),
    },
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(30),
        shows: Shows::Jim2(Modified::CardFiles),
    },
    Trail::absent(
        "companies",
        1,
        Asks::Autotask(Presence::by_id("Companies", "company")),
    ),
    Trail::absent("cardfiles", 1, Asks::Jim2(jim2::Presence::CardFiles)),
];

/// What tells of changes of companies: the fields that the mapping uses.
pub(super) const WATCHES: &[Watch] = &[Watch {
    entity: WebhookKind::Company,
    name: "crossbill-company",
    fields: &[
        "companyName",
        "companyType",
        "taxID",
        "address1",
        "address2",
        "city",
        "state",
        "postalCode",
        "isActive",
        "parentCompanyID",
    ],
    always_sent: &[],
    udfs: &[
        ("udf.card_no", "Jim2 CardNo"),
        ("udf.opt_out", "Jim2 opt-out"),
    ],
}];
