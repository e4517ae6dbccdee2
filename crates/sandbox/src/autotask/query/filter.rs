//! The conditions of a query: fifteen operators over fields, groups of conditions, one user-defined field at most.
//!
//! Text is compared as the real database does: without regard to letter case. A field without a value meets no
//! condition but `notExist`.

pub(super) mod reading;

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::row::{Row, parse_time, stamp};
use super::super::schema::field::Kind;
use super::super::udf::Udf;

/// One condition, or a group of them.
#[derive(Debug)]
pub(in crate::autotask) enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Test { source: Source, test: Test },
}

/// Where the value that is tested comes from.
#[derive(Debug)]
pub(in crate::autotask) enum Source {
    Field(&'static str),
    Udf(Udf),
}

/// What is asked of a value.
#[derive(Debug)]
pub(in crate::autotask) enum Test {
    Exists(bool),
    Compare(Comparison, Operand),
    Within(bool, Vec<Operand>),
    Like(Part, String),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug)]
pub(in crate::autotask) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    AtLeast,
    Less,
    AtMost,
}

/// Which part of a text is compared.
#[derive(Clone, Copy, Debug)]
pub(in crate::autotask) enum Part {
    Beginning,
    End,
    Anywhere,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "ids are whole, and far below 2^52"
)]
fn whole(id: f64) -> i64 {
    id as i64
}

/// A value of the kind of the field it is compared with.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(in crate::autotask) enum Operand {
    Number(f64),
    Bool(bool),
    Text(String),
}

impl Operand {
    /// A time, as records write it.
    fn time(time: DateTime<Utc>) -> Self {
        Self::Text(stamp(time).to_lowercase())
    }
}

impl Node {
    /// The id above which all rows are that can meet the condition, where it says so.
    pub(in crate::autotask) fn above(&self) -> Option<i64> {
        match self {
            Self::Test {
                source: Source::Field("id"),
                test: Test::Compare(Comparison::Greater, Operand::Number(id)),
            } => Some(whole(*id)),
            Self::All(_) | Self::Any(_) | Self::Test { .. } => None,
        }
    }

    /// Tells whether a row meets the condition.
    pub(in crate::autotask) fn holds(&self, row: &Row) -> bool {
        match self {
            Self::All(nodes) => nodes.iter().all(|node| node.holds(row)),
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(row)),
            Self::Test { source, test } => test.holds(source.value(row).as_ref()),
        }
    }
}

impl Source {
    fn value(&self, row: &Row) -> Option<Operand> {
        match self {
            Self::Udf(udf) => {
                let text = row.udfs.get(&udf.id)?;
                match udf.kind {
                    Kind::Double => text.parse().ok().map(Operand::Number),
                    Kind::Datetime => parse_time(text).map(Operand::time),
                    Kind::Int | Kind::Long | Kind::Bool | Kind::Text => {
                        Some(Operand::Text(text.to_lowercase()))
                    }
                }
            }
            Self::Field(name) => match row.get(name) {
                Value::Number(number) => number.as_f64().map(Operand::Number),
                Value::Bool(value) => Some(Operand::Bool(*value)),
                Value::String(text) => Some(Operand::Text(text.to_lowercase())),
                Value::Null | Value::Array(_) | Value::Object(_) => None,
            },
        }
    }
}

impl Test {
    fn holds(&self, value: Option<&Operand>) -> bool {
        match (self, value) {
            (Self::Exists(wanted), value) => value.is_some() == *wanted,
            (Self::Compare(comparison, operand), Some(value)) => comparison.holds(value, operand),
            (Self::Within(wanted, operands), Some(value)) => operands.contains(value) == *wanted,
            (Self::Like(part, text), Some(Operand::Text(value))) => match part {
                Part::Beginning => value.starts_with(text),
                Part::End => value.ends_with(text),
                Part::Anywhere => value.contains(text),
            },
            (Self::Like(..), Some(Operand::Number(_) | Operand::Bool(_))) | (_, None) => false,
        }
    }
}

impl Comparison {
    fn holds(self, value: &Operand, operand: &Operand) -> bool {
        let order = value.partial_cmp(operand);
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Greater => order == Some(Ordering::Greater),
            Self::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            Self::Less => order == Some(Ordering::Less),
            Self::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        }
    }
}

#[cfg(test)]
mod tests;
