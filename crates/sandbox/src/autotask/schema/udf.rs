//! User-defined fields of the tenant: text, a number, a date, or one of a list; records hold all of them as text.

use super::super::row::parse_time;
use super::field::Kind;
use super::picklist::Choice;

/// The longest text a user-defined field takes.
pub(in crate::autotask) const LONGEST: usize = 255;

/// A user-defined field.
#[derive(Debug)]
pub(in crate::autotask) struct Udf {
    pub id: i64,
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// What it can be set to; none for anything of its kind.
    pub choices: Option<Vec<Choice>>,
}

impl Udf {
    /// Reads `29682914 Customer ranking = list Gold, Silver`; a field without `=` is text.
    pub(super) fn read(line: &'static str) -> Option<Self> {
        let (id, rest) = line.trim_start().split_once(' ')?;
        let (name, kind) = rest.split_once(" = ").unwrap_or((rest, "text"));
        let (kind, choices) = match kind.split_once(' ').unwrap_or((kind, "")) {
            ("text", _) => (Kind::Text, None),
            ("number", _) => (Kind::Double, None),
            ("date", _) => (Kind::Datetime, None),
            ("list", choices) => (
                Kind::Text,
                Some(choices.split(", ").map(Choice::of).collect()),
            ),
            _ => return None,
        };
        Some(Self {
            id: id.parse().ok()?,
            name,
            kind,
            choices,
        })
    }

    /// The text that records hold for this text, or a sentence on what is wrong with it.
    pub(in crate::autotask) fn take(&self, text: &str) -> Result<String, String> {
        let name = self.name;
        let odd = || {
            format!(
                "Could not convert {text} to {}. Path '{name}'.",
                self.kind.name()
            )
        };
        match (&self.choices, self.kind) {
            (Some(choices), _) => choices
                .iter()
                .find(|choice| choice.is_active && choice.value == text)
                .map(|choice| choice.value.clone())
                .ok_or_else(|| format!("Picklist value [{text}] does not exist for {name}.")),
            (None, Kind::Datetime) => parse_time(text)
                .map(|time| time.format("%Y-%m-%dT00:00:00").to_string())
                .ok_or_else(odd),
            (None, Kind::Double) => {
                let number: Result<f64, _> = text.trim().parse();
                number
                    .ok()
                    .filter(|number| number.is_finite())
                    .map(|number| number.to_string())
                    .ok_or_else(odd)
            }
            (None, _) if text.encode_utf16().count() > LONGEST => Err(format!(
                "{name} must be less than or equal to {LONGEST} characters"
            )),
            (None, _) => Ok(text.to_owned()),
        }
    }
}
