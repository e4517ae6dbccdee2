//! Pairs for people.

use store::PairRow;

use super::table::{shortened, table};

/// A page of pairs.
pub(crate) fn pairs(rows: &[PairRow]) -> String {
    if rows.is_empty() {
        return "No such pairs.".to_owned();
    }
    let id = |id: &Option<domain::RecordId>| {
        id.as_ref()
            .map_or_else(|| "–".to_owned(), ToString::to_string)
    };
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                row.kind.to_string(),
                id(&row.autotask_id),
                id(&row.jim2_id),
                row.state.as_str().to_owned(),
                shortened(&row.label, 60),
                row.changed_at.format("%Y-%m-%d %H:%M UTC").to_string(),
            ]
        })
        .collect();
    table(
        ["KIND", "AUTOTASK", "JIM2", "STATE", "NAME", "CHANGED"],
        &rows,
    )
}
