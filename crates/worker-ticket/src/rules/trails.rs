//! Where changes of tickets and jobs show, and of what hangs under them.

use std::time::Duration;

use autotask::{Presence, Trail as Columns, WebhookKind};
use jim2::Modified;
use sync::{Asks, Shows, Trail, Watch};

/// How often is looked for what shows elsewhere as well: in a ticket's activity, or in webhooks.
const SELDOM: Duration = Duration::from_hours(1);

/// Autotask's fields: `autotask.md` §7.1, §7.3. A ticket's activity moves with what is attached to it, its tracked
/// changes do not. That a note that is edited counts for it is not said, so notes have a trail of their own, swept
/// seldom.
///
/// The log of deleted activities does not carry the id of what was deleted, only the ticket's: the ticket is looked at
/// again, with all its notes. Both logs ask for rights of an administrator of the service desk.
///
/// That the last of a ticket's items went to its job shows on the item, as we say it there (`webServiceDate`).
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(10),
        shows: Shows::Autotask(Columns::stamped(
            "Tickets",
            "ticket",
            &[
                "lastActivityDate",
                "lastTrackedModificationDateTime",
                "createDate",
            ],
        )),
    },
    Trail {
        name: "notes",
        prefix: "",
        every: SELDOM,
        shows: Shows::Autotask(about_tickets(
            "TicketNotes",
            "ticket note",
            &["lastActivityDate", "createDateTime"],
        )),
    },
    Trail {
        name: "deletions",
        prefix: "",
        every: SELDOM,
        shows: Shows::Autotask(about_tickets(
            "DeletedTicketLogs",
            "log of a deleted ticket",
            &["deletedDateTime"],
        )),
    },
    Trail {
        name: "activity_deletions",
        prefix: "",
        every: SELDOM,
        shows: Shows::Autotask(about_tickets(
            "DeletedTicketActivityLogs",
            "log of a deleted note or time entry",
            &["deletedDateTime"],
        )),
    },
    Trail::in_autotask(
        "carried",
        15,
        about_tickets("BillingItems", "billing item", &["webServiceDate"]),
    ),
    Trail::in_autotask(
        "completed",
        4 * 60,
        Columns {
            lingers: COMPLETED_FOR,
            ..Columns::stamped("Tickets", "completed ticket", &["completedDate"])
        },
    ),
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(10),
        shows: Shows::Jim2(Modified::Jobs),
    },
    Trail::absent(
        "tickets",
        7,
        Asks::Autotask(Presence::by_id("Tickets", "ticket")),
    ),
    Trail::absent("jobs", 7, Asks::Jim2(jim2::Presence::Jobs)),
];

/// How long completed tickets are looked at again, as time alone makes a job that is to be finished
/// ([`sync::finish`]).
const COMPLETED_FOR: Duration = Duration::from_hours(30);

/// Rows that name the ticket they are about.
const fn about_tickets(
    path: &'static str,
    name: &'static str,
    stamps: &'static [&'static str],
) -> Columns {
    Columns {
        about: "ticketID",
        ..Columns::stamped(path, name, stamps)
    }
}

/// What tells of changes of tickets, and of their notes: the fields that the mapping uses.
pub(super) const WATCHES: &[Watch] = &[
    Watch {
        entity: WebhookKind::Ticket,
        name: "crossbill-ticket",
        fields: &[
            "title",
            "description",
            "status",
            "priority",
            "ticketType",
            "issueType",
            "subIssueType",
            "queueID",
            "dueDateTime",
            "purchaseOrderNumber",
            "companyID",
            "contractID",
            "configurationItemID",
            "assignedResourceID",
            "assignedResourceRoleID",
            "externalID",
        ],
        always_sent: &["ticketNumber"],
        udfs: &[("udf.job_no", "Jim2 Job#")],
    },
    Watch {
        entity: WebhookKind::TicketNote,
        name: "crossbill-ticket-note",
        fields: &["title", "description", "publish", "noteType"],
        always_sent: &["ticketID"],
        udfs: &[],
    },
];
