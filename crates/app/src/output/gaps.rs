//! What `crossbill gaps` shows.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::gap::Gap;

/// A sentence a gap, the latest first.
pub(crate) fn gaps(gaps: &[Gap], zone: Tz) -> String {
    if gaps.is_empty() {
        return "Nothing that was told of was ever missed, as far as anybody knows.".to_owned();
    }
    let lines: Vec<String> = gaps.iter().map(|gap| sentence(gap, zone)).collect();
    lines.join("\n")
}

/// Such as `2026-11-27 14:02 to 14:31, ticket in Autotask: …; 17 calls missed; 23 records looked at again; complete`.
fn sentence(gap: &Gap, zone: Tz) -> String {
    let kind = gap.kind.as_ref().map_or("all kinds", |kind| kind.as_str());
    let mut parts = vec![format!(
        "{}, {kind} in {}: {}",
        span(gap.since, gap.until, zone),
        gap.system,
        gap.reason.trim_end_matches('.')
    )];
    parts.extend(gap.missed.map(|missed| counted(missed, "call", "missed")));
    let found = gap.found;
    parts.extend(found.map(|found| counted(found, "record", "looked at again")));
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

fn counted(count: i64, what: &str, done: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural} {done}")
}

#[cfg(test)]
mod tests {
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
