//! The command line: what `crossbill` can be asked, and the help that teaches it.

mod choices;
mod held;
mod lookups;
mod pairs;
mod role;
mod tieout;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use domain::{Kind, System};

pub(crate) use choices::{Filters, Mapping, Settings};
pub(crate) use held::Held;
pub(crate) use lookups::Lookups;
pub(crate) use pairs::Pairs;
pub(crate) use role::Role;
pub(crate) use tieout::Tieout;

use crate::{config, connect, kinds};

/// Keeps Autotask and Jim2 equal.
#[derive(Debug, Parser)]
#[command(
    name = "crossbill",
    version,
    long_about = "Keeps Autotask PSA and Jim2 Business Engine equal, both ways.\n\n\
        The first time:\n  \
        crossbill config            check the settings (crossbill help config explains them)\n  \
        crossbill migrate           bring the database to this version\n  \
        crossbill connect           look at both systems, match what is there, register webhooks\n  \
        crossbill serve             run; nothing is written while paused\n  \
        crossbill preview ticket T20261123.0001\n  \
        crossbill resume            show what would happen, ask, and begin\n\n\
        Every day:\n  \
        crossbill status            how things stand\n  \
        crossbill held list         what waits, for what, and who can solve it\n  \
        crossbill alerts            what is alarming, and who was told\n  \
        crossbill tieout            whether all that was posted this month is on jobs\n\n\
        Exit codes: 0 done, 1 failed (one sentence on stderr) or not all explained (tieout), 2 wrong usage or configuration."
)]
pub(crate) struct Cli {
    /// The configuration file; else `CROSSBILL_CONFIG`, else ./crossbill.toml where there is one.
    #[arg(long, global = true, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// Who you are, for the record of what people did; else the user you are logged in as.
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub(crate) who: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check the configuration and show it, without its secrets.
    #[command(after_long_help = config::help())]
    Config,
    /// Bring the database to this version. Safe to repeat.
    Migrate,
    /// Look at both systems, match what is there, register webhooks. Safe to repeat; starts paused.
    Connect(Box<connect::Args>),
    /// Run: take events in, make pairs equal, keep house. Without a role, all in one process.
    #[command(
        long_about = "Runs until SIGTERM or SIGINT, and then finishes what is in hand, for 30 s at most; a \
            second signal ends it at once.\n\nWithout a role everything runs in this process, which is enough \
            for most sites. Any number of each role may run, on the same Postgres and RabbitMQ.",
        after_long_help = "Examples:\n  crossbill serve\n  crossbill serve ingress\n  \
            crossbill serve worker ticket\n  crossbill serve worker company contact\n  crossbill serve reconciler"
    )]
    Serve {
        /// Which role; without one, all.
        #[command(subcommand)]
        role: Option<Role>,
    },
    /// Ask the process on this machine whether it is ready (or, with --live, alive).
    Health {
        /// Only whether it is alive.
        #[arg(long)]
        live: bool,
    },
    /// Stop writing to both systems (or one). Events are still collected.
    Pause(Pause),
    /// Go on after a pause: shows what would happen, and asks.
    #[command(
        long_about = "Shows what waits and, at most how many records of each kind would be made from it, asks, and \
            goes on.\n\nThe number is an upper bound: what an event comes to is known only when both records are \
            read. `crossbill preview` shows one record exactly.\n\n\
            The first records of each kind are few (25 each way) until a person has looked: then \
            `crossbill resume --release KIND` takes that brake off.\n\n\
            It is also how to say that many records of a kind are meant to be gone, or to have lost the same."
    )]
    Resume(Resume),
    /// Show how things stand: plain English first, then numbers.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Look again at what was changed since the last sweep, now; also at what nobody told of.
    #[command(
        long_about = "Looks for what was made, changed or deleted since the last sweep, and for what is paired and not \
            there any more, and has it looked at again; with --since, only for what was changed. With --full, every \
            record that is paired is read and compared with what both sides last agreed on, whether it says that it was \
            changed or not; it tells how many are not as agreed, and why. Sweeps \
            run by themselves while `crossbill serve reconciler` runs (`crossbill status` shows up to when all is \
            complete), full ones once a week, by night; this is for who does not want to wait.",
        after_long_help = "Examples:\n  crossbill sweep\n  crossbill sweep ticket\n  \
            crossbill sweep ticket --since 2026-11-20\n  crossbill sweep --since \"2026-11-20 14:30\"\n  \
            crossbill sweep ticket --full"
    )]
    Sweep {
        /// Which kind; without one, all.
        #[arg(value_parser = kind)]
        kind: Option<Kind>,
        /// From when on, in the site's time (or with an offset, as 2026-11-20T14:30:00Z); else where the last one ended.
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Compare all that is paired, record by record.
        #[arg(long, conflicts_with = "since")]
        full: bool,
    },
    /// Show when events may have been missed, how many, and whether all was looked at again.
    #[command(
        long_about = "A ledger of every span in which a change may not have been told of: nobody took webhooks, Autotask \
            switched one off, or numbers of calls never came. Each forces the sweeps that it concerns and is complete once \
            they have met all of it."
    )]
    Gaps {
        /// How many, the latest first.
        #[arg(long, default_value_t = 50, value_parser = at_least_one())]
        limit: i64,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what is alarming now, whom it affects, who can solve it, and who was told.
    #[command(
        long_about = "Shows what needs a person: held items by problem, a system that is stopped, sweeps and events that \
            stand still. While `crossbill serve reconciler` runs, each is told once by every way out that is configured \
            (crossbill help config: [alerts]), again where it gets worse, and once that it is over.",
        after_long_help = "Examples:\n  crossbill alerts\n  crossbill alerts test"
    )]
    Alerts {
        /// What to do; else they are shown.
        #[command(subcommand)]
        what: Option<Alerts>,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show what is used of Autotask's hourly allowance, by whom, who waits for it, and where it is going.
    #[command(
        long_about = "Every integration of the tenant uses the same allowance. What is shown is the last measure, what was \
            granted since, and what others will have used since at their rate.\n\nWork of less worth goes slower and waits \
            first: first loads and full sweeps (bulk), sweeps, replays, other live changes, tickets and billing with what \
            was begun (essential), previews (interactive). Each may use its floor in any case, so that none stands still; \
            from 90 % on nothing is asked at all."
    )]
    Budget {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Take Jim2's database as it is, after it was restored from a backup or replaced, and go on.
    #[command(
        long_about = "Where Jim2's database is not the one Crossbill knows (its change table or its jobs went back, or it is \
            another one), nothing is written to it, and `crossbill status` says so. Where that was meant, this takes the \
            database as it is now: what was changed since both last agreed is compared again and each field's owner decides; \
            what was made in Jim2 and is not there any more is held for people; then writing goes on.\n\n\
            It says what it will do, and asks. A training copy is never taken.",
        after_long_help = "Examples:\n  crossbill adopt-restore\n  \
            crossbill adopt-restore --since \"2026-11-20 14:30\"\n  crossbill adopt-restore --yes"
    )]
    AdoptRestore {
        /// From when on it may differ, in the site's time; else it is found out, or everything is compared.
        #[arg(long, value_name = "TIME")]
        since: Option<String>,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
    /// Show the digest as it would be told now: up to when all is complete, what needs a person, what healed by itself.
    Digest {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Our webhooks in Autotask: whether they are as they should be, mending them, and giving them other secrets.
    #[command(subcommand)]
    Webhooks(Webhooks),
    /// What the values of one system's lists stand for in the other.
    #[command(subcommand)]
    Lookups(Lookups),
    /// Which records belong together.
    #[command(subcommand)]
    Pairs(Pairs),
    /// The mapping of fields: which way each goes, whose value wins, and settling what differs.
    #[command(subcommand)]
    Mapping(Mapping),
    /// Facts and choices of the site: notes, defaults of new records, names of fields.
    #[command(subcommand)]
    Settings(Settings),
    /// Which records take part: queues, types, Items, customers.
    #[command(subcommand)]
    Filters(Filters),
    /// Show what would be written for one record, and why. Writes nothing.
    #[command(
        after_long_help = "Examples:\n  crossbill preview ticket T20261123.0001\n  \
            crossbill preview ticket 8142\n  crossbill preview job 5001\n  \
            crossbill preview company 174\n  crossbill preview contact 30012\n  \
            crossbill preview time jim2:5001-3\n  crossbill preview billing ticket-charge:9001:1"
    )]
    Preview {
        /// What it is: a kind, or job.
        #[arg(value_parser = preview_of)]
        what: PreviewOf,
        /// Its id in Autotask, or a ticket's number; with `jim2:` in front that in Jim2; for job, the Job#.
        id: String,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// What waits for a problem to be solved, dead letters among them.
    #[command(subcommand)]
    Held(Held),
    Tieout(Tieout),
}

/// What to do about alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum Alerts {
    /// Send a test message by each way out, and say how it went.
    Test,
}

/// Our webhooks in Autotask.
#[derive(Debug, Subcommand)]
pub(crate) enum Webhooks {
    /// Compare each with what it should be. Changes nothing.
    Check,
    /// Mend what is not as it should be, and send each its secret again. `crossbill serve` does so by itself every hour.
    Repair,
    /// Give each another secret. What was signed with the one before is taken for another hour, so nothing is lost.
    Rotate,
}

/// What can be previewed: a record of a kind, on the side where an id without a system in front is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PreviewOf {
    /// The kind.
    pub(crate) kind: Kind,
    /// The side.
    pub(crate) on: System,
}

/// `job`, or a kind, whose records people know from Autotask.
pub(crate) fn preview_of(word: &str) -> Result<PreviewOf, String> {
    let (word, on) = match word {
        "job" => ("ticket", System::Jim2),
        word => (word, System::Autotask),
    };
    let kind = kinds::named(word);
    let kind = kind.ok_or_else(|| format!("write job, or one of the kinds {}", kinds::words()))?;
    Ok(PreviewOf { kind, on })
}

/// What to pause.
#[derive(Debug, Args)]
pub(crate) struct Pause {
    /// Only this system.
    #[arg(value_parser = system)]
    pub(crate) system: Option<System>,
}

/// What to resume.
#[derive(Debug, Args)]
pub(crate) struct Resume {
    /// Only this system.
    #[arg(value_parser = system)]
    pub(crate) system: Option<System>,
    /// Take off the brake on making records of this kind, and let go what stopped as too many were gone at once.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(crate) release: Vec<Kind>,
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
}

/// A kind that this build knows.
pub(crate) fn kind(word: &str) -> Result<Kind, String> {
    kinds::named(word).ok_or_else(|| format!("there is no such kind; there are {}", kinds::words()))
}

/// A month, as `2026-11`.
pub(crate) fn period(text: &str) -> Result<(i32, u32), String> {
    let read = || {
        let (year, month) = text.split_once('-')?;
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        let is_month = (2000..=2999).contains(&year) && (1..=12).contains(&month);
        is_month.then_some((year, month))
    };
    read().ok_or_else(|| "write a month as 2026-11".to_owned())
}

/// How many rows: none at all is no wish.
pub(crate) fn at_least_one() -> clap::builder::RangedI64ValueParser {
    clap::value_parser!(i64).range(1..)
}

/// One of the two systems.
pub(crate) fn system(word: &str) -> Result<System, String> {
    System::named(&word.to_lowercase()).ok_or_else(|| "write autotask or jim2".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn commands_are_read_as_the_help_shows_them() {
        for line in [
            "crossbill config",
            "crossbill serve",
            "crossbill serve ingress",
            "crossbill serve worker",
            "crossbill serve worker company contact",
            "crossbill serve reconciler",
            "crossbill health --live",
            "crossbill pause jim2",
            "crossbill resume --release ticket --yes",
            "crossbill --as jane status --json",
            "crossbill lookups refresh",
            "crossbill sweep",
            "crossbill sweep ticket --since 2026-11-20",
            "crossbill adopt-restore --yes",
            "crossbill adopt-restore --since 2026-11-20",
            "crossbill webhooks check",
            "crossbill alerts",
            "crossbill alerts --json",
            "crossbill alerts test",
            "crossbill digest",
            "crossbill webhooks rotate",
            "crossbill lookups list status --unmapped",
            "crossbill lookups set status autotask 8 Proceed --path Booked>Proceed",
            "crossbill lookups set status jim2 FINISH --leave",
            "crossbill pairs list --kind ticket --state paired T20261123",
            "crossbill pairs link ticket 8142 5001",
            "crossbill mapping apply --kind company --yes",
            "crossbill mapping list --kind ticket --json",
            "crossbill mapping set ticket priority --way off",
            "crossbill mapping set company name --owner autotask",
            "crossbill mapping reset company name",
            "crossbill settings list",
            "crossbill settings set notes.internal_to_jim2 on",
            "crossbill settings unset notes.labour_prefix",
            "crossbill filters list --json",
            "crossbill filters set ticket queues 5,8",
            "crossbill filters unset ticket queues",
            "crossbill connect --create ticket-from-job --tickets-from job-type=Incident,Problem --tickets-from item=SERVER",
            "crossbill preview job 5001 --json",
            "crossbill held list --json",
            "crossbill held replay --all --yes",
            "crossbill budget --json",
            "crossbill tieout",
            "crossbill tieout --period 2026-11 --company 174 --csv",
        ] {
            let read = Cli::try_parse_from(line.split(' '));
            assert!(read.is_ok(), "{line}: {}", read.unwrap_err());
        }
    }

    #[test]
    fn wrong_usage_is_refused() {
        for line in [
            "crossbill",
            "crossbill serve worker invoices",
            "crossbill pause xero",
            "crossbill sweep invoices",
            "crossbill lookups set status autotask 8",
            "crossbill held replay",
            "crossbill held replay --all --problem x",
            "crossbill preview wombat 1",
            "crossbill mapping set company name",
            "crossbill mapping set company name --way sideways",
            "crossbill connect --tickets-from queue=5",
            "crossbill connect --tickets-from item=",
            "crossbill tieout --period November",
            "crossbill tieout --period 2026-13",
            "crossbill tieout --csv --json",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
