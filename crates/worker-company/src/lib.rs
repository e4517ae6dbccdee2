//! Autotask's companies and Jim2's cardfiles of customers are kept equal.
//!
//! [`CompanyRules`] thinks and never asks anybody; [`CompanyHands`] reads and writes and never decides.

mod abn;
mod address;
mod card_code;
mod halves;
mod hands;
pub mod location;
mod notes;
mod rules;
mod settings;

use domain::Kind;

pub use hands::CompanyHands;
pub use location::{LocationHands, LocationRules};
pub use notes::SWITCH as NOTES;
pub use rules::{CompanyRules, FIELDS};
pub use settings::CompanySettings;

/// Companies and their cardfiles.
pub const KIND: Kind = Kind::new("company");
