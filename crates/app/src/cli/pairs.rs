//! `crossbill pairs`.

use clap::Subcommand;
use domain::Kind;

/// Which records belong together.
#[derive(Debug, Subcommand)]
pub(crate) enum Pairs {
    /// Show pairs, those changed last first.
    List {
        /// With this text in the name, or this id on either side.
        text: Option<String>,
        /// Only this kind.
        #[arg(long, value_parser = super::kind)]
        kind: Option<Kind>,
        /// Only in this state.
        #[arg(long)]
        state: Option<State>,
        /// Only completed tickets, projects and the like whose jobs have nothing to invoice.
        #[arg(long)]
        nothing_to_invoice: bool,
        /// Instead, the jobs whose Date Out a write of Crossbill's moved to another month, latest first: it becomes the date
        /// of the invoice.
        #[arg(long, conflicts_with_all = ["text", "kind", "state", "nothing_to_invoice"])]
        date_out_moved: bool,
        /// Of these only those that left this month of the site's time, or came into it.
        #[arg(long, value_name = "YEAR-MONTH", value_parser = super::period, requires = "date_out_moved")]
        period: Option<(i32, u32)>,
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = super::at_least_one())]
        limit: i64,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Say that two records belong together. A record that a worker has in hand is refused: try again.
    #[command(after_long_help = "Example:\n  crossbill pairs link ticket T20261123.0001 5001")]
    Link {
        /// The kind.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// The Autotask record: its id, or a ticket's number.
        autotask: String,
        /// The Jim2 record: Job#, Card#, or Card#-Cont#.
        jim2: String,
    },
    /// Take a pair apart. Both records are left alone from then on, until somebody links them.
    Unlink {
        /// The kind.
        #[arg(value_parser = super::kind)]
        kind: Kind,
        /// The Autotask record: its id, or a ticket's number.
        autotask: String,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

/// What became of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum State {
    /// Seen, not paired yet.
    New,
    /// Both records are there.
    Paired,
    /// Paired once; the ticket has another job now.
    Earlier,
    /// Paired once, and a record vanished.
    Gone,
    /// Not to be paired.
    Ignored,
}

impl From<State> for store::State {
    fn from(state: State) -> Self {
        match state {
            State::New => Self::New,
            State::Paired => Self::Paired,
            State::Earlier => Self::Earlier,
            State::Gone => Self::Gone,
            State::Ignored => Self::Ignored,
        }
    }
}
