//! `crossbill lookups`.

use std::path::PathBuf;

use clap::Subcommand;
use domain::System;

/// What the values of one system's lists stand for in the other.
#[derive(Debug, Subcommand)]
pub(crate) enum Lookups {
    /// Show lists with what each value stands for.
    List {
        /// Only this list, such as status.
        list: Option<String>,
        /// Only what stands for nothing yet.
        #[arg(long)]
        unmapped: bool,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read the lists of both systems again, now: what is gone, back or called something else is told.
    #[command(
        long_about = "Reads the lists of both systems again, as crossbill serve reconciler does once a day. A value that its \
            system does not have any more keeps its mapping and is marked; what stands for it is held until it is back, or \
            until it is said to stand for something else. One that is called something else keeps its mapping too."
    )]
    Refresh,
    /// Map values that have the same name on both sides. Decisions of people stay.
    Match {
        /// Only this list.
        list: Option<String>,
    },
    /// Say what a value stands for. Held records that waited for it go on by themselves.
    #[command(
        after_long_help = "Values may be told by id or by name; \"\" is blank.\n\nExamples:\n  \
            crossbill lookups set status autotask \"In Progress\" Proceed\n  \
            crossbill lookups set status autotask Complete Checked --path \"Proceed>Checked\"\n  \
            crossbill lookups set status jim2 FINISH --leave"
    )]
    Set {
        /// The list, such as status.
        list: String,
        /// The system whose value it is.
        #[arg(value_parser = super::system)]
        system: System,
        /// The value.
        value: String,
        /// What it stands for in the other system.
        #[arg(required_unless_present_any = ["leave", "forget"])]
        to: Option<String>,
        /// The steps to go through where the other system does not allow the direct one, as A>B>C.
        #[arg(long, requires = "to")]
        path: Option<String>,
        /// Leave the other side as it is.
        #[arg(long, conflicts_with_all = ["to", "path"])]
        leave: bool,
        /// Take the decision back.
        #[arg(long, conflicts_with_all = ["to", "path", "leave"])]
        forget: bool,
    },
    /// Write all decisions as CSV.
    Export {
        /// To this file; without one, to the screen.
        path: Option<PathBuf>,
    },
    /// Take decisions in from a CSV as `export` writes it.
    Import {
        /// The file.
        path: PathBuf,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}
