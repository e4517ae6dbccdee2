//! What waits for a time, and what is gone meanwhile, in sentences.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

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
