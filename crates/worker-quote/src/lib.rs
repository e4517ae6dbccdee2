//! Autotask's quotes become Jim2's quotes, with a stock line an item.
//!
//! [`QuoteRules`] thinks and never asks anybody; [`QuoteHands`] reads and writes and never decides. That an opportunity was
//! won or lost goes to Jim2 where the site switches that field on.

mod halves;
mod hands;
mod item;
mod rules;

use domain::Kind;

pub use hands::QuoteHands;
pub use rules::{FIELDS, QuoteRules};

/// Quotes of either system.
pub const KIND: Kind = Kind::new("quote");
