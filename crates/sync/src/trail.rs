//! Where changes of a kind's records show, for a sweep to find them: data that each kind declares.

use std::time::Duration;

use domain::System;

/// Where it shows on one side that records of a kind were made, changed or deleted.
///
/// A kind has one or more on a side, each swept by itself with a watermark of its own; on a side without any its
/// records are found by nobody but webhooks and feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trail {
    /// Its name beside the kind's own records; those have none (`""`), deletions are `deletions`.
    pub name: &'static str,
    /// What stands before an id in events, so that the kind's hands know what it is the id of: `invoice:`. Nothing before
    /// those of the kind's own records.
    pub prefix: &'static str,
    /// How often it is swept where nobody says.
    pub every: Duration,
    /// What is asked.
    pub shows: Shows,
}

/// What is asked for a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Rows of an entity of Autotask.
    Autotask(autotask::Trail),
    /// Records of Jim2 by when they were last changed.
    Jim2(jim2::Modified),
}

impl Trail {
    /// Rows of Autotask, swept every so many minutes, whose ids are those of the kind's records.
    pub const fn in_autotask(name: &'static str, minutes: u64, rows: autotask::Trail) -> Self {
        Self {
            name,
            prefix: "",
            every: Duration::from_mins(minutes),
            shows: Shows::Autotask(rows),
        }
    }

    /// On which side.
    pub fn on(&self) -> System {
        match self.shows {
            Shows::Autotask(_) => System::Autotask,
            Shows::Jim2(_) => System::Jim2,
        }
    }
}
