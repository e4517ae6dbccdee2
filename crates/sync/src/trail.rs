//! Where changes of a kind's records show, for a sweep to find them: data that each kind declares.

use std::time::Duration;

use domain::System;

use crate::LINES;

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
    /// Records that are paired and not told any more.
    Absent(Absence),
    /// Records that are paired, each with what both sides last agreed on: a full sweep.
    Contents(System),
}

/// Which records are asked after, as no change of theirs tells that they are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// What people call them.
    pub records: &'static str,
    /// How long ago they were paired at most; `None` is all of them.
    pub within: Option<Duration>,
    /// The field that names what a record is made of, where it is that which is asked after ([`crate::LINES`]): a record is
    /// told where all of it is.
    pub parts: Option<&'static str>,
    /// What is asked.
    pub asks: Asks,
}

/// Whom it is asked whether records are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Autotask.
    Autotask(autotask::Presence),
    /// Jim2.
    Jim2(jim2::Presence),
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

    /// The kind's records that are paired, which people call so, asked after every so many days.
    pub const fn absent(records: &'static str, days: u64, asks: Asks) -> Self {
        Self {
            name: "absent",
            prefix: "",
            every: Duration::from_hours(24 * days),
            shows: Shows::Absent(Absence {
                records,
                within: None,
                parts: None,
                asks,
            }),
        }
    }

    /// The same, once a week, of those that were paired within so many days.
    pub const fn absent_of(records: &'static str, within_days: u64, asks: Asks) -> Self {
        Self {
            shows: Shows::Absent(Absence {
                records,
                within: Some(Duration::from_hours(24 * within_days)),
                parts: None,
                asks,
            }),
            ..Self::absent(records, 7, asks)
        }
    }

    /// The items that lines of the kind's records follow, asked after once a week.
    pub const fn absent_items(records: &'static str, asks: Asks) -> Self {
        Self {
            name: "absent_items",
            shows: Shows::Absent(Absence {
                records,
                within: None,
                parts: Some(LINES.name),
                asks,
            }),
            ..Self::absent(records, 7, asks)
        }
    }

    /// The contents of all that is paired, once a week.
    pub const fn contents(on: System) -> Self {
        Self {
            name: "contents",
            prefix: "",
            every: Duration::from_hours(24 * 7),
            shows: Shows::Contents(on),
        }
    }

    /// On which side.
    pub fn on(&self) -> System {
        match self.shows {
            Shows::Autotask(_) => System::Autotask,
            Shows::Jim2(_) => System::Jim2,
            Shows::Absent(absence) => absence.on(),
            Shows::Contents(on) => on,
        }
    }

    /// Whether it shows what was changed in a window of time, and so what was missed in a gap.
    pub fn shows_changes(&self) -> bool {
        match self.shows {
            Shows::Autotask(_) | Shows::Jim2(_) => true,
            Shows::Absent(_) | Shows::Contents(_) => false,
        }
    }
}

impl Absence {
    /// On which side.
    pub fn on(&self) -> System {
        match self.asks {
            Asks::Autotask(_) => System::Autotask,
            Asks::Jim2(_) => System::Jim2,
        }
    }
}
