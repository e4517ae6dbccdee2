//! One value as Jim2 wrote it in JSON.

use domain::keepable;
use serde_json::value::RawValue;

/// A JSON value whose numbers stay text, so that no decimal ever passes through a float.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, by its letters.
    Number(String),
    /// Text, unescaped.
    Text(String),
    /// An object or a list, as JSON.
    Nested(String),
}

impl Cell {
    /// The value behind a piece of raw JSON.
    pub(crate) fn read(raw: &RawValue) -> Result<Self, serde_json::Error> {
        let json = raw.get();
        Ok(match json.as_bytes().first() {
            Some(b'n') => Self::Null,
            Some(b't') => Self::Flag(true),
            Some(b'f') => Self::Flag(false),
            Some(b'"') => Self::Text(keepable(serde_json::from_str(json)?)),
            Some(b'{' | b'[') => Self::Nested(json.to_owned()),
            _ => Self::Number(json.to_owned()),
        })
    }

    /// The letters of a text or a number; `None` where nothing is there.
    pub(crate) fn letters(&self) -> Option<&str> {
        match self {
            Self::Number(letters) | Self::Text(letters) if !letters.is_empty() => Some(letters),
            Self::Flag(true) => Some("true"),
            Self::Flag(false) => Some("false"),
            Self::Null | Self::Number(_) | Self::Text(_) | Self::Nested(_) => None,
        }
    }

    /// Yes or no, however the build spells it; `None` where it is neither.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            Self::Number(letters) | Self::Text(letters) => {
                match letters.trim().to_ascii_lowercase().as_str() {
                    "t" | "true" | "1" | "y" | "yes" => Some(true),
                    "f" | "false" | "0" | "n" | "no" => Some(false),
                    _ => None,
                }
            }
            Self::Null | Self::Nested(_) => None,
        }
    }
}
