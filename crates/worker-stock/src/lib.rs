//! Jim2's stock becomes Autotask's products, with prices, costs and what lies where; never the other way.
//!
//! [`StockRules`] thinks and never asks anybody; [`StockHands`] reads and writes and never decides. Nothing is ever written
//! to stock: no API does that. The Jim2 half's id is the stock number, which never changes; codes can be renamed.

mod availability;
mod halves;
mod hands;
mod inventory;
mod money;
mod movement;
mod reference;
mod rules;
mod settings;

use domain::Kind;

pub use hands::StockHands;
pub use reference::{named, reference};
pub use rules::{FIELDS, StockRules};
pub use settings::{AVAILABILITY_UDF, EDITION, Edition, StockSettings};

/// The field that tells what lies where.
pub const INVENTORY: &str = inventory::INVENTORY.name;

/// Products and stock.
pub const KIND: Kind = Kind::new("stock");
