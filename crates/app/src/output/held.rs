//! Held items for people.

use std::fmt::Write as _;

use store::held::{Group, HeldRow, OpenProblem, Shown};

use super::table::{shortened, table};
use crate::operate::held::holding_up;

/// How much of a message is shown.
const MESSAGE: usize = 400;

/// What is held, by problem.
pub(crate) fn groups(groups: &[Group]) -> String {
    if groups.is_empty() {
        return "Nothing is held for a problem. (Items without one: crossbill held list --items)"
            .to_owned();
    }
    let texts: Vec<String> = groups
        .iter()
        .map(|group| {
            format!(
                "{}{} held since {}: {}\n{}",
                group.items,
                holding_up(group.net),
                group.since.format("%d %b %H:%M UTC"),
                group.labels.join("; "),
                problem(&group.problem)
            )
        })
        .collect();
    texts.join("\n\n")
}

fn problem(problem: &OpenProblem) -> String {
    format!(
        "  {}\n  {}: {}\n  {}\n  problem {}",
        problem.says,
        capital(&problem.who),
        problem.step,
        if problem.continues {
            "It continues by itself after that."
        } else {
            "It needs you after that: crossbill held replay"
        },
        problem.identity
    )
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// Held items, one row each.
pub(crate) fn items(rows: &[HeldRow]) -> String {
    if rows.is_empty() {
        return "Nothing is held.".to_owned();
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                row.id.to_string(),
                row.kind
                    .as_ref()
                    .map_or_else(|| "–".to_owned(), ToString::to_string),
                shortened(
                    if row.label.is_empty() {
                        "(no record)"
                    } else {
                        &row.label
                    },
                    50,
                ),
                row.since.format("%d %b %H:%M").to_string(),
                row.attempts.to_string(),
                row.net.map_or_else(String::new, |net| format!("{net:.2}")),
                shortened(&row.reason, 80),
            ]
        })
        .collect();
    table(
        [
            "ID",
            "KIND",
            "NAME",
            "SINCE (UTC)",
            "TRIES",
            "$ EX GST",
            "WHY",
        ],
        &rows,
    )
}

/// One held item with all that explains it.
pub(crate) fn shown(shown: &Shown) -> String {
    let item = &shown.item;
    let mut text = format!(
        "{}{}\nheld since {}, tried {} times, last {}\n{}",
        if item.label.is_empty() {
            "(no record)"
        } else {
            &item.label
        },
        holding_up(item.net),
        item.since.format("%Y-%m-%d %H:%M:%S UTC"),
        item.attempts,
        item.last_at.format("%Y-%m-%d %H:%M:%S UTC"),
        item.reason
    );
    if let Some(queue) = &item.queue {
        let _infallible = write!(text, "\ncame from {queue}");
    }
    if let Some(at) = item.archived_at {
        let _infallible = write!(text, "\nput away {}", at.format("%Y-%m-%d %H:%M UTC"));
    }
    for it in &shown.problems {
        let _infallible = write!(text, "\n\n{}", problem(it));
    }
    if !shown.journal.is_empty() {
        text.push_str("\n\nWhat happened, latest first:");
    }
    for record in shown.journal.iter().take(10) {
        let _infallible = write!(
            text,
            "\n  {}  {} ({})",
            record.at.format("%Y-%m-%d %H:%M:%S"),
            record.what.as_str(),
            record.cause
        );
    }
    let message = shortened(&shown.message.to_string(), MESSAGE);
    let _infallible = write!(text, "\n\nA replay sends: {message}");
    text
}
