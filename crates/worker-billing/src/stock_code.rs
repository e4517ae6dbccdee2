//! Which stock an item is sold as (rule 4): that of its product, else what people gave its code, its role or its type. Pure.

use domain::{Key, Problem, RecordId, System};
use sync::Facts;

use crate::STOCK;

/// What an item says of what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    pub(crate) product: Option<i64>,
    pub(crate) otherwise: sync::Sold,
}

/// Stock of Jim2, by what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stock {
    /// Its number, which a product is paired with; its code can change, and is read when a line is made.
    Number(i64),
    /// Its code, which people have given to a list's value.
    Code(String),
}

/// The stock that the product is paired with; else what the item is sold as without it.
pub(crate) fn choose(sold: Sold, facts: &Facts) -> Result<Stock, Box<Problem>> {
    let product = sold.product.map(|id| Key::new(STOCK, System::Autotask, id));
    let paired = product.and_then(|key| facts.other_half(&key).and_then(RecordId::number));
    match paired {
        Some(number) => Ok(Stock::Number(number)),
        None => sold.otherwise.code(facts).map(Stock::Code),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use sync::{CODE_STOCK, Mapping};

    use super::*;

    #[test]
    fn what_a_product_is_paired_with_goes_before_all_that_is_sold_without_one() {
        let mut facts = Facts::empty(chrono_tz::UTC, DateTime::UNIX_EPOCH);
        let mapping = Mapping {
            to: Some("LAB.REMOTE".to_owned()),
            path: Vec::new(),
        };
        let key = (CODE_STOCK.to_owned(), System::Autotask, "1".to_owned());
        facts.mappings.insert(key, mapping);
        let sold = Sold {
            product: Some(7),
            otherwise: sync::Sold {
                billing_code: Some(1),
                ..sync::Sold::default()
            },
        };
        let code = Stock::Code("LAB.REMOTE".to_owned());
        assert_eq!(choose(sold, &facts).unwrap(), code, "not paired yet");
        let product = Key::new(STOCK, System::Autotask, 7);
        facts.pairs.insert(product, 301.into());
        assert_eq!(choose(sold, &facts).unwrap(), Stock::Number(301));
    }
}
