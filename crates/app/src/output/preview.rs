//! A preview for people.

use std::fmt::Write as _;

use super::table::shortened;
use crate::operate::preview::{Preview, Side, Write};

/// How much of a value is shown.
const VALUE: usize = 100;

/// What would be written, and why.
pub(crate) fn preview(preview: &Preview) -> String {
    let mut text = format!(
        "Autotask  {}\nJim2      {}\n\n{}",
        side(preview.autotask.as_ref()),
        side(preview.jim2.as_ref()),
        preview.verdict
    );
    for write in &preview.writes {
        let _infallible = write!(text, "\n  {}", line(write));
    }
    for problem in &preview.problems {
        let _infallible = write!(
            text,
            "\n\nProblem: {}\n  {}: {}\n  {}",
            problem.says,
            problem.remedy.who.as_str(),
            problem.remedy.step,
            if problem.remedy.continues {
                "It continues by itself after that."
            } else {
                "It needs you after that."
            }
        );
    }
    for notice in &preview.notices {
        let _infallible = write!(text, "\n\nNote: {notice}.");
    }
    for remark in &preview.remarks {
        let _infallible = write!(text, "\n\nJust now: {remark}.");
    }
    text
}

fn side(side: Option<&Side>) -> String {
    side.map_or_else(
        || "(nothing)".to_owned(),
        |side| format!("{}  (id {})", side.label, side.id),
    )
}

fn line(write: &Write) -> String {
    let after = shortened(&write.after, VALUE);
    match (&write.field, &write.before) {
        (None, _) => format!("{}: {} {after}", write.system, write.act),
        (Some(field), None) => format!("{}:   {field} = {after}", write.system),
        (Some(field), Some(before)) => format!(
            "{}:   {field}: {} -> {after}",
            write.system,
            shortened(before, VALUE)
        ),
    }
}
