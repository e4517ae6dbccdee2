//! What the site sells, billable labour included, and what it charges at each price level.

use rust_decimal::Decimal;

/// Something that can be sold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stock {
    /// Number of the stock record.
    pub(crate) id: i64,
    /// Stock code.
    pub(crate) code: String,
    /// Default description of a line.
    pub(crate) description: String,
    /// Unit it is sold in.
    pub(crate) unit: String,
    /// Price without tax at the level `1-Retail`.
    pub(crate) retail: Decimal,
    /// Whether GST is charged on it.
    pub(crate) taxed: bool,
    /// Whether it can still be put on a job.
    pub(crate) active: bool,
    /// Special stock is bought for one customer: it has neither a price nor a description of its own.
    pub(crate) special: bool,
}

/// Code, description, unit, price in cents, whether it is taxed.
const STOCK: &[(&str, &str, &str, i64, bool)] = &[
    ("LAB.ONSITE", "Labour onsite", "HOUR", 18_500, true),
    ("LAB.REMOTE", "Labour remote", "HOUR", 16_000, true),
    ("LAB.AFTER", "Labour after hours", "HOUR", 27_500, true),
    ("TRAVEL", "Travel", "UNIT", 9_500, true),
    ("PARTS", "Parts", "UNIT", 0, true),
    ("CABLE.CAT6", "Cat 6 patch lead 2 m", "UNIT", 895, true),
    ("SSD.1TB", "Solid state drive 1 TB", "UNIT", 14_900, true),
    (
        "FREIGHT.GF",
        "Freight overseas, GST free",
        "UNIT",
        4_500,
        false,
    ),
    ("LAB.PROJ", "Labour on projects", "HOUR", 19_500, true),
    ("LAB.TRAIN", "Training", "HOUR", 15_000, true),
    ("SW.LIC", "Software licence", "UNIT", 0, true),
    ("FREIGHT", "Freight", "UNIT", 1_500, true),
];

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

/// The site's stock as it is at the start.
pub(crate) fn seeded() -> Vec<Stock> {
    let numbered = (1..).zip(STOCK);
    numbered
        .map(|(id, (code, description, unit, cents, taxed))| Stock {
            id,
            code: (*code).to_owned(),
            description: (*description).to_owned(),
            unit: (*unit).to_owned(),
            retail: Decimal::new(*cents, 2),
            taxed: *taxed,
            active: true,
            special: false,
        })
        .collect()
}

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
        let stock = seeded();
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
        let mut onsite = seeded().remove(0);
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
