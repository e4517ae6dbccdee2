//! From messages to work: parse, coalesce by key.

use std::collections::BTreeMap;

use broker::Delivery;
use chrono::{DateTime, Utc};
use domain::{EVENT_VERSION, Event, Key};

/// One key's work, and the messages it settles.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) event: Event,
    /// When the oldest of its messages was first seen.
    pub(crate) first_seen: DateTime<Utc>,
    /// The highest attempt among its messages, from 0.
    pub(crate) attempt: u32,
    /// Indices into the batch's deliveries.
    pub(crate) messages: Vec<usize>,
}

/// A batch, sorted out.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    /// Work by key, in key order.
    pub(crate) works: Vec<Work>,
    /// Messages that are not events.
    pub(crate) poison: Vec<(usize, String)>,
    /// Messages of a newer format than this build knows (rule 15).
    pub(crate) newer: Vec<usize>,
}

/// Reads the messages of a batch. Several of one key become one work.
pub(crate) fn sort(deliveries: &[Delivery]) -> Sorted {
    let mut sorted = Sorted::default();
    let mut works: BTreeMap<Key, Work> = BTreeMap::new();
    for (index, delivery) in deliveries.iter().enumerate() {
        match read(&delivery.body) {
            Read::Event(event) => {
                let work = Work {
                    first_seen: delivery.headers.first_seen,
                    attempt: delivery.headers.attempt,
                    messages: vec![index],
                    event: *event,
                };
                merge_into(&mut works, work);
            }
            Read::Newer => sorted.newer.push(index),
            Read::Poison(why) => sorted.poison.push((index, why)),
        }
    }
    sorted.works = works.into_values().collect();
    sorted
}

/// Brings works whose key was changed (a note's to its ticket's) together again.
pub(crate) fn coalesce(works: Vec<Work>) -> Vec<Work> {
    let mut merged = BTreeMap::new();
    for work in works {
        merge_into(&mut merged, work);
    }
    merged.into_values().collect()
}

fn merge_into(works: &mut BTreeMap<Key, Work>, work: Work) {
    match works.entry(work.event.key.clone()) {
        std::collections::btree_map::Entry::Vacant(place) => {
            place.insert(work);
        }
        std::collections::btree_map::Entry::Occupied(mut place) => place.get_mut().absorb(work),
    }
}

impl Work {
    /// Takes in another work of the same record.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.event.coalesce(other.event);
        self.first_seen = self.first_seen.min(other.first_seen);
        self.attempt = self.attempt.max(other.attempt);
        self.messages.extend(other.messages);
    }
}

enum Read {
    Event(Box<Event>),
    Newer,
    Poison(String),
}

fn read(body: &[u8]) -> Read {
    #[derive(serde::Deserialize)]
    struct Version {
        v: u32,
    }
    match serde_json::from_slice::<Version>(body) {
        Ok(Version { v }) if v > EVENT_VERSION => Read::Newer,
        Ok(_) => match serde_json::from_slice(body) {
            Ok(event) => Read::Event(Box::new(event)),
            Err(error) => Read::Poison(format!("not an event: {error}")),
        },
        Err(error) => Read::Poison(format!("not an event: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use domain::{Cause, Kind, System};

    use super::*;

    fn work(id: &str, cause: Cause, message: usize) -> Work {
        let key = Key::new(Kind::new("ticket"), System::Autotask, id);
        Work {
            event: Event::new(key, cause),
            first_seen: DateTime::UNIX_EPOCH,
            attempt: u32::try_from(message).unwrap(),
            messages: vec![message],
        }
    }

    #[test]
    fn events_of_one_key_become_one_work_with_the_strongest_cause() {
        let works = coalesce(vec![
            work("1", Cause::Live, 0),
            work("2", Cause::Live, 1),
            work("1", Cause::Replay, 2),
        ]);
        assert_eq!(works.len(), 2);
        assert_eq!(works[0].messages, [0, 2]);
        assert_eq!(works[0].event.cause, Cause::Replay);
        assert_eq!(works[0].attempt, 2);
    }

    #[test]
    fn what_is_not_an_event_is_poison_and_what_is_newer_is_not() {
        assert!(matches!(read(b"not json"), Read::Poison(_)));
        assert!(matches!(read(br#"{"v":1}"#), Read::Poison(_)));
        assert!(matches!(read(br#"{"v":99,"anything":true}"#), Read::Newer));
        let event = Event::new(
            Key::new(Kind::new("ticket"), System::Jim2, "1"),
            Cause::Live,
        );
        assert!(matches!(
            read(&serde_json::to_vec(&event).unwrap()),
            Read::Event(_)
        ));
    }
}
