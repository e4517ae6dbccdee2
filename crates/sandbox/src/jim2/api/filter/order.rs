//! The filters of purchases and quotes.

use super::{Rule, Told};
use crate::jim2::order::Order;

/// Every filter of either; the first is there always.
pub(super) const RULES: &[Rule<Order>] = &[
    ("LastModified", |_, order| {
        Told::Moment(Some(order.modified.at))
    }),
    ("OurRef", |_, order| Told::Text(order.our_ref.clone())),
    ("PONo", |_, order| Told::Number(Some(order.no))),
];
