//! Money: decimal, to the cent, never a float.

use std::{fmt, ops::Add};

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// An amount in Australian dollars, rounded to the cent (half away from zero).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(Decimal);

/// The text is not an amount of money.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an amount of money")]
pub struct InvalidMoney(String);

impl Money {
    /// The amount, rounded to the cent.
    pub fn rounded(amount: Decimal) -> Self {
        Self(amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }

    /// The amount.
    pub fn amount(self) -> Decimal {
        self.0
    }
}

impl std::str::FromStr for Money {
    type Err = InvalidMoney;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .map(Self::rounded)
            .map_err(|_| InvalidMoney(text.to_owned()))
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${:.2}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_cent_rounds_away_from_zero() {
        for (text, shown) in [("1.005", "$1.01"), ("-1.005", "$-1.01"), ("2", "$2.00")] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), shown);
        }
        assert!("1,5".parse::<Money>().is_err());
    }
}
