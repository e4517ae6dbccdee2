//! Which stock something is sold as that is of no product, for billing and for quotes alike (rule 4). Pure.
//!
//! People give stock codes to the values of lists; the nearest that has one decides.

use domain::{Fixer, Problem, Remedy, Subject, System, Value};

use crate::Facts;

/// A billing code with a role, as `29682801/29683387`, and the stock code of both together.
pub const CODE_AND_ROLE_STOCK: &str = "billingCodeRoleStock";
/// Billing codes, and the stock code of each.
pub const CODE_STOCK: &str = "billingCodeStock";
/// Roles, and the stock code of what is offered by them alone.
pub const ROLE_STOCK: &str = "roleStock";
/// Types of billing items, and the stock code of each.
pub const BILLING_TYPE_STOCK: &str = "billingItemTypeStock";
/// Types of items of quotes, and the stock code of each.
pub const QUOTE_TYPE_STOCK: &str = "quoteItemTypeStock";

/// What an item of Autotask says of what it is, where it is of no product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sold {
    /// The billing code.
    pub billing_code: Option<i64>,
    /// Whose hour it is.
    pub role: Option<i64>,
    /// The type of the item.
    pub item_type: Option<ItemType>,
}

/// A type of item: each kind of items has a list of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemType {
    /// Of a billing item.
    Billed(i64),
    /// Of an item of a quote.
    Offered(i64),
}

impl ItemType {
    /// The list, the value in it, and what people call it.
    fn listed(self) -> (&'static str, i64, &'static str) {
        match self {
            Self::Billed(id) => (BILLING_TYPE_STOCK, id, "billing item type"),
            Self::Offered(id) => (QUOTE_TYPE_STOCK, id, "quote item type"),
        }
    }

    /// What people call this type, where it was told.
    pub(crate) fn label(self, facts: &Facts) -> String {
        let (list, id, _) = self.listed();
        facts.label(list, System::Autotask, &id.to_string())
    }
}

impl Sold {
    /// The stock code of billing code and role together; else the billing code's, or the role's where it is sold alone; else
    /// the item type's.
    pub fn code(self, facts: &Facts) -> Result<String, Box<Problem>> {
        let mapped = self.values().find_map(|(list, value)| {
            let mapping = facts.mapping(list, System::Autotask, &value)?;
            let code = mapping.to.clone();
            code.filter(|code| !code.trim().is_empty())
        });
        mapped.ok_or_else(|| Box::new(self.missing(facts)))
    }

    /// The lists in the order in which they decide, with the item's value in each.
    fn values(self) -> impl Iterator<Item = (&'static str, String)> {
        let both = match (self.billing_code, self.role) {
            (Some(code), Some(role)) => Some((CODE_AND_ROLE_STOCK, format!("{code}/{role}"))),
            (None, Some(role)) => Some((ROLE_STOCK, role.to_string())),
            (_, None) => None,
        };
        let code = self.billing_code.map(|id| (CODE_STOCK, id.to_string()));
        let kind = self.item_type.map(|kind| {
            let (list, id, _) = kind.listed();
            (list, id.to_string())
        });
        [both, code, kind].into_iter().flatten()
    }

    /// The billing code is what people give a stock code, or the role; the item type stands in where an item has neither.
    fn missing(self, facts: &Facts) -> Problem {
        let (list, value, what) = match (self.billing_code, self.role, self.item_type) {
            (Some(code), ..) => (CODE_STOCK, code.to_string(), "billing code"),
            (None, Some(role), _) => (ROLE_STOCK, role.to_string(), "role"),
            (None, None, Some(kind)) => {
                let (list, id, what) = kind.listed();
                (list, id.to_string(), what)
            }
            (None, None, None) => {
                let what = "an item without code and type,";
                (BILLING_TYPE_STOCK, String::new(), what)
            }
        };
        let label = facts.label(list, System::Autotask, &value);
        let step =
            format!("crossbill lookups set {list} autotask \"{label}\" \"<Jim2 stock code>\"");
        Problem {
            code: "lookup-missing".to_owned(),
            says: format!("{what} \"{label}\" has no Jim2 stock code"),
            remedy: Remedy {
                who: Fixer::Finance,
                step,
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

    /// The raw value that stands for it on a line: the ids by the lists that they are in.
    pub(crate) fn value(self) -> Value {
        let told = [
            self.billing_code.map(|id| (CODE_STOCK, id)),
            self.role.map(|id| (ROLE_STOCK, id)),
            self.item_type.map(|kind| {
                let (list, id, _) = kind.listed();
                (list, id)
            }),
        ];
        let told = told.into_iter().flatten();
        Value::Parts(
            told.map(|(name, id)| (name.to_owned(), id.into()))
                .collect(),
        )
    }

    /// What a line's raw value stands for.
    pub(crate) fn read(value: &Value) -> Self {
        let id = |name: &str| value.part(name).and_then(Value::as_number);
        let billed = id(BILLING_TYPE_STOCK).map(ItemType::Billed);
        Self {
            billing_code: id(CODE_STOCK),
            role: id(ROLE_STOCK),
            item_type: billed.or_else(|| id(QUOTE_TYPE_STOCK).map(ItemType::Offered)),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::Mapping;

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
        billing_code: Some(1),
        role: Some(9),
        item_type: Some(ItemType::Billed(4)),
    };

    const OFFERED: Sold = Sold {
        billing_code: None,
        role: Some(9),
        item_type: Some(ItemType::Offered(3)),
    };

    #[test]
    fn the_nearest_stock_code_is_taken_so_that_after_hours_is_not_sold_as_hours() {
        let all = [
            (CODE_AND_ROLE_STOCK, "1/9", "LAB.SENIOR"),
            (CODE_STOCK, "1", "LAB.REMOTE"),
            (BILLING_TYPE_STOCK, "4", "PARTS"),
        ];
        for skipped in 0..all.len() {
            let facts = facts(&all[skipped..]);
            assert_eq!(SOLD.code(&facts).unwrap(), all[skipped].2);
        }
        let plain = Sold { role: None, ..SOLD };
        assert_eq!(plain.code(&facts(&all)).unwrap(), "LAB.REMOTE");
    }

    #[test]
    fn what_has_a_role_and_no_billing_code_is_sold_as_the_role_and_no_other_kinds_type() {
        let all = [
            (ROLE_STOCK, "9", "LAB.ROLE"),
            (QUOTE_TYPE_STOCK, "3", "LABOUR"),
            (BILLING_TYPE_STOCK, "3", "PARTS"),
        ];
        for skipped in 0..2 {
            let facts = facts(&all[skipped..]);
            assert_eq!(OFFERED.code(&facts).unwrap(), all[skipped].2);
        }
        assert!(OFFERED.code(&facts(&all[2..])).is_err());
        // A role decides nothing beside a billing code that has no stock code with it.
        let both = facts(&[all[0], (CODE_STOCK, "1", "LAB.REMOTE")]);
        assert_eq!(SOLD.code(&both).unwrap(), "LAB.REMOTE");
    }

    #[test]
    fn what_has_no_stock_code_is_held_for_what_people_give_one_and_no_default_is_taken() {
        let mut facts = facts(&[(CODE_STOCK, "1", " ")]);
        let labels = [
            (CODE_STOCK, "1", "Onsite AH"),
            (ROLE_STOCK, "9", "Senior Engineer"),
            (QUOTE_TYPE_STOCK, "6", "Shipping"),
        ];
        for (list, value, label) in labels {
            let key = (list.to_owned(), System::Autotask, value.to_owned());
            facts.labels.insert(key, label.to_owned());
        }
        let shipping = Sold {
            role: None,
            item_type: Some(ItemType::Offered(6)),
            ..OFFERED
        };
        for (sold, (list, value, label), what) in [
            (SOLD, labels[0], "billing code"),
            (OFFERED, labels[1], "role"),
            (shipping, labels[2], "quote item type"),
        ] {
            let problem = sold.code(&facts).unwrap_err();
            let says = format!("{what} \"{label}\" has no Jim2 stock code");
            assert_eq!(problem.says, says);
            let step =
                format!("crossbill lookups set {list} autotask \"{label}\" \"<Jim2 stock code>\"");
            assert_eq!(problem.remedy.step, step);
            let lookup = Subject::Lookup {
                list: list.to_owned(),
                system: System::Autotask,
                value: value.to_owned(),
            };
            assert_eq!(problem.subject, lookup);
        }
    }

    #[test]
    fn a_line_keeps_all_that_its_item_says_of_what_it_is() {
        for sold in [SOLD, OFFERED, Sold::default()] {
            assert_eq!(Sold::read(&sold.value()), sold);
        }
    }
}
