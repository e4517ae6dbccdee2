//! Autotask's locations of a company and Jim2's ship cards below the company's card.
//!
//! [`LocationRules`] thinks and never asks anybody; [`LocationHands`] reads and writes and never decides.

mod halves;
mod hands;
mod rules;

use domain::Kind;

pub use hands::LocationHands;
pub use rules::LocationRules;

/// Locations and their ship cards.
pub const KIND: Kind = Kind::new("location");
