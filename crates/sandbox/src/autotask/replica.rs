//! Reading from a replica that lags: what rows were before their latest changes.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::row::Row;
use super::world::World;

/// How many changes are remembered at most; a replica cannot lag behind more.
const MOST_CHANGES: usize = 10_000;

/// What rows were before they were changed, the oldest change first.
#[derive(Debug, Default)]
pub(super) struct Past {
    changes: VecDeque<Was>,
}

/// A row before a change, none where there was no row.
#[derive(Debug)]
struct Was {
    until: DateTime<Utc>,
    plural: &'static str,
    id: i64,
    row: Option<Row>,
}

impl Past {
    /// Remembers what a row was until now.
    pub(super) fn push(
        &mut self,
        now: DateTime<Utc>,
        plural: &'static str,
        id: i64,
        row: Option<Row>,
    ) {
        if self.changes.len() == MOST_CHANGES {
            self.changes.pop_front();
        }
        self.changes.push_back(Was {
            until: now,
            plural,
            id,
            row,
        });
    }
}

/// The rows as a reader sees them.
#[derive(Debug)]
pub(super) struct View<'a> {
    world: &'a World,
    /// Rows that were otherwise, or were not there, at the time that is looked at.
    older: BTreeMap<(&'static str, i64), Option<&'a Row>>,
}

impl<'a> View<'a> {
    /// What there is now, or was so long ago.
    pub(super) fn of(world: &'a World, past: &'a Past, lag: Option<Duration>) -> Self {
        let mut older = BTreeMap::new();
        let lag = lag.and_then(|lag| TimeDelta::from_std(lag).ok());
        let since = lag.and_then(|lag| world.now().checked_sub_signed(lag));
        if let Some(since) = since {
            let newest_first = past.changes.iter().rev();
            for was in newest_first.take_while(|was| was.until > since) {
                older.insert((was.plural, was.id), was.row.as_ref());
            }
        }
        Self { world, older }
    }

    /// One row.
    pub(super) fn row(&self, plural: &'static str, id: i64) -> Option<&'a Row> {
        match self.older.get(&(plural, id)) {
            Some(was) => *was,
            None => self.world.row(plural, id),
        }
    }

    /// Rows by id, ascending.
    pub(super) fn rows(
        &self,
        plural: &'static str,
    ) -> Box<dyn DoubleEndedIterator<Item = (i64, &'a Row)> + 'a> {
        self.rows_above(plural, i64::MIN)
    }

    /// Those with higher ids than this.
    pub(super) fn rows_above(
        &self,
        plural: &'static str,
        id: i64,
    ) -> Box<dyn DoubleEndedIterator<Item = (i64, &'a Row)> + 'a> {
        let now = self.world.rows_above(plural, id);
        let above = (
            Bound::Excluded((plural, id)),
            Bound::Included((plural, i64::MAX)),
        );
        let mut older = self.older.range(above).peekable();
        if older.peek().is_none() {
            return Box::new(now);
        }
        let mut rows: BTreeMap<_, _> = now.map(|(id, row)| (id, Some(row))).collect();
        rows.extend(older.map(|((_, id), row)| (*id, *row)));
        Box::new(rows.into_iter().filter_map(|(id, row)| Some((id, row?))))
    }
}
