//! How single values are written on the wire: forgiving when reading, exact when writing.
//!
//! A value is read from its own text in the document (`RawValue`), so that a decimal
//! is never a float on its way. The feature `arbitrary_precision` would do the same for the whole
//! process and change how every other crate reads numbers; it stays off.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use domain::{CALENDAR, Told, Value, keepable};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;

/// A time as Autotask takes it: UTC, milliseconds, `2026-01-31T15:04:05.307Z`.
pub fn timestamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A type of value that an entity's field can have.
pub(crate) trait Wire: Sized {
    /// What was expected, for the error.
    const EXPECTED: &'static str;

    /// Reads it from the JSON text of one value.
    fn read(json: &str) -> Option<Told<Self>>;

    /// The value as shadows and field rules know it.
    fn to_value(&self) -> Value;
}

/// For `#[serde(default, deserialize_with = "told")]`: absent, empty and set are three states.
/// Empty text is empty, as Autotask tells an unset field both as null and as `""`.
pub(crate) fn told<'de, D: Deserializer<'de>, T: Wire>(
    deserializer: D,
) -> Result<Told<T>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    let json = raw.get();
    if json == "null" || json == "\"\"" {
        return Ok(Told::Empty);
    }
    T::read(json).ok_or_else(|| D::Error::custom(format!("wrong value, expected {}", T::EXPECTED)))
}

impl Wire for String {
    const EXPECTED: &'static str = "text";

    fn read(json: &str) -> Option<Told<Self>> {
        if json.starts_with('"') {
            let text = keepable(serde_json::from_str(json).ok()?);
            let is_empty = text.is_empty();
            return Some(if is_empty {
                Told::Empty
            } else {
                Told::Is(text)
            });
        }
        // Some text fields come as bare numbers or flags; their text is what is meant.
        let is_scalar = !json.starts_with(['{', '[']);
        is_scalar.then(|| Told::Is(json.to_owned()))
    }

    fn to_value(&self) -> Value {
        Value::text(self.as_str())
    }
}

impl Wire for i64 {
    const EXPECTED: &'static str = "a whole number";

    fn read(json: &str) -> Option<Told<Self>> {
        // Picklist values travel as numbers in records and as text in metadata: both are taken.
        let text = unquoted(json);
        if let Ok(number) = text.parse() {
            return Some(Told::Is(number));
        }
        let number = exact(text)?;
        let is_whole = number.fract().is_zero();
        is_whole.then(|| number.trunc().try_into().ok().map(Told::Is))?
    }

    fn to_value(&self) -> Value {
        Value::Number(*self)
    }
}

impl Wire for bool {
    const EXPECTED: &'static str = "true or false";

    fn read(json: &str) -> Option<Told<Self>> {
        match unquoted(json) {
            "true" | "True" | "1" => Some(Told::Is(true)),
            "false" | "False" | "0" => Some(Told::Is(false)),
            _ => None,
        }
    }

    fn to_value(&self) -> Value {
        Value::Flag(*self)
    }
}

impl Wire for Decimal {
    const EXPECTED: &'static str = "a number";

    fn read(json: &str) -> Option<Told<Self>> {
        exact(unquoted(json)).map(Told::Is)
    }

    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl Wire for DateTime<Utc> {
    const EXPECTED: &'static str = "a date and time";

    fn read(json: &str) -> Option<Told<Self>> {
        time(unquoted(json)).map(Told::Is)
    }

    fn to_value(&self) -> Value {
        Value::Text(timestamp(*self))
    }
}

/// Every digit of it, plain or with an exponent; `None` where they do not fit, which is better than a price that is
/// nearly right.
fn exact(text: &str) -> Option<Decimal> {
    let (base, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let base = Decimal::from_str_exact(base).ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    let scale = i64::from(base.scale()) - i64::from(exponent);
    let (digits, missing) = (base.mantissa(), u32::try_from(-scale).unwrap_or(0));
    let digits = digits.checked_mul(10_i128.checked_pow(missing)?)?;
    Decimal::try_from_i128_with_scale(digits, u32::try_from(scale.max(0)).ok()?).ok()
}

/// With or without zone, with 0 to 9 digits of fraction; without zone it is UTC. A year that no calendar of a business
/// has is no time.
fn time(text: &str) -> Option<DateTime<Utc>> {
    instant(text).filter(|at| CALENDAR.contains(&at.year()))
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f") {
        return Some(at.and_utc());
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

fn unquoted(json: &str) -> &str {
    json.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(default, deserialize_with = "told")]
        at: Told<DateTime<Utc>>,
        #[serde(default, deserialize_with = "told")]
        rate: Told<Decimal>,
        #[serde(default, deserialize_with = "told")]
        name: Told<String>,
        #[serde(default, deserialize_with = "told")]
        status: Told<i64>,
        #[serde(default, deserialize_with = "told")]
        active: Told<bool>,
    }

    fn row(json: &str) -> Row {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_time_is_read_with_and_without_zone_and_fraction() {
        for (told, expected) in [
            ("2012-06-18T13:15:47.000Z", "2012-06-18T13:15:47.000Z"),
            ("2012-06-18T13:15:47Z", "2012-06-18T13:15:47.000Z"),
            ("2012-06-18T13:15:47", "2012-06-18T13:15:47.000Z"),
            ("2012-06-18T13:15:47.1234567", "2012-06-18T13:15:47.123Z"),
            ("2012-06-18T13:15:47.3", "2012-06-18T13:15:47.300Z"),
            ("2012-06-18T13:15:47.307+10:00", "2012-06-18T03:15:47.307Z"),
            ("2012-06-18", "2012-06-18T00:00:00.000Z"),
        ] {
            let row = row(&format!(r#"{{"at":"{told}"}}"#));
            assert_eq!(timestamp(*row.at.get().unwrap()), expected, "{told}");
        }
        assert!(serde_json::from_str::<Row>(r#"{"at":"yesterday"}"#).is_err());
    }

    #[test]
    fn a_decimal_keeps_every_digit() {
        for (told, expected) in [
            ("0.1", "0.1"),
            ("12345678901234.567890123", "12345678901234.567890123"),
            ("150", "150"),
            ("1.5e2", "150"),
            ("-0.07", "-0.07"),
            ("1.5e-3", "0.0015"),
            ("-12.5E+3", "-12500"),
        ] {
            let row = row(&format!(r#"{{"rate":{told}}}"#));
            assert_eq!(row.rate, Told::Is(expected.parse().unwrap()), "{told}");
        }
    }

    #[test]
    fn a_number_with_more_digits_than_fit_is_refused_and_not_rounded() {
        for told in [
            "0.12345678901234567890123456789012345",
            "79228162514264337593543950336",
            "1e29",
            "1e-29",
            "1e2147483647",
            "1e-2147483648",
            "1e99999999999",
        ] {
            let json = format!(r#"{{"rate":{told}}}"#);
            assert!(serde_json::from_str::<Row>(&json).is_err(), "{told}");
        }
        let nearly_one = r#"{"status":1.00000000000000000000000000000000001}"#;
        assert!(serde_json::from_str::<Row>(nearly_one).is_err());
    }

    #[test]
    fn a_year_that_no_calendar_has_is_no_time() {
        for told in [
            "+12026-11-23T03:15:47",
            "-0001-11-23",
            "0000-01-01T00:00:00+01:00",
            "+10001-01-01",
        ] {
            let json = format!(r#"{{"at":"{told}"}}"#);
            assert!(serde_json::from_str::<Row>(&json).is_err(), "{told}");
        }
    }

    #[test]
    fn absent_null_and_empty_text_are_told_apart_from_values() {
        let row = row(r#"{"name":"","status":null,"active":1}"#);
        assert_eq!(row.name, Told::Empty);
        assert_eq!(row.status, Told::Empty);
        assert_eq!(row.active, Told::Is(true));
        assert_eq!(row.rate, Told::Not);
    }

    #[test]
    fn numbers_come_as_text_and_text_as_numbers() {
        let row = row(r#"{"name":4711,"status":"8"}"#);
        assert_eq!(row.name, Told::Is("4711".to_owned()));
        assert_eq!(row.status, Told::Is(8));
        assert!(serde_json::from_str::<Row>(r#"{"status":8.5}"#).is_err());
        assert!(serde_json::from_str::<Row>(r#"{"name":{"a":1}}"#).is_err());
    }
}
