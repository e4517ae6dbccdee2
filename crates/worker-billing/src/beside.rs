//! What the other lines of a job say against a new one: too much taken off, or typed by a person already. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use crate::source::mark_of;

/// How long before an item was posted a person may have typed it.
const TYPED_WITHIN: TimeDelta = TimeDelta::days(7);

/// A line that is on the job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    pub(crate) stock_code: String,
    pub(crate) description: String,
    /// Initials of who added it.
    pub(crate) by: String,
    pub(crate) added: Option<DateTime<Utc>>,
    /// What it comes to without GST.
    pub(crate) net: Decimal,
}

/// Whether a job still comes to nothing or more with a line of `net` on it; a line that adds is never in doubt.
pub(crate) fn stays_positive(lines: &[Beside], net: Decimal) -> bool {
    net >= Decimal::ZERO
        || lines.iter().map(|line| line.net).sum::<Decimal>() + net >= Decimal::ZERO
}

/// The line of a person that may be this one: the same stock code, within a week of `posted`.
pub(crate) fn typed_already<'a>(
    lines: &'a [Beside],
    stock_code: &str,
    posted: DateTime<Utc>,
    our_initials: &str,
) -> Option<&'a Beside> {
    lines.iter().find(|line| {
        let is_ours = mark_of(&line.description).is_some()
            || line.by.eq_ignore_ascii_case(our_initials) && !our_initials.is_empty();
        let is_near = line
            .added
            .is_none_or(|added| (added - posted).abs() <= TYPED_WITHIN);
        !is_ours && is_near && line.stock_code.eq_ignore_ascii_case(stock_code)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn line(by: &str, code: &str, added: &str, net: i64) -> Beside {
        Beside {
            stock_code: code.to_owned(),
            by: by.to_owned(),
            added: Some(at(added)),
            net: net.into(),
            ..Beside::default()
        }
    }

    #[test]
    fn a_credit_never_makes_a_job_come_to_less_than_nothing() {
        let lines = [line("API", "PARTS", "2026-11-20T00:00:00Z", 100)];
        for (net, expected) in [(-100, true), (-101, false), (5, true)] {
            assert_eq!(
                stays_positive(&lines, Decimal::from(net)),
                expected,
                "{net}"
            );
        }
        assert!(stays_positive(&[], Decimal::ZERO));
        assert!(!stays_positive(&[], Decimal::NEGATIVE_ONE));
    }

    #[test]
    fn what_a_person_typed_is_not_billed_a_second_time_unasked() {
        let posted = at("2026-11-20T00:00:00Z");
        let typed = |line: Beside| typed_already(&[line], "parts", posted, "API").is_some();
        assert!(typed(line("JC", "PARTS", "2026-11-14T00:00:00Z", 10)));
        assert!(typed(line("JC", "PARTS", "2026-11-26T00:00:00Z", 10)));
        assert!(
            !typed(line("JC", "PARTS", "2026-11-12T00:00:00Z", 10)),
            "long before"
        );
        assert!(
            !typed(line("JC", "TRAVEL", "2026-11-20T00:00:00Z", 10)),
            "something else"
        );
        assert!(
            !typed(line("API", "PARTS", "2026-11-20T00:00:00Z", 10)),
            "ours"
        );
        let marked = Beside {
            description: "Toner [AT C1.1]".to_owned(),
            ..line("JC", "PARTS", "2026-11-20T00:00:00Z", 10)
        };
        assert!(!typed(marked), "ours, and touched by a person since");
    }
}
