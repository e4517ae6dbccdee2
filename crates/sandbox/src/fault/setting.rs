//! What a fault can be set to: how long, how many, which of a few ways, or whom it concerns.

use std::time::Duration;

use serde_json::{Value, json};

/// The longest that a fault can be set to.
const LONGEST: Duration = Duration::from_hours(24);

/// What kind of setting a fault takes, and what it is set to when nothing is said.
#[derive(Debug)]
pub(crate) enum Takes {
    /// None at all.
    Nothing,
    /// A duration such as `2s`.
    Duration(Duration),
    /// A whole number from the least to the most.
    Number { usual: u64, least: u64, most: u64 },
    /// One of these words, the first when nothing is said.
    Word(&'static [&'static str]),
    /// Names with `+` between them, which must be said.
    Names(&'static str),
}

/// What a fault is set to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Setting {
    Nothing,
    Duration(Duration),
    Number(u64),
    Word(&'static str),
    Names(Vec<String>),
}

impl Takes {
    /// Reads a setting, or tells in words that follow the fault's name what is wrong with it.
    pub(super) fn read(
        &self,
        text: Option<&str>,
        knows: impl Fn(&str) -> bool,
    ) -> Result<Setting, String> {
        let wrong = || format!("takes {}", self.wanted());
        match (self, text) {
            (Self::Nothing, None) => Some(Setting::Nothing),
            (Self::Duration(usual), None) => Some(Setting::Duration(*usual)),
            (Self::Number { usual, .. }, None) => Some(Setting::Number(*usual)),
            (Self::Word(words), None) => words.first().map(|word| Setting::Word(word)),
            (Self::Duration(_), Some(text)) => duration(text)
                .ok()
                .filter(|duration| *duration <= LONGEST)
                .map(Setting::Duration),
            (Self::Number { least, most, .. }, Some(text)) => text
                .parse()
                .ok()
                .filter(|number| (least..=most).contains(&number))
                .map(Setting::Number),
            (Self::Word(words), Some(text)) => words
                .iter()
                .find(|word| **word == text)
                .map(|word| Setting::Word(word)),
            (Self::Names(_), Some(text)) => {
                let names: Vec<_> = text.split('+').map(str::to_owned).collect();
                names
                    .iter()
                    .all(|name| knows(name))
                    .then_some(Setting::Names(names))
            }
            (Self::Nothing, Some(_)) | (Self::Names(_), None) => None,
        }
        .ok_or_else(wrong)
    }

    /// The words of the list, none where there is nothing to set.
    pub(super) fn tell(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Duration(_) | Self::Number { .. } | Self::Word(_) | Self::Names(_) => {
                json!(self.wanted())
            }
        }
    }

    fn wanted(&self) -> String {
        match self {
            Self::Nothing => "no value".to_owned(),
            Self::Duration(usual) => format!("a duration up to 24h ({})", written(*usual)),
            Self::Number { usual, least, most } => {
                format!("a number from {least} to {most} ({usual})")
            }
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Names(example) => format!("names with + between them, such as {example}"),
        }
    }
}

impl Setting {
    /// How long.
    pub(crate) fn duration(&self) -> Duration {
        match self {
            Self::Duration(duration) => *duration,
            Self::Nothing | Self::Number(_) | Self::Word(_) | Self::Names(_) => Duration::ZERO,
        }
    }

    /// How many.
    pub(crate) fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            Self::Nothing | Self::Duration(_) | Self::Word(_) | Self::Names(_) => 0,
        }
    }

    /// Which way.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Word(word) => word,
            Self::Nothing | Self::Duration(_) | Self::Number(_) | Self::Names(_) => "",
        }
    }

    /// The names.
    pub(crate) fn list(&self) -> &[String] {
        match self {
            Self::Names(names) => names,
            Self::Nothing | Self::Duration(_) | Self::Number(_) | Self::Word(_) => &[],
        }
    }

    /// Tells whether it names this, in any letter case.
    pub(crate) fn names(&self, name: &str) -> bool {
        match self {
            Self::Names(names) => names.iter().any(|own| own.eq_ignore_ascii_case(name)),
            Self::Nothing | Self::Duration(_) | Self::Number(_) | Self::Word(_) => false,
        }
    }

    /// The setting as the list tells it.
    pub(super) fn tell(&self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::Duration(duration) => Some(json!(written(*duration))),
            Self::Number(number) => Some(json!(number)),
            Self::Word(word) => Some(json!(word)),
            Self::Names(names) => Some(json!(names.join("+"))),
        }
    }
}

/// Reads `250ms`, `30s`, `5m` or `1h`; `0` needs no unit.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("'{text}' is not a duration such as 250ms, 30s, 5m or 1h");
    let unit_at = text
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(text.len());
    let count: u64 = text[..unit_at].parse().map_err(|_| wrong())?;
    let seconds = |unit: u64| {
        count
            .checked_mul(unit)
            .map(Duration::from_secs)
            .ok_or_else(wrong)
    };
    match &text[unit_at..] {
        "ms" => Ok(Duration::from_millis(count)),
        "s" => seconds(1),
        "m" => seconds(60),
        "h" => seconds(3600),
        "" if count == 0 => Ok(Duration::ZERO),
        _ => Err(wrong()),
    }
}

/// The duration as [`duration`] reads it.
fn written(duration: Duration) -> String {
    match duration.as_millis() {
        millis if millis.is_multiple_of(1000) => format!("{}s", millis / 1000),
        millis => format!("{millis}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("5m"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("0"), Ok(Duration::ZERO));
        for wrong in [
            "",
            "5",
            "-1s",
            "s",
            "5 s",
            "99999999999999999999s",
            "18446744073709551615h",
        ] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_written_duration_is_read_as_the_same() {
        for text in ["250ms", "0s", "90s"] {
            assert_eq!(written(duration(text).unwrap()), text);
        }
    }
}
