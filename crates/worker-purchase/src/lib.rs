//! Autotask's purchase orders become Jim2's purchases, with a stock line an item.
//!
//! [`PurchaseRules`] thinks and never asks anybody; [`PurchaseHands`] reads and writes and never decides. What is received
//! and the vendor's invoice number go back where the site switches those fields on.

mod halves;
mod hands;
mod rules;

use domain::Kind;

pub use hands::PurchaseHands;
pub use rules::{FIELDS, PurchaseRules};

/// Purchase orders and purchases.
pub const KIND: Kind = Kind::new("purchase");
