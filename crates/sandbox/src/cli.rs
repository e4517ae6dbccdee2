//! What can be said on the command line, and who does it.

mod autotask;
mod check;
mod day;
mod error;
mod fault;
mod jim2;
pub(crate) mod output;
mod parse;
mod ready;
mod serve;
mod summary;

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand};
use sandbox::provider::{Provider, Size};

use self::error::Error;

/// Stand-ins of Autotask and Jim2, filled with a believable Australian provider's data.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the stand-in of Autotask.
    Autotask(Box<serve::AutotaskArgs>),
    /// Runs the stand-in of Jim2.
    Jim2(Box<serve::Jim2Args>),
    /// Runs both, with the same provider's data.
    Both(Box<serve::BothArgs>),
    /// Tells what a seed stands for, without running anything.
    Generate(ProviderArgs),
    /// Lists faults of a running stand-in, or switches one on or off.
    Fault(fault::FaultArgs),
    /// Plays a scripted day with Crossbill in between, and tells what is seen as it happens.
    Day(Box<day::DayArgs>),
    /// Compares both stand-ins record by record; fails unless they agree.
    Check(check::CheckArgs),
}

/// Which provider to generate.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProviderArgs {
    /// The same seed, counts and time give the same data.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Businesses besides the provider itself.
    #[arg(long, default_value_t = Size::default().companies)]
    companies: usize,
    /// People at those businesses.
    #[arg(long, default_value_t = Size::default().contacts)]
    contacts: usize,
    /// Tickets of the last 90 days.
    #[arg(long, default_value_t = Size::default().tickets)]
    tickets: usize,
    /// The provider's own people.
    #[arg(long, default_value_t = Size::default().technicians)]
    technicians: usize,
    /// The newest moment in the data (2026-11-23T00:00:00Z); without it, the time of the start.
    #[arg(long, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
}

impl ProviderArgs {
    fn generate(&self) -> Provider {
        let size = Size {
            companies: self.companies,
            contacts: self.contacts,
            tickets: self.tickets,
            technicians: self.technicians,
            work: None,
        };
        let now = self.now.unwrap_or_else(|| SystemTime::now().into());
        Provider::generate(self.seed, &size, now)
    }
}

/// Does what the command line says.
pub(crate) async fn run(cli: Cli) -> Result<(), Error> {
    match cli.command {
        Command::Autotask(args) => serve::autotask(*args).await,
        Command::Jim2(args) => serve::jim2(*args).await,
        Command::Both(args) => serve::both(*args).await,
        Command::Generate(args) => {
            output::say(&summary::of(&args.generate(), args.seed));
            Ok(())
        }
        Command::Fault(args) => fault::run(args).await,
        Command::Day(args) => day::run(*args).await,
        Command::Check(args) => check::run(args).await,
    }
}

#[cfg(test)]
mod tests;
