//! How Jim2 names what is a part of another record: a contact `cardno-contno`, a line of a job `jobno-lineid`
//! (jim2help.happen.biz, `api_v1_cardfiles_{cardno}_contacts` and `api_v1_jobs_{jobno}_labour`).

/// The name of part `no` of the record `of`.
pub fn join(of: i64, no: i64) -> String {
    format!("{of}-{no}")
}

/// The record and the part of it that a name means, where it is one: `12-01` is 12 and 1.
pub fn split(text: &str) -> Option<(i64, i64)> {
    let (of, no) = text.trim().split_once('-')?;
    let number = |digits: &str| {
        let is_plain = digits.bytes().all(|digit| digit.is_ascii_digit());
        digits.parse().ok().filter(|_| is_plain)
    };
    Some((number(of)?, number(no)?))
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
        assert_eq!(join(12, 1), "12-1");
    }

    #[test]
    fn a_line_is_named_by_its_job_and_its_number_and_by_nothing_less() {
        assert_eq!(split(&join(5001, 2)), Some((5001, 2)));
        for id in ["5001", "5001-", "-2", "x-2", "5001-2-3"] {
            assert_eq!(split(id), None, "{id}");
        }
    }
}
