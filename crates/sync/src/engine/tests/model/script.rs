//! A life as data: what people, workers and time do, step by step.

use std::fmt;

use domain::System;

use super::super::world::Fault;
use crate::Point;

/// One step of a life. Things are told by their place, counted round; a step that finds nothing to do does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A person makes a thing in Autotask.
    Make,
    /// A person makes both halves by hand, naming each other, under two names.
    Match,
    /// A person sets a field; the number stands for a value. The system tells of it.
    Edit(System, u8, What, u8),
    /// A person writes a note.
    Note(System, u8),
    /// A person puts his last note in other words.
    Reword(System, u8),
    /// A field is not told any more.
    Silent(System, u8, What),
    /// All fields are told again.
    Tells(System, u8),
    /// A person deletes one half of a pair.
    Delete(System, u8),
    /// A person duplicates the job, reference and all.
    Copy(u8),
    /// The job gets another customer.
    Move(u8),
    /// The job gets its customer back.
    Back(u8),
    /// A newer build leaves what it knows in a format of its own.
    Newer(u8),
    /// The newer build is taken back, and what it left with it.
    Older(u8),
    /// The next reads of a side show it as it is now.
    Lag(System, u8),
    /// Seconds pass.
    Later(i64),
    /// An event that was told before is told again.
    Again(u8),
    /// A worker handles a batch.
    Work(Batch),
}

/// The fields of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Name,
    Title,
    Status,
    Remark,
}

/// What a worker does with the queue, and what happens to it meanwhile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch {
    /// So many messages.
    pub(super) take: u8,
    /// From this one on, counted round: the order is nobody's promise.
    pub(super) from: u8,
    /// What goes wrong with its first writes.
    pub(super) faults: [Option<Fault>; 3],
    /// Where it dies.
    pub(super) dies: Option<Point>,
    /// Before this call of it, counted from one, …
    pub(super) at: u8,
    /// … so many of the steps that follow are taken; those are left out after it.
    pub(super) meanwhile: u8,
}

/// A batch to which nothing happens.
pub(super) const CALM: Batch = Batch {
    take: 4,
    from: 0,
    faults: [None; 3],
    dies: None,
    at: 0,
    meanwhile: 0,
};

impl Step {
    /// Whether a write arrives later than any write may.
    pub(super) fn is_overdue(&self) -> bool {
        let is_late = |fault: &Option<Fault>| matches!(fault, Some(Fault::Late(seconds) | Fault::KilledLate(seconds)) if *seconds > 120);
        matches!(self, Self::Work(batch) if batch.faults.iter().any(is_late))
    }
}

impl What {
    pub(super) const ALL: [Self; 4] = [Self::Name, Self::Title, Self::Status, Self::Remark];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Title => "title",
            Self::Status => "status",
            Self::Remark => "remark",
        }
    }
}

impl fmt::Debug for Batch {
    /// Only what is not calm, as Rust.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == CALM {
            return f.write_str("CALM");
        }
        f.write_str("Batch { ")?;
        if self.take != CALM.take {
            write!(f, "take: {}, ", self.take)?;
        }
        if self.from != CALM.from {
            write!(f, "from: {}, ", self.from)?;
        }
        if self.faults != CALM.faults {
            write!(f, "faults: {:?}, ", self.faults)?;
        }
        if let Some(point) = self.dies {
            write!(f, "dies: Some(Point::{point:?}), ")?;
        }
        if self.meanwhile != 0 {
            write!(f, "at: {}, meanwhile: {}, ", self.at, self.meanwhile)?;
        }
        f.write_str("..CALM }")
    }
}

/// A script as it is pasted into `regressions.rs`.
pub(super) struct Pasted<'a>(pub(super) &'a [Step]);

impl fmt::Display for Pasted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("&[\n")?;
        for step in self.0 {
            writeln!(f, "    {step:?},")?;
        }
        f.write_str("]")
    }
}
