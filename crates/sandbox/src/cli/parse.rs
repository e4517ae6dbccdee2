//! Values of switches that clap does not read by itself.

use std::collections::BTreeSet;
use std::time::Duration;

/// Reads `250ms`, `30s`, `5m` or `1h`; `0` needs no unit.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
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

/// Reads `NAME=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        Some(_) | None => Err(format!("'{text}' is not of the form NAME=VALUE")),
    }
}

/// Splits `A,B`.
pub(crate) fn set(text: &str) -> BTreeSet<String> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, pair, set};

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
    fn pairs_have_two_halves() {
        assert_eq!(
            pair("SERVER=JC,AB"),
            Ok(("SERVER".to_owned(), "JC,AB".to_owned()))
        );
        for wrong in ["SERVER", "=JC", "SERVER="] {
            assert!(pair(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sets_forget_blanks() {
        assert_eq!(set("B, A,,").into_iter().collect::<Vec<_>>(), ["A", "B"]);
    }
}
