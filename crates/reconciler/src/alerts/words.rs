//! Numbers, money and times as people read them.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rust_decimal::Decimal;
use store::gap::Gap;

/// Money without GST: `$4,310.20 ex GST`.
pub(super) fn money(net: Decimal) -> String {
    let text = format!("{:.2}", net.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if net.is_sign_negative() { "-" } else { "" };
    format!("{sign}${}.{cents} ex GST", grouped(whole))
}

/// Digits, three at a time.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// So many of something: `1 record`, `12 records`.
pub(super) fn counted(count: i64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// A time by the site's clocks: `Fri 27 Nov 14:02`.
pub(super) fn time(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone)
        .format("%a %-d %b %H:%M")
        .to_string()
}

/// A word at the beginning of a sentence.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    first
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A gap as a sentence, such as `2026-11-27 14:02 to 14:31, ticket in Autotask: …; 17 calls missed; 23 records looked at
/// again; complete`.
pub fn sentence(gap: &Gap, zone: Tz) -> String {
    let kind = gap.kind.as_ref().map_or("all kinds", |kind| kind.as_str());
    let mut parts = vec![format!(
        "{}, {kind} in {}: {}",
        span(gap.since, gap.until, zone),
        gap.system,
        gap.reason.trim_end_matches('.')
    )];
    let missed = gap.missed.map(|missed| counted(missed, "call"));
    parts.extend(missed.map(|missed| format!("{missed} missed")));
    let found = gap.found.map(|found| counted(found, "record"));
    parts.extend(found.map(|found| format!("{found} looked at again")));
    let state = match (gap.until, gap.closed_at) {
        (_, Some(_)) => "complete",
        (Some(_), None) => "open until the next sweep",
        (None, None) => "it lasts",
    };
    parts.push(state.to_owned());
    parts.join("; ")
}

fn span(since: DateTime<Utc>, until: Option<DateTime<Utc>>, zone: Tz) -> String {
    let since = since.with_timezone(&zone);
    let from = since.format("%Y-%m-%d %H:%M");
    match until.map(|until| until.with_timezone(&zone)) {
        None => format!("{from} until now"),
        Some(until) if until.date_naive() == since.date_naive() => {
            format!("{from} to {}", until.format("%H:%M"))
        }
        Some(until) => format!("{from} to {}", until.format("%Y-%m-%d %H:%M")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_to_the_cent_and_in_thousands() {
        for (net, told) in [
            ("4310.2", "$4,310.20 ex GST"),
            ("1234567", "$1,234,567.00 ex GST"),
            ("999.99", "$999.99 ex GST"),
            ("-1000", "-$1,000.00 ex GST"),
            ("0.5", "$0.50 ex GST"),
        ] {
            assert_eq!(money(net.parse().unwrap()), told);
        }
    }
}
