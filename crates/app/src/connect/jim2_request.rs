//! The request to Happen for the named queries: what each is called, asks for and answers.

use jim2::{Query, QueryState};

/// What to write to Happen about the queries that are missing or lack columns.
pub(super) fn text(lacking: &[(Query, &QueryState)]) -> String {
    let mut lines = vec![
        "Happen support: please install these named queries for the Web API of our Jim2 database, read-only, for \
         GET api/v1/custom/getdata?queryname=…:"
            .to_owned(),
    ];
    for (query, state) in lacking {
        let wanted = match state {
            QueryState::Lacks(columns) => format!("is there but lacks {}", columns.join(", ")),
            QueryState::Missing | QueryState::Ready => query.answers.join("; "),
        };
        lines.push(format!("{} ({}): {wanted}", query.name, query.asks));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_asked_for_in_whole_and_what_lacks_columns_by_those() {
        let lacks = QueryState::Lacks(vec!["Epoch".to_owned()]);
        let text = text(&[
            (Query::LISTS, &QueryState::Missing),
            (Query::CHANGES, &QueryState::Missing),
            (Query::SYSTEM, &lacks),
        ]);
        for line in [
            "crossbill_lists (none): List (JobStatus",
            "DatabaseId, Epoch int, OldestPosition bigint (the lowest",
            "Training bit; second set, ascending: Position bigint, Object (Job",
            "crossbill_system (none): is there but lacks Epoch",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }
}
