//! A working day between the two systems: people do things at the screens of one, and it is seen at the other.
//!
//! The steps are data (`day/script.json`). Crossbill is only its program and its address of metrics here; who plays
//! it and how it works is of no concern.

mod burst;
mod crossbill;
mod meter;
mod name;
mod pattern;
mod play;
mod quiet;
mod report;
mod script;
mod stage;
mod totals;

use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

pub use self::play::play;
pub use self::report::{Burst, Report, StepReport, Totals};
pub use self::script::Script;

use crate::screen;

/// What a day needs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where Autotask's screens are.
    pub autotask: String,
    /// Where Jim2's screens are.
    pub jim2: String,
    /// Crossbill's program, configured by the environment.
    pub crossbill: PathBuf,
    /// Crossbill's `/metrics`.
    pub metrics: String,
    /// How many tickets are raised at once at the end.
    pub tickets_burst: usize,
    /// The zone of the wall times that Jim2 tells.
    pub zone: Tz,
    /// What a shell does between two steps.
    pub between_steps: Option<String>,
    /// What a shell does in every step after people have acted and before anybody looks.
    pub amid_steps: Option<String>,
    /// How long to look for what has to come.
    pub patience: Duration,
    /// How long nothing may move before it is quiet.
    pub still: Duration,
}

/// How long nothing may move: longer than Crossbill's gauges are old, and than an idle reader of changes waits.
pub const STILL: Duration = Duration::from_secs(6);

/// Why a day could not go on. What is merely not seen in time is told in the report instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A screen cannot be used.
    #[error("a screen cannot be used")]
    Screen(#[from] screen::Error),
    /// The script is not one.
    #[error("the script of the day cannot be read: {0}")]
    Script(#[from] serde_json::Error),
    /// The script speaks of something that nothing has that name.
    #[error(
        "the script names ${{{0}}}, and nothing has that name: bind it with \"as\" in an earlier step"
    )]
    Unnamed(String),
    /// Nothing to begin with.
    #[error(
        "no {entity} fits {wanted}: has `crossbill connect` run, and are there enough records?"
    )]
    NothingFits {
        /// Of which entity.
        entity: String,
        /// What was looked for.
        wanted: String,
    },
    /// A command failed.
    #[error("`{command}` failed: {said}")]
    Command {
        /// What was run.
        command: String,
        /// The end of what it said.
        said: String,
    },
    /// A command could not be run.
    #[error("`{command}` cannot be run: check that it is there")]
    NotRun {
        /// What was to be run.
        command: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests;
