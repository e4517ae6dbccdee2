//! The three states a field can be in.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Value;

/// A field as a system told it. Absent is not empty: a field that was not told takes no part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Told<T> {
    /// The answer did not speak of this field.
    #[default]
    Not,
    /// The field is there and holds nothing.
    Empty,
    /// The field holds this.
    Is(T),
}

impl<T> Told<T> {
    /// The value, where there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Not | Self::Empty => None,
        }
    }

    /// Whether the answer spoke of this field.
    pub fn is_told(&self) -> bool {
        !matches!(self, Self::Not)
    }

    /// The same state with the value changed by `f`.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Told<U> {
        match self {
            Self::Not => Told::Not,
            Self::Empty => Told::Empty,
            Self::Is(value) => Told::Is(f(value)),
        }
    }
}

impl<T: Into<Value>> Told<T> {
    /// As a raw value: `None` where nothing was told.
    pub fn into_value(self) -> Option<Value> {
        match self {
            Self::Not => None,
            Self::Empty => Some(Value::Empty),
            Self::Is(value) => Some(value.into()),
        }
    }
}

/// Use with `#[serde(default)]`: an absent key stays [`Told::Not`], null becomes [`Told::Empty`].
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Told<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            Some(value) => Self::Is(value),
            None => Self::Empty,
        })
    }
}

/// Use with `#[serde(skip_serializing_if = "Told::is_not")]`.
impl<T: Serialize> Serialize for Told<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<T> Told<T> {
    /// Whether nothing was told, for `skip_serializing_if`.
    pub fn is_not(&self) -> bool {
        matches!(self, Self::Not)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        #[serde(default)]
        title: Told<String>,
    }

    #[test]
    fn absent_null_and_value_are_three_states() {
        for (json, expected) in [
            ("{}", Told::Not),
            (r#"{"title":null}"#, Told::Empty),
            (r#"{"title":"x"}"#, Told::Is("x".to_owned())),
        ] {
            let row: Row = serde_json::from_str(json).unwrap();
            assert_eq!(row.title, expected, "{json}");
        }
    }
}
