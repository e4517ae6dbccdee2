//! What a pass has found: the news of it, one event a record.

use std::collections::{BTreeMap, HashMap};

use autotask::Changed;
use chrono::{DateTime, Utc};
use domain::{Cause, Event, Floor, Key, Kind, RecordId, System};

/// More than any overlap holds; beyond it, repeating is cheaper than remembering.
const REMEMBERED: usize = 50_000;

/// What was published of a trail with which stamp, so that the overlap is not published at every pass. It is lost with
/// the process, and then all is published once more.
#[derive(Debug, Default)]
pub(super) struct Told(HashMap<i64, Option<DateTime<Utc>>>);

impl Told {
    /// The rows that were not published with this very stamp, and those that may change without one.
    pub(super) fn news(&self, rows: Vec<Changed>) -> Vec<Changed> {
        let is_news = |row: &Changed| row.is_open || self.0.get(&row.row) != Some(&row.at);
        rows.into_iter().filter(is_news).collect()
    }

    /// Remembers what is published by now.
    pub(super) fn remember(&mut self, news: &[Changed]) {
        if self.0.len() + news.len() > REMEMBERED {
            self.0.clear();
        }
        self.0.extend(news.iter().map(|row| (row.row, row.at)));
    }

    /// Forgets what no pass will meet again that looks at stamps from `since` on and at ids above `above`.
    pub(super) fn forget(&mut self, since: DateTime<Utc>, above: Option<i64>) {
        let comes_by_id = |row: i64| above.is_some_and(|above| row > above);
        self.0
            .retain(|row, at| at.is_some_and(|at| at >= since) || comes_by_id(*row));
    }
}

/// An event for each record that the rows are about; those that do not tell theirs are about nothing we could look at.
pub(super) fn events(kind: &Kind, prefix: &str, rows: &[Changed], is_floor: bool) -> Vec<Event> {
    let mut by_key: BTreeMap<Key, Event> = BTreeMap::new();
    for row in rows {
        let Some(about) = row.about else { continue };
        let id = RecordId::from(format!("{prefix}{about}"));
        let event = Event {
            floor: Floor {
                at: row.at.filter(|_| is_floor),
                position: None,
            },
            ..Event::new(Key::new(kind.clone(), System::Autotask, id), Cause::Sweep)
        };
        match by_key.get_mut(&event.key) {
            Some(known) => known.coalesce(event),
            None => {
                by_key.insert(event.key.clone(), event);
            }
        }
    }
    by_key.into_values().collect()
}

/// An event for a record of which no time of a change is told.
pub(super) fn event(kind: &Kind, on: System, id: RecordId) -> Event {
    Event::new(Key::new(kind.clone(), on, id), Cause::Sweep)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: i64, minute: i64) -> Changed {
        Changed {
            row: id,
            about: Some(id),
            at: DateTime::from_timestamp(minute * 60, 0),
            is_open: false,
        }
    }

    fn ids(rows: &[Changed]) -> Vec<i64> {
        rows.iter().map(|row| row.row).collect()
    }

    #[test]
    fn what_was_told_is_news_again_only_with_another_stamp_or_none_that_tells() {
        let mut told = Told::default();
        let open = Changed {
            is_open: true,
            at: None,
            ..row(4, 0)
        };
        let unstamped = Changed {
            at: None,
            ..row(3, 0)
        };
        let rows = vec![row(1, 5), row(2, 5), unstamped, open];
        assert_eq!(told.news(rows.clone()).len(), 4);
        told.remember(&rows);
        assert_eq!(ids(&told.news(rows.clone())), [4]);
        assert_eq!(ids(&told.news(vec![row(1, 6), row(2, 5)])), [1]);

        told.forget(row(0, 6).at.unwrap(), Some(2));
        assert_eq!(ids(&told.news(rows)), [1, 2, 4], "3 comes again by its id");
    }

    #[test]
    fn rows_about_one_record_are_one_event_and_those_about_none_are_none() {
        let about = |row_id: i64, about: Option<i64>| Changed {
            about,
            ..row(row_id, row_id)
        };
        let rows = [about(1, Some(9)), about(2, None), about(3, Some(9))];
        let kind = Kind::new("ticket");
        let told = events(&kind, "", &rows, true);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].floor.at, rows[2].at);
        assert!(told[0].can_wait());
        let told = events(&kind, "invoice:", &rows, false);
        assert!(told[0].floor.is_none());
        assert_eq!(told[0].key.id.as_str(), "invoice:9");
    }
}
