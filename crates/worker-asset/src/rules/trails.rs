//! Where changes of configuration items and assets show.

use std::time::Duration;

use autotask::{Presence, Trail as Columns, WebhookKind};
use jim2::Modified;
use sync::{Asks, Shows, Trail, Watch};

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

/// What tells of changes of configuration items: the fields that the mapping uses.
pub(super) const WATCHES: &[Watch] = &[Watch {
    entity: WebhookKind::ConfigurationItem,
    name: "crossbill-configuration-item",
    fields: &[
        "serialNumber",
        "referenceTitle",
        "installDate",
        "warrantyExpirationDate",
        "isActive",
        "productID",
    ],
    always_sent: &[],
    udfs: &[],
}];
