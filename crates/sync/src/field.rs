//! One row of a kind's mapping table.

use domain::{Problem, System, Value};
use serde::{Deserialize, Serialize};

use crate::Facts;

/// How one field of a kind goes from one system to the other.
#[derive(Debug)]
pub struct Field {
    /// The word for it in shadows, the journal, held items and `field_rule`.
    pub name: &'static str,
    /// As people read it.
    pub label: &'static str,
    /// Which way it goes.
    pub way: Way,
    /// Who decides where both sides were changed.
    pub owner: System,
    /// From Autotask's raw value to Jim2's.
    pub forward: Transform,
    /// From Jim2's raw value to Autotask's.
    pub back: Transform,
    /// How two raw values of the same system are compared.
    pub compare: Compare,
    /// The most characters Jim2 takes; a longer text is cut there and never written back.
    pub jim2_max: Option<usize>,
    /// The most characters Autotask takes.
    pub autotask_max: Option<usize>,
    /// Whether a problem with it keeps the other half from being made.
    pub required: bool,
    /// The system whose value a write changes by a difference instead of setting it: what is read of it soon after our own
    /// write, and is not what we wrote, may be from before it, and would be moved twice.
    pub moved_on: Option<System>,
    /// Whether a record gets it only once it is there, as it is written elsewhere: a new one owes it.
    pub afterwards: bool,
    /// The names under which Autotask's webhooks speak of it, for evidence.
    pub webhook_names: &'static [&'static str],
}

impl Field {
    /// A text field that goes both ways, owned by Autotask, without limits. The base of `..Field::text(…)`.
    pub const fn text(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            way: Way::Both,
            owner: System::Autotask,
            forward: Transform::Text,
            back: Transform::Text,
            compare: Compare::Text,
            jim2_max: None,
            autotask_max: None,
            required: false,
            afterwards: false,
            moved_on: None,
            webhook_names: &[],
        }
    }

    /// The transform towards `to`.
    pub const fn towards(&self, to: System) -> &Transform {
        match to {
            System::Jim2 => &self.forward,
            System::Autotask => &self.back,
        }
    }

    /// The most characters that `on` takes.
    pub const fn max(&self, on: System) -> Option<usize> {
        match on {
            System::Jim2 => self.jim2_max,
            System::Autotask => self.autotask_max,
        }
    }

    /// What `value` of the other side would be on `to`, cut to what `to` takes.
    pub fn map(&self, to: System, value: &Value, facts: &Facts) -> Mapped {
        match self.towards(to).apply(self, to, value, facts) {
            Mapped::Value(Value::Text(text)) => Mapped::Value(Value::text(cut(text, self.max(to)))),
            other @ (Mapped::Value(_) | Mapped::Leave | Mapped::Problem(_)) => other,
        }
    }

    /// Whether the two raw values stand for the same: `forward(a) = j` or `back(j) = a`, or both are blank.
    pub fn equal(&self, autotask: &Value, jim2: &Value, facts: &Facts) -> bool {
        if autotask.is_empty() && jim2.is_empty() {
            return true;
        }
        let reaches = |to: System, from: &Value, there: &Value| matches!(self.map(to, from, facts), Mapped::Value(value) if self.compare.same(&value, there));
        reaches(System::Jim2, autotask, jim2) || reaches(System::Autotask, jim2, autotask)
    }

    /// Whether a value that may travel asks the other side to stay as it is (a finished job leaves its ticket alone).
    pub fn is_left(&self, way: Way, autotask: &Value, jim2: &Value, facts: &Facts) -> bool {
        let leaves = |to: System, value: &Value| {
            way.leads_to(to) && self.map(to, value, facts) == Mapped::Leave
        };
        leaves(System::Jim2, autotask) || leaves(System::Autotask, jim2)
    }
}

/// Cuts `text` to `max` characters.
fn cut(text: String, max: Option<usize>) -> String {
    match max.and_then(|max| text.char_indices().nth(max)) {
        Some((end, _)) => text[..end].trim_end().to_owned(),
        None => text,
    }
}

/// Which way a field goes. `field_rule` can change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Both ways.
    Both,
    /// From Autotask to Jim2.
    ToJim2,
    /// From Jim2 to Autotask.
    ToAutotask,
    /// Only when the other half is made.
    CreateOnly,
    /// Not at all.
    Off,
}

impl Way {
    /// Whether a change travels towards `to`.
    pub const fn leads_to(self, to: System) -> bool {
        match self {
            Self::Both => true,
            Self::ToJim2 => matches!(to, System::Jim2),
            Self::ToAutotask => matches!(to, System::Autotask),
            Self::CreateOnly | Self::Off => false,
        }
    }

    /// Whether it is filled in when the half on `to` is made.
    pub const fn fills(self, to: System) -> bool {
        matches!(self, Self::CreateOnly) || self.leads_to(to)
    }

    /// The word in `field_rule`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::ToJim2 => "to-jim2",
            Self::ToAutotask => "to-autotask",
            Self::CreateOnly => "create-only",
            Self::Off => "off",
        }
    }

    /// The way with this word.
    pub fn named(word: &str) -> Option<Self> {
        [
            Self::Both,
            Self::ToJim2,
            Self::ToAutotask,
            Self::CreateOnly,
            Self::Off,
        ]
        .into_iter()
        .find(|way| way.as_str() == word)
    }
}

/// How a raw value becomes the other side's.
#[derive(Debug)]
pub enum Transform {
    /// The same text, trimmed, with plain line ends.
    Text,
    /// The same value.
    Same,
    /// Through the mapping of a list. Blank takes the mapping of blank, where there is one.
    Lookup(&'static str),
    /// By code.
    By(fn(&Value, &Facts) -> Mapped),
    /// There is no way in this direction.
    None,
}

impl Transform {
    fn apply(&self, field: &Field, to: System, value: &Value, facts: &Facts) -> Mapped {
        match self {
            Self::Text => Mapped::Value(tidy(value)),
            Self::Same => Mapped::Value(value.clone()),
            Self::Lookup(list) => facts.look_up(field, list, to.other(), value),
            Self::By(transform) => transform(value, facts),
            Self::None => Mapped::Leave,
        }
    }
}

/// The same text without outer spaces and with `\n` line ends.
fn tidy(value: &Value) -> Value {
    match value.as_text() {
        Some(text) => Value::text(text.replace("\r\n", "\n").trim()),
        None => value.clone(),
    }
}

/// What became of a value on its way to the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mapped {
    /// This.
    Value(Value),
    /// The other side stays as it is.
    Leave,
    /// It cannot go until this is solved.
    Problem(Problem),
}

/// When two raw values of the same system are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// To the letter.
    Exact,
    /// Without outer spaces and kinds of line ends.
    Text,
    /// Without letter case and outer spaces (e-mail addresses).
    CaseFree,
    /// Phone numbers: digits only, `+61` is `0`.
    Phone,
    /// A value is the same as a list, with commas, that has it.
    Listed,
}

impl Compare {
    /// Whether `one` and `other` are the same. Empty equals empty text. Parts are compared part by part.
    pub fn same(self, one: &Value, other: &Value) -> bool {
        if one.is_empty() || other.is_empty() {
            return one.is_empty() && other.is_empty();
        }
        match (one, other) {
            (Value::Parts(one), Value::Parts(other)) => {
                let empty = Value::Empty;
                one.keys().chain(other.keys()).all(|name| {
                    self.same(
                        one.get(name).unwrap_or(&empty),
                        other.get(name).unwrap_or(&empty),
                    )
                })
            }
            (Value::Text(one), Value::Text(other)) => self.same_text(one, other),
            (one, other) => one == other,
        }
    }

    fn same_text(self, one: &str, other: &str) -> bool {
        match self {
            Self::Exact => one == other,
            Self::Text => one.replace("\r\n", "\n").trim() == other.replace("\r\n", "\n").trim(),
            Self::CaseFree => one.trim().to_lowercase() == other.trim().to_lowercase(),
            Self::Phone => digits(one) == digits(other),
            Self::Listed => has(one, other) || has(other, one),
        }
    }
}

/// Whether a list with commas has this value.
fn has(list: &str, value: &str) -> bool {
    list.split(',').any(|one| one.trim() == value.trim())
}

/// The digits of a phone number in Australia's national form.
fn digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("61") {
        Some(national) if phone.trim_start().starts_with('+') => {
            format!("0{}", national.trim_start_matches('0'))
        }
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_compared_by_their_digits() {
        for (one, other, same) in [
            ("(02) 9876 5432", "+61 2 9876 5432", true),
            ("0412 345 678", "+61 (0)412 345 678", true),
            ("0412 345 678", "0412 345 679", false),
        ] {
            assert_eq!(
                Compare::Phone.same(&one.into(), &other.into()),
                same,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn a_value_equals_a_list_that_has_it_and_no_other() {
        for (one, other, same) in [
            ("811", "812, 811", true),
            ("812, 811", "811", true),
            ("81", "812, 811", false),
        ] {
            assert_eq!(
                Compare::Listed.same(&one.into(), &other.into()),
                same,
                "{one} {other}"
            );
        }
    }

    #[test]
    fn nothing_equals_empty_text_and_only_that() {
        assert!(Compare::Text.same(&Value::Empty, &Value::Text(String::new())));
        assert!(!Compare::Text.same(&Value::Empty, &"x".into()));
        assert!(!Compare::Text.same(&"x".into(), &Value::Empty));
    }

    #[test]
    fn a_cut_never_splits_a_character_and_leaves_no_trailing_space() {
        assert_eq!(cut("Zoë and Noël".to_owned(), Some(4)), "Zoë");
        assert_eq!(cut("Zoë".to_owned(), Some(3)), "Zoë");
        assert_eq!(cut("Zoë".to_owned(), None), "Zoë");
    }
}
