//! Values as they came in a request, read with the limits that Jim2 sets.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde_json::Value;

use super::clock;
use super::list;
use super::refusal::{Blame, Refusal};

/// One more than the largest number that a price or a quantity can be: what is computed from two of them still fits.
const MOST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// One value somebody wants to write, and where in the request it stood.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// Name of the field as the sender wrote it.
    pub(crate) name: String,
    /// What was sent.
    pub(crate) value: Value,
    /// JSON pointer of the value.
    pub(crate) pointer: String,
}

impl Input {
    /// A value that stood at `parent/name`.
    pub(crate) fn new(parent: &str, name: &str, value: &Value) -> Self {
        Self {
            name: name.to_owned(),
            value: value.clone(),
            pointer: format!("{parent}/{name}"),
        }
    }

    /// The members of an object, each with its own pointer.
    pub(crate) fn members(&self) -> Result<Vec<Self>, Refusal> {
        let members = self
            .value
            .as_object()
            .ok_or_else(|| self.wrong("an object"))?;
        Ok(members
            .iter()
            .map(|(name, value)| Self::new(&self.pointer, name, value))
            .collect())
    }

    /// Text of at most `max` characters; null is empty.
    pub(crate) fn text(&self, max: usize) -> Result<String, Refusal> {
        let text = match &self.value {
            Value::Null => "",
            Value::String(text) => text,
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                return Err(self.wrong("text"));
            }
        };
        self.check_length(text, max)?;
        Ok(text.to_owned())
    }

    /// Refuses a text of more than `max` characters, whatever was made of what was sent.
    pub(crate) fn check_length(&self, text: &str, max: usize) -> Result<(), Refusal> {
        let length = text.chars().count();
        if length <= max {
            return Ok(());
        }
        Err(self.refuse(
            "too-long",
            &format!(
                "{} takes at most {max} characters, {length} were sent",
                self.name
            ),
        ))
    }

    /// A value of a list, in the list's own spelling.
    pub(crate) fn one_of(
        &self,
        values: &'static [&'static str],
        code: &'static str,
    ) -> Result<String, Refusal> {
        let text = self.long_text()?;
        list::spelling(values, &text)
            .map(str::to_owned)
            .ok_or_else(|| {
                let choice = values.join(", ");
                self.refuse(
                    code,
                    &format!("{} has no value {text:?}; it takes {choice}", self.name),
                )
            })
    }

    /// Text without a limit.
    pub(crate) fn long_text(&self) -> Result<String, Refusal> {
        self.text(usize::MAX)
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Result<bool, Refusal> {
        self.value
            .as_bool()
            .ok_or_else(|| self.wrong("true or false"))
    }

    /// A whole number; null is none.
    pub(crate) fn whole(&self) -> Result<Option<i64>, Refusal> {
        if self.value.is_null() {
            return Ok(None);
        }
        let number = self
            .value
            .as_i64()
            .or_else(|| self.value.as_str().and_then(|text| text.parse().ok()));
        number.map(Some).ok_or_else(|| self.wrong("a whole number"))
    }

    /// A decimal number of at most nine digits before the point, sent as a number or as text, kept to four places.
    pub(crate) fn decimal(&self) -> Result<Decimal, Refusal> {
        let text = match &self.value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.clone(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                return Err(self.wrong("a number"));
            }
        };
        let number = text
            .parse::<Decimal>()
            .map_err(|_| self.wrong("a number"))?;
        if number.abs() >= MOST {
            return Err(self.wrong("a number of at most nine digits before the point"));
        }
        Ok(number.round_dp(4))
    }

    /// A moment in ISO format; null is none.
    pub(crate) fn moment(&self, zone: Tz) -> Result<Option<DateTime<Utc>>, Refusal> {
        if self.value.is_null() {
            return Ok(None);
        }
        let wrong = || self.wrong("a date and time in ISO format");
        let text = self.value.as_str().ok_or_else(wrong)?;
        clock::parse(zone, text).map(Some).ok_or_else(wrong)
    }

    /// A refusal that blames this value.
    pub(crate) fn refuse(&self, code: &'static str, detail: &str) -> Refusal {
        let stop = if detail.ends_with('!') { "" } else { "." };
        Refusal::invalid(code, format!("{detail}{stop}"))
            .blaming(Blame::Pointer(self.pointer.clone()))
    }

    /// The refusal for a field that Jim2 does not know.
    pub(crate) fn unknown(&self) -> Refusal {
        self.refuse(
            "unknown-field",
            &format!("{} is not a field that this call takes", self.name),
        )
    }

    /// The refusal for a value of the wrong type.
    pub(crate) fn wrong(&self, expected: &str) -> Refusal {
        self.refuse(
            "wrong-type",
            &format!("{} must be {expected}, not {}", self.name, self.value),
        )
    }
}
