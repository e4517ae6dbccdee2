//! Where changes of time entries show.

use autotask::{Presence, Trail as Columns};
use sync::{Asks, Trail};

use crate::{OF_TASK, OF_TICKET};

/// How often is looked for what was deleted, in minutes.
const SELDOM_MINUTES: u64 = 60;

/// Autotask's fields: `autotask.md` §7.1, §7.3. There is no webhook for time entries, so this is how they are noticed at
/// all; lines of labour are not read back, so Jim2 has none.
///
/// The logs of deleted activities do not carry the id of what was deleted, only the ticket's or the task's: all pairs that
/// belong to it are looked at again. Whether the entries of a ticket that is deleted are logged one by one is not said,
/// so the log of tickets is read for them too. All ask for rights of an administrator of service desk or projects.
pub(super) const TRAILS: &[Trail] = &[
    Trail::in_autotask(
        "",
        5,
        Columns::stamped(
            "TimeEntries",
            "time entry",
            &["lastModifiedDateTime", "createDateTime"],
        ),
    ),
    deleted(
        "deletions",
        OF_TICKET,
        ("DeletedTicketActivityLogs", "ticketID"),
    ),
    deleted(
        "task_deletions",
        OF_TASK,
        ("DeletedTaskActivityLogs", "taskID"),
    ),
    deleted(
        "ticket_deletions",
        OF_TICKET,
        ("DeletedTicketLogs", "ticketID"),
    ),
    Trail::absent_of(
        "time entries",
        60,
        Asks::Autotask(Presence::by_id("TimeEntries", "time entry")),
    ),
];

/// A log of deletions, with the field that has the id of what a row is about.
const fn deleted(
    name: &'static str,
    prefix: &'static str,
    (path, about): (&'static str, &'static str),
) -> Trail {
    let rows = Columns {
        about,
        ..Columns::stamped(path, "log of deletions", &["deletedDateTime"])
    };
    Trail {
        prefix,
        ..Trail::in_autotask(name, SELDOM_MINUTES, rows)
    }
}
