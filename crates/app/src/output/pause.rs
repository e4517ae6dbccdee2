//! What going on would set in motion, for people.

use super::table::table;
use crate::operate::pause::Waiting;

/// What waits, kind by kind.
pub(crate) fn waiting(waiting: &[Waiting]) -> String {
    let rows: Vec<_> = waiting
        .iter()
        .map(|kind| {
            let making: Vec<String> = kind
                .switches
                .iter()
                .map(|switch| {
                    let on = switch.direction.target();
                    match (switch.create_enabled, switch.brake_at) {
                        (false, _) => format!("none in {on}"),
                        (true, None) => format!("in {on} ({} so far)", switch.created),
                        (true, Some(brake)) => {
                            format!("in {on} ({} of the first {brake})", switch.created)
                        }
                    }
                })
                .collect();
            [
                kind.kind.to_string(),
                kind.queued
                    .map_or_else(|| "?".to_owned(), |queued| queued.to_string()),
                kind.held.to_string(),
                kind.paired.to_string(),
                kind.at_most()
                    .map_or_else(|| "?".to_owned(), |at_most| format!("up to {at_most}")),
                if making.is_empty() {
                    "none".to_owned()
                } else {
                    making.join(", ")
                },
            ]
        })
        .collect();
    table(
        [
            "KIND",
            "EVENTS WAITING",
            "HELD",
            "PAIRED",
            "NEW RECORDS FROM THEM",
            "MAY BE MADE",
        ],
        &rows,
    ) + "\nMost events change records that are there, or nothing; what one comes to is known when both sides are read."
}
