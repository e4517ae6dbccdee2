//! What `crossbill gaps` shows.

use chrono_tz::Tz;
use reconciler::alerts::sentence;
use store::gap::Gap;

/// A sentence a gap, the latest first.
pub(crate) fn gaps(gaps: &[Gap], zone: Tz) -> String {
    if gaps.is_empty() {
        return "Nothing that was told of was ever missed, as far as anybody knows.".to_owned();
    }
    let lines: Vec<String> = gaps.iter().map(|gap| sentence(gap, zone)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use domain::{Kind, System};
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn down(until: Option<&str>, closed: Option<&str>) -> Gap {
        Gap {
            id: Uuid::nil(),
            system: System::Autotask,
            kind: Some(Kind::new("ticket")),
            reason: "nobody took webhooks".to_owned(),
            since: at("2026-11-27T03:02:00Z"),
            until: until.map(at),
            opened_at: at("2026-11-27T03:31:00Z"),
            missed: Some(17),
            found: closed.map(|_| 1),
            closed_at: closed.map(at),
        }
    }

    #[test]
    fn a_gap_is_told_with_its_span_what_was_missed_and_whether_all_is_found() {
        let zone = chrono_tz::Australia::Sydney;
        for (gap, told) in [
            (
                down(Some("2026-11-27T03:31:00Z"), Some("2026-11-27T03:33:00Z")),
                "2026-11-27 14:02 to 14:31, ticket in Autotask: nobody took webhooks; 17 calls missed; 1 record looked \
                 at again; complete",
            ),
            (
                down(Some("2026-11-27T13:31:00Z"), None),
                "2026-11-27 14:02 to 2026-11-28 00:31, ticket in Autotask: nobody took webhooks; 17 calls missed; open \
                 until the next sweep",
            ),
            (
                down(None, None),
                "2026-11-27 14:02 until now, ticket in Autotask: nobody took webhooks; 17 calls missed; it lasts",
            ),
        ] {
            assert_eq!(gaps(&[gap], zone), told);
        }
    }
}
