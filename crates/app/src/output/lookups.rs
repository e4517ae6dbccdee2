//! Lists and decisions for people.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use store::lookup::Matched;

use super::table::table;
use crate::operate::lookups::{Decided, Line};

/// Values with what each stands for; what is gone is marked, in the site's time.
pub(crate) fn lines(lines: &[Line], zone: Tz) -> String {
    if lines.is_empty() {
        return "No such values.".to_owned();
    }
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let to = match &line.decision {
                None => "nothing yet".to_owned(),
                Some(decision) => match (&decision.to, &decision.to_label) {
                    (None, _) => "(leave)".to_owned(),
                    (Some(to), Some(label)) if to != label => format!("{label} ({to})"),
                    (Some(to), _) => to.clone(),
                },
            };
            let to_gone_at = line.decision.as_ref().and_then(|it| it.to_gone_at);
            let to = to + &gone(to_gone_at, zone);
            let decision = line.decision.as_ref();
            let path = decision.and_then(|decision| decision.path.clone());
            let name = if line.label == line.value {
                line.label.clone()
            } else {
                format!("{} ({})", line.label, line.value)
            };
            let name = name + &gone(line.gone_at, zone);
            [
                line.list.clone(),
                line.system.to_string(),
                name,
                to,
                path.unwrap_or_default(),
                decision.map_or_else(String::new, |decision| decision.by.clone()),
            ]
        })
        .collect();
    table(
        [
            "LIST",
            "SYSTEM",
            "VALUE",
            "STANDS FOR",
            "BY WAY OF",
            "DECIDED BY",
        ],
        &rows,
    )
}

/// What is said behind a value that is gone.
fn gone(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    let local = at.map(|at| at.with_timezone(&zone));
    local.map_or_else(String::new, |at| {
        format!(" - gone since {}", at.format("%Y-%m-%d %H:%M"))
    })
}

/// What matching by name came to.
pub(crate) fn matched(lists: &[(String, Matched)]) -> String {
    if lists.is_empty() {
        return "There are no lists yet. Next: crossbill connect".to_owned();
    }
    let rows: Vec<_> = lists
        .iter()
        .map(|(list, came)| {
            [
                list.clone(),
                came.matched.to_string(),
                came.unmatched.to_string(),
            ]
        })
        .collect();
    table(["LIST", "MATCHED NOW", "STILL OPEN"], &rows)
}

/// What an import would change.
pub(crate) fn changes(decided: &[Decided]) -> String {
    let rows: Vec<_> = decided
        .iter()
        .map(|Decided { row, .. }| {
            [
                row.list.clone(),
                row.system.to_string(),
                row.value.clone(),
                row.to_value.clone().unwrap_or_else(|| "(leave)".to_owned()),
                row.path.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let unchecked: BTreeSet<&String> = decided.iter().flat_map(|one| &one.unchecked).collect();
    let mut lines = vec![table(
        ["LIST", "SYSTEM", "VALUE", "STANDS FOR", "BY WAY OF"],
        &rows,
    )];
    lines.extend(unchecked.into_iter().map(|why| format!("Note: {why}.")));
    lines.join("\n")
}
