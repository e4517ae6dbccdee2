//! Amounts as both systems can hold them: text with the digits that count, and never a float.

use domain::Value;
use rust_decimal::{Decimal, RoundingStrategy};
use sync::Facts;

/// How many decimals a product's price and cost are kept with (`stock.decimals`): Autotask's type is a double, and no
/// document says where it rounds.
const DECIMALS: u32 = 4;

/// An amount as Autotask is to hold it.
pub(crate) fn rounded(amount: &Value, facts: &Facts) -> Option<Value> {
    let amount: Decimal = amount.as_text()?.parse().ok()?;
    let to = decimals(facts);
    let rounded = amount.round_dp_with_strategy(to, RoundingStrategy::MidpointAwayFromZero);
    Some(rounded.into())
}

fn decimals(facts: &Facts) -> u32 {
    let said = facts.settings.get("stock.decimals");
    let said = said.and_then(|said| said.as_u64().or_else(|| said.as_str()?.trim().parse().ok()));
    let said = said.and_then(|said| u32::try_from(said).ok());
    said.filter(|said| *said <= DECIMALS).unwrap_or(DECIMALS)
}

/// A number in the one way of writing it; other text as it is.
pub(crate) fn plain(value: Value) -> Value {
    let number = value
        .as_text()
        .and_then(|text| text.trim().parse::<Decimal>().ok());
    number.map_or(value, Value::from)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_have_four_decimals_at_most_or_as_many_as_the_site_says() {
        let mut facts = Facts::empty(chrono_tz::UTC, DateTime::UNIX_EPOCH);
        for (said, amount, kept) in [
            (None, "185.0000", "185"),
            (None, "0.12345", "0.1235"),
            (None, "1.00005", "1.0001"),
            (Some(json!(2)), "8.955", "8.96"),
            (Some(json!("2")), "8.954", "8.95"),
            (Some(json!(9)), "8.95555", "8.9556"),
        ] {
            facts.settings.remove("stock.decimals");
            let said = said.map(|said| ("stock.decimals".to_owned(), said));
            facts.settings.extend(said);
            assert_eq!(
                rounded(&amount.into(), &facts),
                Some(kept.into()),
                "{amount}"
            );
        }
        assert_eq!(rounded(&Value::Empty, &facts), None);
        assert_eq!(plain("5.0000".into()), "5".into());
        assert_eq!(plain("Sydney 5".into()), "Sydney 5".into());
    }
}
