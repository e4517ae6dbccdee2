//! The change table: positions are given when a row is inserted, rows show when their transaction commits.
//!
//! A reader is safe up to the lowest position still open, less one, as with SQL Server's
//! `MIN_ACTIVE_ROWVERSION`; a reader that goes by the highest visible position loses rows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

/// The record types whose changes are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Object {
    Job,
    JobComment,
    JobStock,
    JobLabour,
    CardFile,
    CardFileContact,
    CardFileNote,
    Invoice,
    Project,
    Asset,
    Stock,
}

impl Object {
    /// Name in the change table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Job => "Job",
            Self::JobComment => "JobComment",
            Self::JobStock => "JobStock",
            Self::JobLabour => "JobLabour",
            Self::CardFile => "CardFile",
            Self::CardFileContact => "CardFileContact",
            Self::CardFileNote => "CardFileNote",
            Self::Invoice => "Invoice",
            Self::Project => "Project",
            Self::Asset => "Asset",
            Self::Stock => "Stock",
        }
    }
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Insert,
    Update,
    Delete,
}

impl Operation {
    /// Letter in the change table.
    pub(crate) const fn letter(self) -> &'static str {
        match self {
            Self::Insert => "I",
            Self::Update => "U",
            Self::Delete => "D",
        }
    }
}

/// A committed row of the change table.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) position: i64,
    pub(crate) object: Object,
    pub(crate) key: String,
    pub(crate) operation: Operation,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: String,
}

/// A transaction that has inserted its first row and not committed yet.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// Position of its first row.
    pub(crate) position: i64,
    /// When it was opened.
    pub(crate) opened: DateTime<Utc>,
    /// When it commits by itself; none for when somebody releases it.
    pub(crate) until: Option<DateTime<Utc>>,
    /// What it will have done: `/sandbox/create|edit|delete` and its body.
    pub(crate) act: Option<(String, Value)>,
}

/// The change table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    last: i64,
    rows: BTreeMap<i64, Change>,
    open: BTreeMap<i64, Held>,
    committing: Option<Held>,
}

impl Changes {
    /// Writes a row of a transaction that commits at once.
    pub(crate) fn record(
        &mut self,
        object: Object,
        key: String,
        operation: Operation,
        by: &str,
        now: DateTime<Utc>,
    ) {
        let (position, at) = match self.committing.take() {
            Some(held) => {
                self.open.remove(&held.position);
                (held.position, held.opened)
            }
            None => (self.next(), now),
        };
        let by = by.to_owned();
        self.rows.insert(
            position,
            Change {
                position,
                object,
                key,
                operation,
                at,
                by,
            },
        );
    }

    /// The highest position below which nothing can appear any more.
    pub(crate) fn safe_mark(&self) -> i64 {
        self.open
            .keys()
            .next()
            .map_or(self.last, |position| position - 1)
    }

    /// The lowest position that is still there.
    pub(crate) fn oldest(&self) -> Option<i64> {
        self.rows.keys().next().copied()
    }

    /// Cleans the table: what was written before `since` goes, and all but the latest `rows`. Answers how many rows went.
    pub(crate) fn clean(&mut self, since: Option<DateTime<Utc>>, rows: Option<usize>) -> usize {
        let before = self.rows.len();
        if let Some(since) = since {
            self.rows.retain(|_, row| row.at >= since);
        }
        if let Some(rows) = rows {
            while self.rows.len() > rows {
                self.rows.pop_first();
            }
        }
        before - self.rows.len()
    }

    /// At most `max` rows after `cursor` and up to `mark`, in order.
    pub(crate) fn between(
        &self,
        cursor: i64,
        mark: i64,
        max: usize,
    ) -> impl Iterator<Item = &Change> {
        let rows = (cursor < mark).then(|| self.rows.range(cursor + 1..=mark));
        rows.into_iter().flatten().map(|(_, row)| row).take(max)
    }

    /// Opens a transaction that takes a position now and commits later.
    pub(crate) fn hold(
        &mut self,
        opened: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
        act: Option<(String, Value)>,
    ) -> i64 {
        let position = self.next();
        let held = Held {
            position,
            opened,
            until,
            act,
        };
        self.open.insert(position, held);
        position
    }

    /// Begins to end an open transaction: the next row takes the position it holds, and until then it stays open.
    pub(crate) fn commit(&mut self, position: i64) -> Option<Held> {
        let held = self.open.get(&position)?;
        self.committing = Some(held.clone());
        self.committing.clone()
    }

    /// Gives up what a committed transaction reserved and did not use: a gap, as a rollback leaves.
    pub(crate) fn committed(&mut self, position: i64) {
        self.open.remove(&position);
        self.committing.take_if(|held| held.position == position);
    }

    /// Gives up every open transaction, as a backup does.
    pub(crate) fn roll_back(&mut self) {
        self.open.clear();
        self.committing = None;
    }

    /// The open transactions, oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Held> {
        self.open.values()
    }

    fn next(&mut self) -> i64 {
        self.last += 1;
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(changes: &mut Changes, key: &str) {
        changes.record(
            Object::Job,
            key.into(),
            Operation::Update,
            "JC",
            DateTime::UNIX_EPOCH,
        );
    }

    fn keys(changes: &Changes, cursor: i64) -> Vec<&str> {
        changes
            .between(cursor, changes.safe_mark(), 100)
            .map(|row| row.key.as_str())
            .collect()
    }

    #[test]
    fn an_open_transaction_hides_later_rows_from_a_safe_reader() {
        let mut changes = Changes::default();
        record(&mut changes, "1");
        let open = changes.hold(DateTime::UNIX_EPOCH, None, None);
        record(&mut changes, "3");
        assert_eq!(keys(&changes, 0), ["1"]);

        changes.commit(open);
        record(&mut changes, "2");
        changes.committed(open);
        assert_eq!(keys(&changes, 1), ["2", "3"]);
    }

    #[test]
    fn a_transaction_that_wrote_nothing_leaves_a_gap() {
        let mut changes = Changes::default();
        let open = changes.hold(DateTime::UNIX_EPOCH, None, None);
        changes.commit(open);
        changes.committed(open);
        record(&mut changes, "after");
        assert_eq!(changes.safe_mark(), 2);
        assert_eq!(keys(&changes, 0), ["after"]);
    }

    #[test]
    fn a_cursor_ahead_of_the_table_reads_nothing() {
        let mut changes = Changes::default();
        record(&mut changes, "1");
        assert_eq!(keys(&changes, 9), [""; 0]);
    }
}
