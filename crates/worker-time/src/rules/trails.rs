//! Where changes of time entries show.

use std::time::Duration;

use autotask::Trail as Columns;
use sync::{Shows, Trail};

/// Autotask's fields: `autotask.md` §7.1. There is no webhook for time entries, so this is how they are noticed at all;
/// lines of labour are not read back, so Jim2 has none.
pub(super) const TRAILS: &[Trail] = &[Trail {
    name: "",
    prefix: "",
    every: Duration::from_mins(5),
    shows: Shows::Autotask(Columns::stamped(
        "TimeEntries",
        "time entry",
        &["lastModifiedDateTime", "createDateTime"],
    )),
}];
