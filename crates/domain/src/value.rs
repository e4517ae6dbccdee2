//! Raw values.

use std::{collections::BTreeMap, fmt};

use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Unexpected, Visitor},
};

/// A raw value of one field of one system, as shadows, intents and the journal keep it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Null, or empty text: told, and nothing there.
    Empty,
    /// Yes or no.
    Flag(bool),
    /// A whole number: ids and picklist values.
    Number(i64),
    /// Text. Decimals travel as text too, never as floats.
    Text(String),
    /// Several fields that merge as one, such as an address.
    Parts(BTreeMap<String, Value>),
}

/// By hand: a derived one tries one variant after the other, and makes an error of each that does not fit. Shadows are
/// read for every event.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, yes or no, a whole number, text, or several of these by name")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Empty)
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        match number.try_into() {
            Ok(number) => Ok(Value::Number(number)),
            Err(_) => Err(E::invalid_value(Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut parts = BTreeMap::new();
        while let Some((name, value)) = map.next_entry()? {
            parts.insert(name, value);
        }
        Ok(Value::Parts(parts))
    }
}

/// Text as it can be kept: without the letter NUL, which means nothing to people and which Postgres refuses.
pub fn keepable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text
    }
}

impl Value {
    /// Text, where empty text is [`Value::Empty`].
    pub fn text(text: impl Into<String>) -> Self {
        let text = keepable(text.into());
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// Several fields that merge as one.
    pub fn parts<const N: usize>(parts: [(&str, Self); N]) -> Self {
        Self::Parts(
            parts
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// Whether there is nothing there. Parts are empty when each part is.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.is_empty(),
            Self::Parts(parts) => parts.values().all(Self::is_empty),
            Self::Flag(_) | Self::Number(_) => false,
        }
    }

    /// Whether what a person typed into a field for yes and no says yes: anything does but nothing, or a no.
    pub fn says_yes(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Flag(flag) => *flag,
            Self::Number(number) => *number != 0,
            Self::Text(said) => !matches!(
                said.trim().to_lowercase().as_str(),
                "" | "no" | "n" | "false" | "0"
            ),
            Self::Parts(_) => !self.is_empty(),
        }
    }

    /// The text, where it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Empty | Self::Flag(_) | Self::Number(_) | Self::Parts(_) => None,
        }
    }

    /// The whole number, where it is one.
    pub fn as_number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Empty | Self::Flag(_) | Self::Text(_) | Self::Parts(_) => None,
        }
    }

    /// One part of several, where it is there.
    pub fn part(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Parts(parts) => parts.get(name),
            Self::Empty | Self::Flag(_) | Self::Number(_) | Self::Text(_) => None,
        }
    }
}

impl fmt::Display for Value {
    /// As an operator reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("(empty)"),
            Self::Flag(true) => f.write_str("yes"),
            Self::Flag(false) => f.write_str("no"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Parts(parts) => {
                let mut shown = parts.values().filter(|value| !value.is_empty()).peekable();
                if shown.peek().is_none() {
                    return f.write_str("(empty)");
                }
                while let Some(value) = shown.next() {
                    write!(
                        f,
                        "{value}{}",
                        if shown.peek().is_some() { ", " } else { "" }
                    )?;
                }
                Ok(())
            }
        }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Text(number.normalize().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_was_kept_and_nothing_else_is_taken() {
        let parts = Value::parts([("street", "1 High St".into()), ("unit", Value::Empty)]);
        for value in [
            Value::Empty,
            true.into(),
            (-7).into(),
            i64::MAX.into(),
            "x".into(),
            parts,
        ] {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
            let json = serde_json::to_value(&value).unwrap();
            assert_eq!(serde_json::from_value::<Value>(json).unwrap(), value);
        }
        for other in ["1.5", "18446744073709551615", "[1]", r#"{"a":[]}"#] {
            assert!(serde_json::from_str::<Value>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn anything_but_nothing_and_a_no_says_yes() {
        for (said, yes) in [
            ("yes", true),
            ("x", true),
            ("No ", false),
            ("n", false),
            ("FALSE", false),
            ("0", false),
            (" ", false),
            ("", false),
        ] {
            assert_eq!(Value::from(said).says_yes(), yes, "{said}");
        }
        assert!(Value::from(true).says_yes() && !Value::from(0).says_yes());
    }

    #[test]
    fn a_text_has_no_letter_that_cannot_be_kept() {
        assert_eq!(Value::text("a\0b\0"), "ab".into());
        assert_eq!(Value::text("\0"), Value::Empty);
    }

    #[test]
    fn a_value_survives_json() {
        let value = Value::parts([
            ("a", Value::Empty),
            ("b", 7.into()),
            ("c", "x".into()),
            ("d", true.into()),
        ]);
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(&json).unwrap(),
            value,
            "{json}"
        );
        assert_eq!(value.to_string(), "7, x, yes");
    }
}
