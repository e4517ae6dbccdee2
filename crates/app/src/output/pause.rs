//! What going on would set in motion, for people.

use domain::System;

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
    ) + &format!("\n{}", most(waiting))
        + "\nMost events change records that are there, or nothing; what one comes to is known when both sides are read."
}

/// What can be made at most, in the words of each system.
fn most(waiting: &[Waiting]) -> String {
    let counts = waiting.iter().flat_map(|kind| {
        System::BOTH.into_iter().map(|on| {
            let most = kind
                .at_most_in(on)
                .map_or_else(|| "?".to_owned(), |most| most.to_string());
            match (kind.kind.as_str(), on) {
                ("ticket", System::Jim2) => format!("{most} jobs"),
                ("company", System::Jim2) => format!("{most} cardfiles"),
                ("company", System::Autotask) => format!("{most} companies"),
                ("ticket", System::Autotask) => format!("{most} tickets"),
                (other, on) => format!("{most} {other}s in {on}"),
            }
        })
    });
    let counts: Vec<String> = counts.collect();
    format!("At most {} are made from what waits.", counts.join(", "))
}
