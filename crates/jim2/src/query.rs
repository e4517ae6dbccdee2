//! The named queries Crossbill asks for: their names and columns are the contract.

mod table;

/// A named query. Its name and its columns are the contract with whoever installs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// The name it is installed under.
    pub name: &'static str,
    /// The name of the call in spans and metrics.
    pub(crate) operation: &'static str,
    /// Its parameters, in words for whoever installs it.
    pub asks: &'static str,
    /// Its result sets, in words for whoever installs it: a column and its type, a comma, the next. What a set is stands
    /// before a colon, where there is something to say.
    pub answers: &'static [&'static str],
    /// Parameters that ask for next to nothing.
    pub(crate) harmless: &'static [&'static str],
    /// How many keys one call takes, so that its address stays below what servers accept.
    pub(crate) keys_a_call: usize,
    /// Whether a site that lacks it does all else with the others: only one kind asks for it, which is then read by the
    /// API, or not carried, or waits.
    pub is_optional: bool,
    /// Columns of its only result set that came with a later request: a site without them does all but what they tell.
    later: &'static str,
}

impl Query {
    /// The columns of each of its result sets that it must have.
    pub(crate) fn columns(self) -> Vec<Vec<String>> {
        let is_later = |column: &str| self.later.split(' ').any(|later| later == column);
        let must = |set: &&str| {
            let mut columns = columns(set);
            columns.retain(|column| !is_later(column));
            columns
        };
        self.answers.iter().map(must).collect()
    }

    /// The column of its first result set without which its rows are no records.
    pub(crate) fn key(self) -> String {
        let first = self.answers.first().map(|set| columns(set));
        let key = first.and_then(|columns| columns.into_iter().next());
        key.expect("every query has a result set with columns")
    }
}

/// The columns of a result set that is told in words: of each part, the first word.
fn columns(set: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let outside = |letter: &char| {
        depth += i32::from(*letter == '(');
        let is_outside = depth == 0;
        depth -= i32::from(*letter == ')');
        is_outside
    };
    let plain: String = set.chars().filter(outside).collect();
    let parts = plain.split_once(": ").map_or(&*plain, |(_, parts)| parts);
    let words = parts
        .split(',')
        .filter_map(|part| part.split_whitespace().next());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_querys_columns_are_those_it_is_told_to_have_but_for_later_ones() {
        assert_eq!(
            Query::CHANGES.columns(),
            [
                vec!["SafeMark", "DatabaseId", "Epoch"],
                vec![
                    "Position",
                    "Object",
                    "ObjectKey",
                    "Operation",
                    "ChangedAt",
                    "ChangedBy"
                ]
            ]
        );
        let jobs = Query::JOBS.columns();
        assert_eq!(jobs[0].len(), 26);
        assert!(!jobs[0].contains(&"SerialNo".to_owned()), "{jobs:?}");
        assert_eq!(
            Query::LISTS.columns(),
            [["List", "Code", "Label", "Active", "Extra"]]
        );
        assert_eq!(Query::INVOICED_JOBS.key(), "InvNo");
        assert_eq!(Query::JOBS.key(), "JobNo");
    }

    #[test]
    fn every_query_is_named_once_and_asked_for_with_as_many_parameters_as_it_is_told_to_have() {
        for (index, query) in Query::ALL.into_iter().enumerate() {
            let told = query.asks.matches("qp").count();
            assert_eq!(query.harmless.len(), told, "{}", query.name);
            let word = query.name.strip_prefix("crossbill_").unwrap();
            assert_eq!(query.operation, format!("jim2.query.{word}"));
            let mut others = Query::ALL.iter().take(index);
            assert!(
                others.all(|other| other.name != query.name),
                "{}",
                query.name
            );
        }
    }
}
