//! Tickets and their notes are kept equal with jobs and their comments.
//!
//! [`TicketRules`] thinks and never asks anybody; [`TicketHands`] reads and writes and never decides.

mod halves;
mod hands;
mod named;
mod rules;
mod settings;

use domain::Kind;

pub use hands::TicketHands;
pub use rules::{FIELDS, TicketRules};
pub use settings::TicketSettings;

/// Tickets and their jobs.
pub const KIND: Kind = Kind::new("ticket");

/// The kind whose pairs say which cardfile is whose.
const COMPANY: Kind = Kind::new("company");

/// The kind whose pairs say which project is a contract's.
const CONTRACT: Kind = Kind::new("contract");

/// The kind whose pairs say which ship card is a location's.
const LOCATION: Kind = Kind::new("location");

/// The kind whose pairs say which asset is a configuration item's.
const ASSET: Kind = Kind::new("asset");
