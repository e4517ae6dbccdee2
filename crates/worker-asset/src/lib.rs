//! Autotask's configuration items and Jim2's assets.
//!
//! Neither has a field for the other's number, so they are paired by their serial number under the same owner, where each is
//! the only one. [`AssetRules`] thinks and never asks anybody; [`AssetHands`] reads and writes and never decides.

mod halves;
mod hands;
mod rules;
mod settings;

use domain::Kind;

pub use hands::AssetHands;
pub use rules::{AssetRules, FIELDS};
pub use settings::AssetSettings;

/// Configuration items and assets.
pub const KIND: Kind = Kind::new("asset");

/// The kind whose pairs say which card is a company's.
const COMPANY: Kind = Kind::new("company");
