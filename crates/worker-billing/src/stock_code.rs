//! Which stock an item is sold as (rule 4). Pure.

use domain::{Fixer, Key, Problem, RecordId, Remedy, Subject, System};
use sync::Facts;

use crate::STOCK;

/// A billing code with a role, as `29682801/29683387`, and the stock code of both together.
pub(crate) const CODE_AND_ROLE: &str = "billingCodeRoleStock";
/// Billing codes, and the stock code of each.
pub(crate) const CODE: &str = "billingCodeStock";
/// Types of billing items, and the stock code of each.
pub(crate) const ITEM_TYPE: &str = "billingItemTypeStock";

/// What an item says of what it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sold {
    pub(crate) product: Option<i64>,
    pub(crate) billing_code: Option<i64>,
    pub(crate) role: Option<i64>,
    pub(crate) item_type: Option<i64>,
}

/// Stock of Jim2, by what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stock {
    /// Its number, which a product is paired with; its code can change, and is read when a line is made.
    Number(i64),
    /// Its code, which people have given to a list's value.
    Code(String),
}

impl Sold {
    /// The lists in the order in which they decide, with the item's value in each.
    fn values(self) -> impl Iterator<Item = (&'static str, String)> {
        let both = self.billing_code.zip(self.role);
        let values = [
            (
                CODE_AND_ROLE,
                both.map(|(code, role)| format!("{code}/{role}")),
            ),
            (CODE, self.billing_code.map(|id| id.to_string())),
            (ITEM_TYPE, self.item_type.map(|id| id.to_string())),
        ];
        let told = |(list, value): (_, Option<String>)| Some((list, value?));
        values.into_iter().filter_map(told)
    }
}

/// The stock that the product is paired with; else the code of billing code and role; else the billing code's; else the
/// item type's.
pub(crate) fn choose(sold: Sold, facts: &Facts) -> Result<Stock, Box<Problem>> {
    let product = sold.product.map(|id| Key::new(STOCK, System::Autotask, id));
    let paired = product.and_then(|key| facts.other_half(&key).and_then(RecordId::number));
    if let Some(number) = paired {
        return Ok(Stock::Number(number));
    }
    let mapped = sold.values().find_map(|(list, value)| {
        let mapping = facts.mapping(list, System::Autotask, &value)?;
        mapping.to.clone().filter(|code| !code.is_empty())
    });
    mapped
        .map(Stock::Code)
        .ok_or_else(|| Box::new(missing(sold, facts)))
}

/// The billing code is what people give a stock code; the item type stands in where an item has none.
fn missing(sold: Sold, facts: &Facts) -> Problem {
    let (list, value, what) = match (sold.billing_code, sold.item_type) {
        (Some(code), _) => (CODE, code.to_string(), "billing code"),
        (None, Some(kind)) => (ITEM_TYPE, kind.to_string(), "billing item type"),
        (None, None) => (ITEM_TYPE, String::new(), "an item without code and type,"),
    };
    let label = facts.label(list, System::Autotask, &value);
    Problem {
        code: "lookup-missing".to_owned(),
        says: format!("{what} \"{label}\" has no Jim2 stock code"),
        remedy: Remedy {
            who: Fixer::Finance,
            step: format!(
                "crossbill lookups set {list} autotask \"{label}\" \"<Jim2 stock code>\""
            ),
            continues: true,
        },
        subject: Subject::Lookup {
            list: list.to_owned(),
            system: System::Autotask,
            value,
        },
        field: None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use sync::Mapping;

    use super::*;

    fn facts(mappings: &[(&str, &str, &str)]) -> Facts {
        let mut facts = Facts::empty(chrono_tz::UTC, DateTime::UNIX_EPOCH);
        for (list, value, to) in mappings {
            let mapping = Mapping {
                to: Some((*to).to_owned()),
                path: Vec::new(),
            };
            let key = ((*list).to_owned(), System::Autotask, (*value).to_owned());
            facts.mappings.insert(key, mapping);
        }
        facts
    }

    const SOLD: Sold = Sold {
        product: Some(7),
        billing_code: Some(1),
        role: Some(9),
        item_type: Some(4),
    };

    #[test]
    fn the_nearest_stock_code_is_taken_so_that_after_hours_is_not_sold_as_hours() {
        let code = |code: &str| Stock::Code(code.to_owned());
        let all = [
            (CODE_AND_ROLE, "1/9", "LAB.SENIOR"),
            (CODE, "1", "LAB.REMOTE"),
            (ITEM_TYPE, "4", "PARTS"),
        ];
        for skipped in 0..all.len() {
            let facts = facts(&all[skipped..]);
            assert_eq!(choose(SOLD, &facts).unwrap(), code(all[skipped].2));
        }
        let mut paired = facts(&all);
        let product = Key::new(STOCK, System::Autotask, 7);
        paired.pairs.insert(product, 301.into());
        assert_eq!(choose(SOLD, &paired).unwrap(), Stock::Number(301));
        let plain = Sold {
            role: None,
            product: None,
            ..SOLD
        };
        assert_eq!(choose(plain, &facts(&all)).unwrap(), code("LAB.REMOTE"));
    }

    #[test]
    fn an_item_without_a_stock_code_is_held_for_its_billing_code_and_no_default_is_taken() {
        let mut facts = facts(&[]);
        facts.labels.insert(
            (CODE.to_owned(), System::Autotask, "1".to_owned()),
            "Onsite AH".to_owned(),
        );
        let problem = choose(SOLD, &facts).unwrap_err();
        assert_eq!(
            problem.says,
            "billing code \"Onsite AH\" has no Jim2 stock code"
        );
        let lookup = Subject::Lookup {
            list: CODE.to_owned(),
            system: System::Autotask,
            value: "1".to_owned(),
        };
        assert_eq!(problem.subject, lookup);
    }
}
