//! What is to be written: only the fields named here are sent.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, Utc};
use domain::Value;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::value::RawValue;

use crate::wire::timestamp;

/// Fields to create or change a record with. A field that is not named stays as it is.
#[derive(Clone, Default)]
pub struct Draft {
    fields: BTreeMap<String, Box<RawValue>>,
    udfs: BTreeMap<String, Option<String>>,
}

impl Draft {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a field; [`Value::Empty`] clears it. Parts are written each under its own name.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        match value.into() {
            Value::Empty => self.put(field, &()),
            Value::Flag(flag) => self.put(field, &flag),
            Value::Number(number) => self.put(field, &number),
            Value::Text(text) => self.put(field, &text),
            Value::Parts(parts) => {
                return parts
                    .into_iter()
                    .fold(self, |draft, (name, value)| draft.set(&name, value));
            }
        }
        self
    }

    /// Writes a time, in UTC.
    #[must_use]
    pub fn set_time(mut self, field: &str, at: DateTime<Utc>) -> Self {
        self.put(field, &timestamp(at));
        self
    }

    /// Writes a decimal as a JSON number with exactly its digits.
    #[must_use]
    pub fn set_decimal(mut self, field: &str, number: Decimal) -> Self {
        let digits = RawValue::from_string(number.normalize().to_string());
        let digits = digits.expect("the text of a decimal is a JSON number");
        self.fields.insert(field.to_owned(), digits);
        self
    }

    /// Writes the user-defined field of that name; empty text clears it.
    #[must_use]
    pub fn set_udf(mut self, name: &str, value: &str) -> Self {
        let value = (!value.is_empty()).then(|| value.to_owned());
        self.udfs.insert(name.to_owned(), value);
        self
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.udfs.is_empty()
    }

    /// The body of the request: with the id for an update, without for a create.
    pub(crate) fn body(&self, id: Option<i64>) -> Vec<u8> {
        serde_json::to_vec(&Body { id, draft: self }).expect("fields are plain JSON")
    }

    fn put<T: Serialize>(&mut self, field: &str, value: &T) {
        let value = serde_json::value::to_raw_value(value).expect("plain values are JSON");
        self.fields.insert(field.to_owned(), value);
    }
}

impl fmt::Debug for Draft {
    /// The names of the fields; their values may be a customer's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.fields.keys())
            .entries(self.udfs.keys())
            .finish()
    }
}

struct Body<'a> {
    id: Option<i64>,
    draft: &'a Draft,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    value: Option<&'a str>,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        if let Some(id) = self.id {
            body.serialize_entry("id", &id)?;
        }
        for (name, value) in &self.draft.fields {
            body.serialize_entry(name, value)?;
        }
        if !self.draft.udfs.is_empty() {
            let named = self.draft.udfs.iter().map(|(name, value)| Named {
                name,
                value: value.as_deref(),
            });
            body.serialize_entry("userDefinedFields", &named.collect::<Vec<_>>())?;
        }
        body.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_is_sent_and_empty_is_null() {
        let draft = Draft::new()
            .set("title", "Printer")
            .set("status", 8)
            .set("isActive", true)
            .set("contactID", Value::Empty)
            .set(
                "address",
                Value::parts([("city", "Perth".into()), ("state", "".into())]),
            )
            .set_time("dueDateTime", "2026-01-31T15:04:05.3Z".parse().unwrap())
            .set_decimal("unitPrice", "12345678901234567.8901".parse().unwrap())
            .set_udf("Jim2 Job#", "10")
            .set_udf("Jim2 sync", "");
        let body = String::from_utf8(draft.body(Some(7))).unwrap();
        let expected = concat!(
            r#"{"id":7,"city":"Perth","contactID":null,"dueDateTime":"2026-01-31T15:04:05.300Z","#,
            r#""isActive":true,"state":null,"status":8,"title":"Printer","unitPrice":12345678901234567.8901,"#,
            r#""userDefinedFields":[{"name":"Jim2 Job#","value":"10"},{"name":"Jim2 sync","value":null}]}"#,
        );
        assert_eq!(body, expected);
        assert!(!format!("{draft:?}").contains("Printer"));
        assert_eq!(Draft::new().body(None), b"{}");
    }
}
