//! Autotask's time entries become lines of actual labour on the jobs of their tickets; never the other way.
//!
//! [`TimeRules`] thinks and never asks anybody; [`TimeHands`] reads and writes and never decides. The money is the
//! business of billing: labour tells who worked when, and how long.

mod halves;
mod hands;
mod rules;
mod settings;

use domain::Kind;

pub use hands::TimeHands;
pub use rules::{FIELDS, TimeRules};
pub use settings::TimeSettings;

/// Time entries and lines of labour.
pub const KIND: Kind = Kind::new("time");

/// The kind whose pairs say which job is a ticket's.
const TICKET: Kind = Kind::new("ticket");

/// The kind whose filters say which companies are customers.
const COMPANY: Kind = Kind::new("company");

/// The kind whose pairs say which job is a project's.
const ORDER: Kind = Kind::new("order");

/// What stands before the id of a ticket whose entries an event is about.
const OF_TICKET: &str = "ticket:";

/// The same for a task.
const OF_TASK: &str = "task:";
