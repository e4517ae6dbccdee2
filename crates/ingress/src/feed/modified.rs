//! Jobs and cardfiles by `LastModified`, for sites without the named queries. It tells no deletions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::{Cause, Event, Evidence, Floor, Key, RecordId, System, Told};
use store::cursor::{self, Position};

use super::{Feed, MODIFIED_CURSOR, look, window};
use crate::{
    kind::{COMPANY, CONTACT, TICKET},
    metrics as names,
    pace::Look,
    trouble::Trouble,
};

/// More than any overlap holds; beyond it, repeating is cheaper than remembering.
const REMEMBERED: usize = 50_000;

/// What was published, so that the overlap is not published at every look.
#[derive(Debug, Default)]
pub(super) struct Modified {
    published: HashMap<Key, DateTime<Utc>>,
}

/// A record that has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    key: Key,
    at: Option<DateTime<Utc>>,
    by: Option<String>,
}

impl Seen {
    fn new(
        kind: domain::Kind,
        id: impl Into<RecordId>,
        at: &Told<DateTime<Utc>>,
        by: &Told<String>,
    ) -> Self {
        Self {
            key: Key::new(kind, System::Jim2, id),
            at: at.get().copied(),
            by: by.get().cloned(),
        }
    }

    fn event(self, own_initials: Option<&str>) -> Event {
        let evidence = match (self.at, self.by) {
            (Some(at), Some(by)) if Some(by.as_str()) != own_initials => Some(Evidence {
                at,
                by: Some(by),
                fields: std::collections::BTreeMap::default(),
            }),
            _ => None,
        };
        Event {
            floor: Floor {
                at: self.at,
                position: None,
            },
            evidence: evidence.into_iter().collect(),
            ..Event::new(self.key, Cause::Live)
        }
    }
}

impl Modified {
    /// Reads what changed since the mark, publishes what is new of it, moves the mark.
    pub(super) async fn step(&mut self, feed: &Feed) -> Result<Look, Trouble> {
        let from = cursor::get(&feed.db, MODIFIED_CURSOR).await?;
        let from = from.map(|cursor| cursor.position);
        let now = feed.clock.now();
        let mark = from.as_ref().and_then(|from| from.at).unwrap_or(now);
        let since = window::start(mark, now, feed.jim2.settings().time_zone);
        let seen = self.news(read(feed, since, &self.published).await?);
        let own = feed.own_initials().await?;
        let events = seen.iter().cloned().map(|seen| seen.event(own.as_deref()));
        feed.publish.events(events).await?;
        let count = metrics::counter!(names::FEED_EVENTS, "feed" => MODIFIED_CURSOR);
        count.increment(seen.len() as u64);
        let is_empty = seen.is_empty();
        // A stamp from the future, of a clock that is ahead, must not carry the mark past what comes next.
        let latest = seen.iter().filter_map(|seen| seen.at).max();
        let to = Position {
            at: Some(latest.map_or(mark, |latest| latest.min(now).max(mark))),
            ..Position::default()
        };
        let moved = cursor::move_to(&feed.db, MODIFIED_CURSOR, from.as_ref(), &to).await?;
        self.remember(seen, since);
        Ok(look(moved, false, is_empty))
    }

    /// What was not published with this very stamp.
    fn news(&self, seen: Vec<Seen>) -> Vec<Seen> {
        let is_new =
            |seen: &Seen| seen.at.is_none() || self.published.get(&seen.key) != seen.at.as_ref();
        seen.into_iter().filter(is_new).collect()
    }

    fn remember(&mut self, seen: Vec<Seen>, since: DateTime<Utc>) {
        self.published.retain(|_, at| *at >= since);
        if self.published.len() + seen.len() > REMEMBERED {
            self.published.clear();
        }
        let stamped = seen
            .into_iter()
            .filter_map(|seen| Some((seen.key, seen.at?)));
        self.published.extend(stamped.take(REMEMBERED));
    }
}

/// The jobs and cardfiles changed since then, and the contacts of those cardfiles that are news: a cardfile's stamp
/// moves with its contacts, and no list of contacts goes by their stamps.
async fn read(
    feed: &Feed,
    since: DateTime<Utc>,
    published: &HashMap<Key, DateTime<Utc>>,
) -> Result<Vec<Seen>, Trouble> {
    let jobs = feed.jim2.jobs_modified_since(since).await?;
    let cards = feed.jim2.cardfiles_modified_since(since).await?;
    let mut seen: Vec<Seen> = jobs
        .iter()
        .map(|job| Seen::new(TICKET, job.job_no, &job.last_modified, &job.modified_by))
        .collect();
    let mut fresh = Vec::new();
    for card in &cards {
        let card_seen = Seen::new(
            COMPANY,
            card.card_no,
            &card.last_modified,
            &card.modified_by,
        );
        if card_seen.at.is_none() || published.get(&card_seen.key) != card_seen.at.as_ref() {
            fresh.push(card.card_no);
        }
        seen.push(card_seen);
    }
    for contact in feed.jim2.card_contacts(&fresh).await? {
        let id = format!("{}-{}", contact.card_no, contact.cont_no);
        let contact = Seen::new(CONTACT, id, &contact.last_modified, &contact.modified_by);
        if contact.at.is_none_or(|at| at >= since) {
            seen.push(contact);
        }
    }
    Ok(seen)
}
