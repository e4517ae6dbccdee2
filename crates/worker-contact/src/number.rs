//! How Jim2 numbers people: card and contact, `12-1`.

use domain::RecordId;

/// The card and the contact in it that an id or a reference names, where it is one.
pub(crate) fn split(text: &str) -> Option<(i64, i64)> {
    let (card_no, cont_no) = text.trim().split_once('-')?;
    let number = |digits: &str| {
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse().ok().filter(|_| is_plain)
    };
    Some((number(card_no)?, number(cont_no)?))
}

/// The id of a contact.
pub(crate) fn id(card_no: i64, cont_no: i64) -> RecordId {
    format!("{card_no}-{cont_no}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_two_numbers_joined_by_a_dash_are_ours() {
        for (text, expected) in [
            ("12-1", Some((12, 1))),
            (" 12-01 ", Some((12, 1))),
            ("12", None),
            ("-1", None),
            ("12-", None),
            ("12--1", None),
            ("12-1-1", None),
            ("AAD-5f3c", None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
        assert_eq!(id(12, 1).as_str(), "12-1");
    }
}
