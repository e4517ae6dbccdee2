//! How a product names its stock: in `externalProductID`, by the stock number.
//!
//! The number alone could be anybody's, and a stock code may be all digits, too; so it is written `Jim2 7`. A product in
//! which somebody has put the stock code there is known as well, but it is no reference: codes can be renamed.

use domain::RecordId;

/// What our references begin with.
const OURS: &str = "Jim2 ";

/// The reference to a stock number.
pub fn reference(stock: &RecordId) -> String {
    format!("{OURS}{stock}")
}

/// The stock number that a product names, where what stands there is ours.
pub fn named(text: &str) -> Option<RecordId> {
    let text = text.trim();
    let (begin, number) = text.split_at_checked(OURS.len())?;
    let number: i64 = number.trim().parse().ok()?;
    (begin.eq_ignore_ascii_case(OURS) && number > 0).then(|| number.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_for_jim2_is_a_reference() {
        for (text, stock) in [
            ("Jim2 7", Some("7")),
            (" jim2  12 ", Some("12")),
            ("7", None),
            ("Jim2", None),
            ("Jim2 x", None),
            ("Jim2 -7", None),
            ("SSD.1TB", None),
            ("émail7", None),
        ] {
            let named = named(text);
            assert_eq!(named.as_ref().map(RecordId::as_str), stock, "{text}");
        }
        assert_eq!(named(&reference(&7.into())), Some(7.into()));
    }
}
