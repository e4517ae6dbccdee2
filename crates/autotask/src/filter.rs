//! Conditions of a query.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::wire::timestamp;

/// A value that a field is compared with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Operand(Json);

impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self(json!(text))
    }
}

impl From<String> for Operand {
    fn from(text: String) -> Self {
        Self(json!(text))
    }
}

impl From<i64> for Operand {
    fn from(number: i64) -> Self {
        Self(json!(number))
    }
}

impl From<bool> for Operand {
    fn from(flag: bool) -> Self {
        Self(json!(flag))
    }
}

impl From<DateTime<Utc>> for Operand {
    fn from(at: DateTime<Utc>) -> Self {
        Self(json!(timestamp(at)))
    }
}

impl From<Decimal> for Operand {
    /// As text, which the server converts: a JSON number would have to be a float first.
    fn from(number: Decimal) -> Self {
        Self(json!(number.normalize().to_string()))
    }
}

/// A condition, or several joined.
///
/// Null cannot be compared: use [`Filter::exists`] and [`Filter::not_exists`]. At most 500
/// alternatives and one condition on a user-defined field are allowed in one query.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filter {
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    udf: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Operand>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<Self>,
}

/// Whether a flag need not be said. serde passes a reference.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Filter {
    /// Every record: company 0, the provider itself, too.
    pub fn everything() -> Self {
        Self::gte("id", 0)
    }

    /// The field equals the value.
    pub fn eq(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("eq", field, value)
    }

    /// The field differs from the value.
    pub fn not_eq(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("noteq", field, value)
    }

    /// The field is greater.
    pub fn gt(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("gt", field, value)
    }

    /// The field is greater or equal.
    pub fn gte(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("gte", field, value)
    }

    /// The field is less.
    pub fn lt(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("lt", field, value)
    }

    /// The field is less or equal.
    pub fn lte(field: &str, value: impl Into<Operand>) -> Self {
        Self::compare("lte", field, value)
    }

    /// The text begins so.
    pub fn begins_with(field: &str, text: &str) -> Self {
        Self::compare("beginsWith", field, text)
    }

    /// The text ends so.
    pub fn ends_with(field: &str, text: &str) -> Self {
        Self::compare("endsWith", field, text)
    }

    /// The text holds this.
    pub fn contains(field: &str, text: &str) -> Self {
        Self::compare("contains", field, text)
    }

    /// The field holds something.
    pub fn exists(field: &str) -> Self {
        Self::condition("exist", field, None)
    }

    /// The field holds nothing.
    pub fn not_exists(field: &str) -> Self {
        Self::condition("notExist", field, None)
    }

    /// The field equals one of the values.
    pub fn is_in<V: Into<Operand>>(field: &str, values: impl IntoIterator<Item = V>) -> Self {
        Self::condition("in", field, Some(list(values)))
    }

    /// The field equals none of the values.
    pub fn not_in<V: Into<Operand>>(field: &str, values: impl IntoIterator<Item = V>) -> Self {
        Self::condition("notIn", field, Some(list(values)))
    }

    /// All of these.
    pub fn all(items: impl IntoIterator<Item = Self>) -> Self {
        Self::join("and", items)
    }

    /// At least one of these.
    pub fn any(items: impl IntoIterator<Item = Self>) -> Self {
        Self::join("or", items)
    }

    /// The same condition on the user-defined field of that name.
    #[must_use]
    pub fn udf(mut self) -> Self {
        self.udf = true;
        self
    }

    fn compare(op: &'static str, field: &str, value: impl Into<Operand>) -> Self {
        Self::condition(op, field, Some(value.into()))
    }

    fn condition(op: &'static str, field: &str, value: Option<Operand>) -> Self {
        Self {
            op,
            field: Some(field.to_owned()),
            udf: false,
            value,
            items: Vec::new(),
        }
    }

    fn join(op: &'static str, items: impl IntoIterator<Item = Self>) -> Self {
        Self {
            op,
            field: None,
            udf: false,
            value: None,
            items: items.into_iter().collect(),
        }
    }
}

/// An array, as a list in one text is refused.
fn list<V: Into<Operand>>(values: impl IntoIterator<Item = V>) -> Operand {
    Operand(Json::Array(
        values.into_iter().map(|value| value.into().0).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(filter: &Filter) -> Json {
        serde_json::to_value(filter).unwrap()
    }

    #[test]
    fn each_operator_is_spelled_as_autotask_spells_it() {
        for (filter, op) in [
            (Filter::eq("a", 1), "eq"),
            (Filter::not_eq("a", 1), "noteq"),
            (Filter::gt("a", 1), "gt"),
            (Filter::gte("a", 1), "gte"),
            (Filter::lt("a", 1), "lt"),
            (Filter::lte("a", 1), "lte"),
            (Filter::begins_with("a", "x"), "beginsWith"),
            (Filter::ends_with("a", "x"), "endsWith"),
            (Filter::contains("a", "x"), "contains"),
            (Filter::exists("a"), "exist"),
            (Filter::not_exists("a"), "notExist"),
            (Filter::is_in("a", [1]), "in"),
            (Filter::not_in("a", [1]), "notIn"),
            (Filter::all([]), "and"),
            (Filter::any([]), "or"),
        ] {
            assert_eq!(sent(&filter)["op"], op);
        }
    }

    #[test]
    fn groups_lists_times_and_user_defined_fields_have_the_documented_shape() {
        let at = "2026-01-31T15:04:05.307Z".parse::<DateTime<Utc>>().unwrap();
        let filter = Filter::any([
            Filter::gte("lastActivityDate", at),
            Filter::exists("externalID"),
            Filter::is_in("status", [1, 8]),
            Filter::eq("Jim2 CardNo", "12").udf(),
        ]);
        let expected = json!({"op": "or", "items": [
            {"op": "gte", "field": "lastActivityDate", "value": "2026-01-31T15:04:05.307Z"},
            {"op": "exist", "field": "externalID"},
            {"op": "in", "field": "status", "value": [1, 8]},
            {"op": "eq", "field": "Jim2 CardNo", "udf": true, "value": "12"},
        ]});
        assert_eq!(sent(&filter), expected);
    }
}
