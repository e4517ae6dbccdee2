//! Australian Business Numbers: eleven digits, however people space them.

use domain::Value;

/// The weights of the eleven digits.
const WEIGHTS: [u32; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];

/// The digits of an ABN, however it is written (`ABN 51 824 753 556`, `51-824-753-556`), and any other number without
/// blanks; one with letters (of a foreign business) stays as it is written.
pub(crate) fn plain(number: &Value) -> Value {
    let text = number.as_text().unwrap_or_default().trim();
    let compact: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let letters: String = text
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    if digits.len() == WEIGHTS.len() && (letters.is_empty() || letters.eq_ignore_ascii_case("ABN"))
    {
        Value::text(digits)
    } else if compact == digits {
        Value::text(compact)
    } else {
        Value::text(text)
    }
}

/// Whether this is an ABN by its length, so that its check digits can be looked at.
pub(crate) fn is_one(number: &str) -> bool {
    number.len() == WEIGHTS.len() && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// The ways in which people write a number: as it is, and an ABN also in groups (`51 824 753 556`).
pub(crate) fn spellings(number: &str) -> Vec<String> {
    let mut spellings = vec![number.to_owned()];
    if is_one(number) {
        let groups = [&number[..2], &number[2..5], &number[5..8], &number[8..]];
        spellings.push(groups.join(" "));
    }
    spellings
}

/// Whether the check digits of an ABN are right.
pub(crate) fn is_right(number: &str) -> bool {
    let digits: Vec<u32> = number
        .chars()
        .filter_map(|letter| letter.to_digit(10))
        .collect();
    if digits.len() != WEIGHTS.len() || digits[0] == 0 {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, by)| digit * by)
        .sum();
    // The first digit counts one less.
    (sum - WEIGHTS[0]).is_multiple_of(89)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abn_is_its_digits_and_any_other_number_stays() {
        for (written, expected) in [
            (" 51 824 753 556", "51824753556"),
            ("51824753556", "51824753556"),
            ("ABN 51 824 753 556", "51824753556"),
            ("A.B.N. 51-824-753-556", "51824753556"),
            ("9429 1", "94291"),
            ("IT 01234567890", "IT 01234567890"),
            ("NZBN 94290 1", "NZBN 94290 1"),
            ("", ""),
        ] {
            assert_eq!(plain(&written.into()), Value::text(expected), "{written}");
        }
    }

    #[test]
    fn an_abn_is_asked_for_as_people_write_it() {
        assert_eq!(spellings("51824753556"), ["51824753556", "51 824 753 556"]);
        assert_eq!(spellings("NZBN 94290"), ["NZBN 94290"]);
    }

    #[test]
    fn the_check_digits_catch_a_slip() {
        for (number, right) in [
            ("51824753556", true),
            ("51824753565", false),
            ("5182475355", false),
            ("00000000000", false),
        ] {
            assert_eq!(is_right(number), right, "{number}");
        }
    }
}
