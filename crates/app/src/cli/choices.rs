//! `crossbill settings`, `crossbill filters` and `crossbill mapping`: what a site chooses.

use clap::Subcommand;
use domain::{Kind, System};
use sync::Way;

/// Facts and choices of the site.
#[derive(Debug, Subcommand)]
pub(crate) enum Settings {
    /// Show every setting: what it is now, what it is for, and what holds where nobody chose.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Choose. Running roles take it up by themselves.
    #[command(
        after_long_help = "Where a setting is a number of one of Autotask's lists, its name is taken too; several \
            are written with commas between them.\n\nExamples:\n  \
            crossbill settings set notes.internal_to_jim2 on\n  \
            crossbill settings set notes.labour_prefix \"LAB:\"\n  \
            crossbill settings set default.queue \"Level One Support\"\n  \
            crossbill settings set note.publish.customer 1,4\n  \
            crossbill settings set udf.job_no \"Our job number\""
    )]
    Set {
        /// Its name, as `crossbill settings list` shows it.
        name: String,
        /// What it is to be.
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Take a choice back, so that the default holds.
    Unset {
        /// Its name.
        name: String,
    },
}

/// Which records take part.
#[derive(Debug, Subcommand)]
pub(crate) enum Filters {
    /// Show every filter with what passes.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Choose what passes. It is looked at when a record would be made; pairs stay pairs.
    #[command(
        after_long_help = "Values are told by id or by name, with commas between them, or as JSON.\n\nExamples:\n  \
            crossbill filters set ticket queues \"Level One Support,Level Two Support\"\n  \
            crossbill filters set ticket sources '{\"except\": [8]}'\n  \
            crossbill filters set ticket job_items SERVICE\n  \
            crossbill filters set company types 1,3\n\n\
            Jobs become tickets only with `crossbill connect --create ticket-from-job`; a job has to pass each of \
            job_types, job_items and job_customers that is set."
    )]
    Set {
        /// The kind: company or ticket.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// Its name, as `crossbill filters list` shows it.
        name: String,
        /// What passes.
        values: String,
    },
    /// Take a filter away.
    Unset {
        /// The kind: company or ticket.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// Its name.
        name: String,
    },
}

/// The mapping of fields.
#[derive(Debug, Subcommand)]
pub(crate) enum Mapping {
    /// Show every field: which way it goes, and whose value wins when both sides changed it.
    List {
        /// Only this kind.
        #[arg(long, value_parser = super::kind)]
        kind: Option<Kind>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change which way a field goes, or whose value wins. It holds from the next event on.
    #[command(
        after_long_help = "Examples:\n  crossbill mapping set ticket priority --way off\n  \
            crossbill mapping set company name --owner autotask\n  \
            crossbill mapping set ticket cust_ref --way both --owner jim2\n\n\
            Differences that are there already are settled by: crossbill mapping apply"
    )]
    Set {
        /// The kind.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// The field, as `crossbill mapping list` shows it.
        field: String,
        /// both, to-jim2, to-autotask, create-only or off.
        #[arg(long, value_parser = way, required_unless_present = "owner")]
        way: Option<Way>,
        /// autotask or jim2.
        #[arg(long, value_parser = super::system)]
        owner: Option<System>,
    },
    /// Bring a field back to its default.
    Reset {
        /// The kind.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// The field.
        field: String,
    },
    /// Settle differences from before Crossbill by each field's owner: shows how many, and asks.
    Apply {
        /// Only this kind.
        #[arg(long, value_parser = super::kind)]
        kind: Option<Kind>,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

fn way(word: &str) -> Result<Way, String> {
    Way::named(word)
        .ok_or_else(|| "write both, to-jim2, to-autotask, create-only or off".to_owned())
}
