//! A number by its letters, to tell whether another form of it is the same to the last digit.

/// A decimal number of any length, without a sign for zero and without zeros that say nothing.
#[derive(Debug, PartialEq, Eq)]
pub struct Number {
    is_negative: bool,
    digits: String,
    /// How many zeros follow the digits; negative where the point stands before their end.
    zeros: i64,
}

impl Number {
    /// Reads `-12.50` and `1.25e1`; `None` where it is no number.
    pub fn read(text: &str) -> Option<Self> {
        let (base, exponent) = match text.split_once(['e', 'E']) {
            Some((base, exponent)) => (base, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let is_negative = base.starts_with('-');
        let base = base.strip_prefix(['-', '+']).unwrap_or(base);
        let (whole, fraction) = base.split_once('.').unwrap_or((base, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let significant = all.trim_start_matches('0').trim_end_matches('0');
        if significant.is_empty() {
            return Some(Self {
                is_negative: false,
                digits: String::new(),
                zeros: 0,
            });
        }
        let trailing = all.len() - all.trim_end_matches('0').len();
        let places = i64::try_from(trailing).ok()? - i64::try_from(fraction.len()).ok()?;
        Some(Self {
            is_negative,
            digits: significant.to_owned(),
            zeros: places + i64::from(exponent),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_number_are_the_same_and_a_lost_digit_is_another() {
        for (one, other) in [
            ("12.50", "12.5"),
            ("1.25e1", "12.5"),
            ("100", "1E+2"),
            ("-0", "0.000"),
            ("007", "7"),
        ] {
            assert_eq!(Number::read(one), Number::read(other), "{one} {other}");
            assert!(Number::read(one).is_some(), "{one}");
        }
        let long = "0.12345678901234567890123456789012345";
        assert_ne!(Number::read(long), Number::read(&long[..30]));
        assert_ne!(Number::read("1"), Number::read("-1"));
        for nonsense in ["", "-", ".", "1,5", "0x1", "1e", "one"] {
            assert_eq!(Number::read(nonsense), None, "{nonsense}");
        }
    }
}
