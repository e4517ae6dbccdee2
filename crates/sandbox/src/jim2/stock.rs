//! What the site sells, billable labour included, and what it charges at each price level.

mod hands;
mod seed;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

pub(crate) use self::seed::seeded;
use super::record::Stamp;

/// Something that can be sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    /// Number of the stock record, which never changes.
    pub(crate) id: i64,
    /// Stock code, which people can change.
    pub(crate) code: String,
    /// Default description of a line.
    pub(crate) description: String,
    /// The words that a list has room for.
    pub(crate) short: String,
    /// All that is to be said of it.
    pub(crate) detailed: String,
    /// Unit it is sold in.
    pub(crate) unit: String,
    /// What becomes of its quantity when it is sold.
    pub(crate) kind: String,
    /// The groups it is in.
    pub(crate) groups: Vec<String>,
    /// The manufacturer's own number of it.
    pub(crate) part_number: String,
    /// What the last one cost without tax.
    pub(crate) last_cost: Decimal,
    /// What one costs on average without tax.
    pub(crate) average_cost: Decimal,
    /// Price without tax at the level `1-Retail`.
    pub(crate) retail: Decimal,
    /// Whether GST is charged on it.
    pub(crate) taxed: bool,
    /// Whether it can still be put on a job.
    pub(crate) active: bool,
    /// Special stock is bought for one customer: it has neither a price nor a description of its own.
    pub(crate) special: bool,
    /// What lies where, by the number of the location.
    pub(crate) quantities: BTreeMap<i64, Quantity>,
    /// Who changed the record itself last, and when.
    pub(crate) modified: Stamp,
    /// When its prices or quantities changed last.
    pub(crate) moved: DateTime<Utc>,
}

/// What lies at one location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// What is there.
    pub(crate) on_hand: Decimal,
    /// What jobs need of it.
    pub(crate) committed: Decimal,
}

impl Quantity {
    /// What can still be sold.
    pub(crate) fn available(self) -> Decimal {
        self.on_hand - self.committed
    }
}

/// The places where stock lies: number, and name as people know it.
pub(crate) const LOCATIONS: &[(i64, &str)] = &[(1, "Sydney"), (2, "Melbourne"), (3, "Van 1")];

/// Price levels, and what each makes of a dollar of the retail price, in cents.
const LEVELS: &[(&str, i64)] = &[
    ("1-Retail", 100),
    ("2-Trade", 90),
    ("3-Do & Charge", 110),
    ("4-Contract", 85),
    ("5-Staff", 70),
];

/// Names of the price levels.
pub(crate) const PRICE_LEVELS: &[&str] = &[
    "1-Retail",
    "2-Trade",
    "3-Do & Charge",
    "4-Contract",
    "5-Staff",
];

impl Stock {
    /// Price without tax at a level; an unknown level pays retail.
    pub(crate) fn price(&self, level: &str) -> Decimal {
        if self.special {
            return Decimal::ZERO;
        }
        let known = LEVELS.iter().find(|(name, _)| *name == level);
        let factor = Decimal::new(known.map_or(100, |(_, cents)| *cents), 2);
        // Prices have at most 14 digits and a factor three, which a decimal holds.
        (self.retail * factor).round_dp(2)
    }

    /// Its prices: level, without tax, with tax. Special stock has none.
    pub(crate) fn prices(&self) -> Vec<(&'static str, Decimal, Decimal)> {
        let levels = PRICE_LEVELS.iter().filter(|_| !self.special);
        let tax = Decimal::new(if self.taxed { 11 } else { 10 }, 1);
        levels
            .map(|level| {
                let price = self.price(level);
                (*level, price, (price * tax).round_dp(4))
            })
            .collect()
    }

    /// When anything about it changed last.
    pub(crate) fn touched(&self) -> DateTime<Utc> {
        self.modified.at.max(self.moved)
    }

    /// The letter of its tax when it is sold: G has GST, N is free of it.
    pub(crate) fn sell_tax_code(&self) -> &'static str {
        if self.taxed { "G" } else { "N" }
    }

    /// What a line says unless it is told otherwise.
    pub(crate) fn words(&self) -> &str {
        if self.special { "" } else { &self.description }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::provider::{Provider, Size};

    #[test]
    fn every_stock_code_of_autotasks_billing_codes_is_sold_here() {
        let provider = Provider::generate(1, &Size::small(), DateTime::UNIX_EPOCH);
        let stock = seeded(0);
        let codes = provider
            .billing_codes
            .iter()
            .map(|code| &code.external_number);
        for code in codes.filter(|code| !code.is_empty()) {
            assert!(stock.iter().any(|one| one.code == *code), "{code}");
        }
    }

    #[test]
    fn each_price_level_has_its_price_and_special_stock_none() {
        let mut onsite = seeded(0).remove(0);
        let names: Vec<&str> = LEVELS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, PRICE_LEVELS);
        let prices: Vec<String> = PRICE_LEVELS
            .iter()
            .map(|level| onsite.price(level).to_string())
            .collect();
        assert_eq!(prices, ["185.00", "166.50", "203.50", "157.25", "129.50"]);
        assert_eq!(onsite.price("9-Friends"), onsite.price("1-Retail"));
        onsite.special = true;
        assert_eq!(
            (onsite.price("1-Retail"), onsite.words()),
            (Decimal::ZERO, "")
        );
    }
}
