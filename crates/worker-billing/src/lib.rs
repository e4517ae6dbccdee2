//! What was approved and posted in Autotask becomes stock lines on Jim2 jobs, each source once.
//!
//! [`BillingRules`] thinks and never asks anybody; [`BillingHands`] reads and writes and never decides. A record in
//! Autotask is a source (`ticket-charge:123:1`), whatever billing item stands for it now; in Jim2 it is a line
//! (`5001-2`). So far a line goes to the current job of its ticket; what belongs elsewhere is held.

mod amount;
mod beside;
mod gst;
mod halves;
mod hands;
mod payer;
mod rules;
mod settings;
mod source;
mod stock_code;
mod totals;

use domain::Kind;

pub use hands::BillingHands;
pub use rules::{BillingRules, FIELDS};
pub use settings::BillingSettings;

/// Billing items and the stock lines they become.
pub const KIND: Kind = Kind::new("billing");

/// The kind whose pairs say which cardfile is whose.
const COMPANY: Kind = Kind::new("company");

/// The kind whose pairs say which job is a ticket's current one.
const TICKET: Kind = Kind::new("ticket");
