//! Jobs that are no ticket's current one: for a project, for an invoice of Autotask, and for a ticket where somebody else
//! pays for a part of it.
//!
//! [`OrderRules`] thinks and never asks anybody; [`OrderHands`] reads and writes and never decides. An order
//! ([`domain::Order`]) has no record of its own in Autotask: its half there is what it is for, together with who pays.
//! No job is made before time or billing waits for one, and a job that was invoiced is followed by another.

mod halves;
mod hands;
mod rules;
mod settings;

use domain::Kind;

pub use hands::OrderHands;
pub use rules::{FIELDS, OrderRules};
pub use settings::OrderSettings;

/// Orders and their jobs.
pub const KIND: Kind = Kind::new("order");

/// The kind whose pairs say which cardfile is whose.
const COMPANY: Kind = Kind::new("company");
