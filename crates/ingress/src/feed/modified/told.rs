//! What was published lately, so that the overlap is not published at every look.

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Key, Kind, RecordId, System};

/// How long the same content is not news.
const REPEAT: TimeDelta = TimeDelta::minutes(1);
/// Longer than any window; what is older is not met again.
const FORGET: TimeDelta = TimeDelta::hours(2);
/// More than any window holds; beyond it, repeating is cheaper than remembering.
const REMEMBERED: usize = 50_000;

/// A record that Jim2 lists as changed.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) key: Key,
    /// When it changed, where this build tells.
    pub(super) at: Option<DateTime<Utc>>,
    /// Initials of who changed it, where this build tells.
    pub(super) by: Option<String>,
    content: u64,
}

impl Seen {
    /// The record `id`, of which all that was told is `content`.
    pub(super) fn new(
        kind: Kind,
        id: impl Into<RecordId>,
        content: &impl Debug,
        (at, by): (&domain::Told<DateTime<Utc>>, &domain::Told<String>),
    ) -> Self {
        let mut hasher = DefaultHasher::new();
        format!("{content:?}").hash(&mut hasher);
        Self {
            key: Key::new(kind, System::Jim2, id),
            at: at.get().copied(),
            by: by.get().cloned(),
            content: hasher.finish(),
        }
    }
}

/// What was published, with what content, and when.
#[derive(Debug, Default)]
pub(super) struct Told(HashMap<Key, (u64, DateTime<Utc>)>);

impl Told {
    /// Whether this was not published with this content in the last minute.
    pub(super) fn is_news(&self, seen: &Seen, now: DateTime<Utc>) -> bool {
        self.0
            .get(&seen.key)
            .is_none_or(|(content, at)| *content != seen.content || now - at >= REPEAT)
    }

    /// Remembers what was published just now.
    pub(super) fn remember(&mut self, news: Vec<Seen>, now: DateTime<Utc>) {
        self.0.retain(|_, (_, at)| now - *at < FORGET);
        if self.0.len() + news.len() > REMEMBERED {
            self.0.clear();
        }
        let news = news.into_iter().take(REMEMBERED);
        self.0
            .extend(news.map(|seen| (seen.key, (seen.content, now))));
    }
}
