//! Where changes of time entries show.

use std::time::Duration;

use autotask::Trail as Columns;
use sync::{Shows, Trail};

use crate::{OF_TASK, OF_TICKET};

/// How often is looked for what was deleted.
const SELDOM: Duration = Duration::from_hours(1);

/// Autotask's fields: `autotask.md` §7.1, §7.3. There is no webhook for time entries, so this is how they are noticed at
/// all; lines of labour are not read back, so Jim2 has none.
///
/// The logs of deleted activities do not carry the id of what was deleted, only the ticket's or the task's: all pairs that
/// belong to it are looked at again. Whether the entries of a ticket that is deleted are logged one by one is not said,
/// so the log of tickets is read for them too. All ask for rights of an administrator of service desk or projects.
pub(super) const TRAILS: &[Trail] = &[
    Trail {
        name: "",
        prefix: "",
        every: Duration::from_mins(5),
        shows: Shows::Autotask(Columns::stamped(
            "TimeEntries",
            "time entry",
            &["lastModifiedDateTime", "createDateTime"],
        )),
    },
    Trail {
        name: "deletions",
        prefix: OF_TICKET,
        every: SELDOM,
        shows: Shows::Autotask(log("DeletedTicketActivityLogs", "ticketID")),
    },
    Trail {
        name: "task_deletions",
        prefix: OF_TASK,
        every: SELDOM,
        shows: Shows::Autotask(log("DeletedTaskActivityLogs", "taskID")),
    },
    Trail {
        name: "ticket_deletions",
        prefix: OF_TICKET,
        every: SELDOM,
        shows: Shows::Autotask(log("DeletedTicketLogs", "ticketID")),
    },
];

/// A log of deletions, and the field with the id of what its rows are about.
const fn log(path: &'static str, about: &'static str) -> Columns {
    Columns {
        about,
        ..Columns::stamped(path, "log of deletions", &["deletedDateTime"])
    }
}
