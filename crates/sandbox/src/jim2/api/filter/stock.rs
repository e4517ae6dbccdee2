//! The filters of stock: the documents show no other one than that of the last change.

use super::{Rule, Told};
use crate::jim2::stock::Stock;

/// Every documented stock filter that this Jim2 has values for.
pub(super) const RULES: &[Rule<Stock>] = &[("LastModified", |world, stock| {
    Told::Moment(Some(if world.options.stock_time_moves {
        stock.touched()
    } else {
        stock.modified.at
    }))
})];
