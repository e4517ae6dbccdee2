//! One record, and how the API tells it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::schema::Entity;
use super::schema::field::Kind;
use super::udf::Udf;

/// One record: the fields that have a value, and its user-defined ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Value by field name; a missing one is null.
    pub fields: BTreeMap<&'static str, Value>,
    /// Text by the id of the user-defined field.
    pub udfs: BTreeMap<i64, String>,
}

/// How records are told.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Telling {
    /// Dates without the closing `Z`.
    pub naive_dates: bool,
    /// User-defined fields where none of the answer's has a value.
    pub udfs: EmptyUdfs,
}

/// How `userDefinedFields` is told where no row of an answer has a value in one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum EmptyUdfs {
    /// All of them, each null.
    #[default]
    Listed,
    /// Not at all.
    Missing,
    /// As an empty list.
    Empty,
    /// As null.
    Null,
}

impl Telling {
    /// The same for rows of which some have a value in a user-defined field, or none.
    pub(super) fn of<'a>(self, mut rows: impl Iterator<Item = &'a Row>) -> Self {
        if rows.any(|row| !row.udfs.is_empty()) {
            let udfs = EmptyUdfs::Listed;
            return Self { udfs, ..self };
        }
        self
    }
}

impl Row {
    /// The value of a field, null for one without.
    pub(super) fn get(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }

    /// The number in a field.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.get(name).as_i64()
    }

    /// The text in a field, empty for none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_default()
    }

    /// Tells whether a field is true, or 1 where Autotask keeps the answer as a number.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name)
            .as_bool()
            .unwrap_or(self.int(name) == Some(1))
    }

    /// Gives a field a value; null takes it away.
    pub(super) fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        let value = value.into();
        if value.is_null() {
            self.fields.remove(name);
        } else {
            self.fields.insert(name, value);
        }
    }

    /// Gives a user-defined field a value; none takes it away.
    pub(super) fn set_udf(&mut self, udf: i64, value: Option<String>) {
        match value {
            None => self.udfs.remove(&udf),
            Some(value) => self.udfs.insert(udf, value),
        };
    }

    /// The record as the API tells it: every field, null where it has no value.
    pub(super) fn tell(
        &self,
        entity: &Entity,
        udfs: &[Udf],
        telling: Telling,
    ) -> Map<String, Value> {
        let mut told = Map::new();
        for field in &entity.fields {
            let value = self.get(field.name);
            let value = match (field.kind, value.as_str()) {
                (Kind::Datetime, Some(date)) if telling.naive_dates => {
                    json!(date.trim_end_matches('Z'))
                }
                _ => value.clone(),
            };
            told.insert(field.name.to_owned(), value);
        }
        let told_udfs = match telling.udfs {
            EmptyUdfs::Listed => Value::Array(udfs.iter().map(|udf| self.udf(udf)).collect()),
            EmptyUdfs::Empty => json!([]),
            EmptyUdfs::Missing | EmptyUdfs::Null => Value::Null,
        };
        if !udfs.is_empty() && telling.udfs != EmptyUdfs::Missing {
            told.insert("userDefinedFields".to_owned(), told_udfs);
        }
        told
    }

    fn udf(&self, udf: &Udf) -> Value {
        json!({"name": udf.name, "value": self.udfs.get(&udf.id)})
    }
}

/// A time as records keep it: UTC, three decimals, `Z`.
pub(super) fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Reads a time with or without a zone, or a bare date; without a zone it is UTC.
pub(super) fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .ok();
    let naive = || {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
            .ok()
            .map(|time| time.and_utc())
    };
    let date = || {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()?
            .and_hms_opt(0, 0, 0)
            .map(|time| time.and_utc())
    };
    zoned.or_else(naive).or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_a_zone_and_without() {
        let same = [
            "2026-01-31T15:04:05.307Z",
            "2026-01-31T15:04:05.307",
            "2026-02-01T02:04:05.307+11:00",
        ];
        for text in same {
            assert_eq!(
                parse_time(text).map(stamp).as_deref(),
                Some("2026-01-31T15:04:05.307Z"),
                "{text}"
            );
        }
        assert_eq!(
            parse_time("2026-01-31").map(stamp).as_deref(),
            Some("2026-01-31T00:00:00.000Z")
        );
        assert_eq!(parse_time("31/01/2026"), None);
    }
}
