//! The roles of `crossbill serve`.

use clap::Subcommand;
use domain::Kind;

/// What a process does.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub(crate) enum Role {
    /// Take webhooks in and read Jim2's changes.
    Ingress,
    /// Make pairs equal.
    Worker {
        /// Of these kinds; without any, of all.
        #[arg(value_name = "KIND", value_parser = super::kind)]
        kinds: Vec<Kind>,
    },
    /// Bring back what was left behind: spilled events, old claims, solved problems, dead letters.
    Reconciler,
}
