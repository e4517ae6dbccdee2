//! Why a record is not as agreed. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use domain::System;
use store::{contents::Cause, gap::Gap};
use sync::clocks::SKEW;

/// What was changed so shortly ago is nobody's fault yet: its event is on its way, or the next incremental sweep finds it.
pub(super) const FRESH: TimeDelta = TimeDelta::minutes(10);

/// The cause, by when the record was last changed as its system tells it, put into our own time, and when its pair was last
/// looked at; `None` where its event may be on its way yet.
pub(super) fn cause(
    changed: Option<DateTime<Utc>>,
    agreed: DateTime<Utc>,
    gaps: &[Gap],
    (on, now): (System, DateTime<Utc>),
) -> Option<Cause> {
    let Some(changed) = changed else {
        return Some(Cause::Unexplained);
    };
    if changed > now - FRESH {
        return None;
    }
    if changed < agreed - SKEW {
        return Some(Cause::Unexplained);
    }
    let is_in = |gap: &&Gap| {
        let over = gap.until.unwrap_or(now);
        gap.system == on && (gap.since - SKEW..=over + SKEW).contains(&changed)
    };
    Some(match gaps.iter().find(is_in) {
        Some(_) => Cause::Outage,
        None => Cause::Missed,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(minute * 60, 0).unwrap()
    }

    fn gap(system: System, since: i64, until: Option<i64>) -> Gap {
        Gap {
            id: Uuid::nil(),
            system,
            kind: None,
            reason: "ingress was away".to_owned(),
            since: at(since),
            until: until.map(at),
            opened_at: at(since),
            missed: None,
            found: None,
            closed_at: None,
        }
    }

    #[test]
    fn a_cause_is_known_by_when_a_record_was_changed() {
        let on = System::Autotask;
        let gaps = [
            gap(on, 100, Some(140)),
            gap(System::Jim2, 200, Some(300)),
            gap(on, 400, None),
        ];
        let agreed = at(50);
        for (changed, expected) in [
            (None, Some(Cause::Unexplained)),
            (Some(10), Some(Cause::Unexplained)),
            (Some(47), Some(Cause::Unexplained)),
            (Some(49), Some(Cause::Missed)),
            (Some(97), Some(Cause::Missed)),
            (Some(98), Some(Cause::Outage)),
            (Some(142), Some(Cause::Outage)),
            (Some(143), Some(Cause::Missed)),
            (Some(250), Some(Cause::Missed)),
            (Some(450), Some(Cause::Outage)),
            (Some(490), Some(Cause::Outage)),
            (Some(491), None),
        ] {
            let found = cause(changed.map(at), agreed, &gaps, (on, at(500)));
            assert_eq!(found, expected, "{changed:?}");
        }
    }
}
