//! Money is decimal inside and a JSON number outside; no amount is ever reckoned with as a float.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

/// A decimal as the JSON number with the same digits.
pub(in crate::autotask) fn told(amount: Decimal) -> Value {
    // An amount of this stand-in has at most fifteen digits, which a JSON number keeps to the letter.
    serde_json::from_str(&amount.normalize().to_string()).unwrap_or_default()
}

/// The decimal in a field; none where there is none.
pub(in crate::autotask) fn read(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let decimal = text.parse().or_else(|_| Decimal::from_scientific(&text));
    decimal.ok()
}

/// To the cent, half a cent away from zero, as SQL Server's `round` does.
pub(in crate::autotask) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Rates are kept to four decimals.
pub(in crate::autotask) fn rate(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero)
}

/// The product, where a decimal holds it.
pub(in crate::autotask) fn times(one: Decimal, other: Decimal) -> Option<Decimal> {
    one.checked_mul(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_told_and_read_with_the_same_digits() {
        for text in ["0.1", "1234567890123.45", "-0.0001", "100", "1.005"] {
            let amount: Decimal = text.parse().expect("it is a decimal");
            assert_eq!(read(&told(amount)), Some(amount), "{text}");
            assert_eq!(told(amount).to_string(), text);
        }
        assert_eq!(cents(Decimal::new(1005, 3)), Decimal::new(101, 2));
        assert_eq!(cents(Decimal::new(-1005, 3)), Decimal::new(-101, 2));
    }
}
