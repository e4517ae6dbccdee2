//! Values of switches that clap does not read by itself.

use std::collections::BTreeSet;
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
    use super::{pair, set};

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
