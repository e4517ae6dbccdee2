//! Where changes of contacts show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns, WebhookKind};
use jim2::Modified;
use sync::{Asks, Shows, Trail, Watch};

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

/// What tells of changes of contacts: the fields that the mapping uses.
pub(super) const WATCHES: &[Watch] = &[Watch {
    entity: WebhookKind::Contact,
    name: "crossbill-contact",
    fields: &[
        "firstName",
        "lastName",
        "middleInitial",
        "namePrefix",
        "title",
        "emailAddress",
        "phone",
        "mobilePhone",
        "isActive",
        "externalID",
    ],
    always_sent: &[],
    udfs: &[],
}];
