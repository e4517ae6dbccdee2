//! What waits for a time, and what is gone meanwhile, in sentences.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use domain::System;
use sync::clocks::SKEW;

use super::Status;

/// How many of the values that are gone are named.
const NAMED: usize = 5;

/// Quiet hours, and books that are frozen.
pub(super) fn about_times(status: &Status, zone: Tz, plain: &mut Vec<String>) {
    let local = |at: DateTime<Utc>| {
        at.with_timezone(&zone)
            .format("%a %-d %b %H:%M")
            .to_string()
    };
    if let Some(until) = status.quiet_until {
        plain.push(format!(
            "Quiet hours (quiet_hours): nothing is written to either system before {}; events are collected, and go on by \
             themselves then. Sooner: crossbill settings unset quiet_hours",
            local(until)
        ));
    }
    if let Some(until) = status.frozen_until {
        plain.push(format!(
            "The books are frozen (billing_freeze): no line is written to jobs before {}; what is posted is held, and goes on \
             by itself then",
            local(until)
        ));
    }
}

/// A clock that is further off ours than clocks are.
pub(super) fn about_clock((system, ahead): &(System, i64)) -> Option<String> {
    let is_behind = if *ahead > 0 { "behind" } else { "ahead of" };
    (ahead.unsigned_abs() > SKEW.num_seconds().unsigned_abs()).then(|| {
        format!(
            "{system}'s clock is {} min {is_behind} ours: sweeps look back by as much more. Next: set the clock right that is \
             wrong, of this machine or of {system}'s server",
            (ahead.unsigned_abs() + 30) / 60
        )
    })
}

/// Values that mappings speak of and that are gone.
pub(super) fn about_gone(gone: &[String]) -> Option<String> {
    let named = gone.iter().take(NAMED).cloned().collect::<Vec<_>>();
    let more = if gone.len() > NAMED { ", …" } else { "" };
    (!gone.is_empty()).then(|| {
        format!(
            "{} mapped values are gone from their system: {}{more}. Their mappings stay, and what stands for one is held. Next: \
             crossbill lookups list, then bring each back, or say what stands for what with crossbill lookups set",
            gone.len(),
            named.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_told_of_only_where_it_is_further_off_than_clocks_are() {
        let says = |ahead| about_clock(&(System::Jim2, ahead));
        assert_eq!(says(120), None);
        assert_eq!(says(-120), None);
        let behind = says(14 * 60 + 5).unwrap();
        assert!(
            behind.starts_with("Jim2's clock is 14 min behind ours"),
            "{behind}"
        );
        assert!(!behind.contains("  "), "{behind}");
        let ahead = says(-121).unwrap();
        assert!(
            ahead.starts_with("Jim2's clock is 2 min ahead of ours"),
            "{ahead}"
        );
    }
}
