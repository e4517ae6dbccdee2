//! `crossbill held`.

use clap::{Args, Subcommand};
use store::held;
use uuid::Uuid;

/// What waits for a problem to be solved, dead letters among them.
#[derive(Debug, Subcommand)]
pub(crate) enum Held {
    /// Show what is held by problem: what is wrong, who can solve it, and how.
    List {
        /// Each item, not each problem.
        #[arg(long)]
        items: bool,
        /// Only what waits for this problem.
        #[arg(long)]
        problem: Option<String>,
        /// How many items.
        #[arg(long, default_value_t = 50, value_parser = super::at_least_one())]
        limit: i64,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Explain one held item.
    Show {
        /// The item's id, as `list --items` tells it.
        id: Uuid,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Try again: one, all of a problem, or all. What still cannot be done is held again.
    Replay {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// At most so many, oldest first: a canary.
        #[arg(long, default_value_t = i64::from(i32::MAX), value_parser = super::at_least_one())]
        limit: i64,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
    /// Put away for good: it is not tried again by itself.
    Archive {
        /// Which.
        #[command(flatten)]
        which: Which,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

/// Which held items.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Which {
    /// These.
    pub(crate) ids: Vec<Uuid>,
    /// Those that wait for this problem.
    #[arg(long)]
    pub(crate) problem: Option<String>,
    /// All.
    #[arg(long)]
    pub(crate) all: bool,
}

impl From<Which> for held::Which {
    fn from(which: Which) -> Self {
        match which {
            Which {
                problem: Some(problem),
                ..
            } => Self::Problem(problem),
            Which { all: true, .. } => Self::All,
            Which { ids, .. } => Self::Ids(ids),
        }
    }
}
