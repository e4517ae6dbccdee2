//! Autotask's contacts and the people inside Jim2's cardfiles are kept equal.
//!
//! [`ContactRules`] thinks and never asks anybody; [`ContactHands`] reads and writes and never decides.

mod halves;
mod hands;
mod name;
mod rules;
mod settings;

use domain::Kind;

pub use hands::ContactHands;
pub use rules::{ContactRules, FIELDS};
pub use settings::ContactSettings;

/// Contacts and the people inside cardfiles.
pub const KIND: Kind = Kind::new("contact");

/// The kind whose pairs say which cardfile is whose.
const COMPANY: Kind = Kind::new("company");
