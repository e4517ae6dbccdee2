//! From messages to work: parse, coalesce by key.

use std::collections::BTreeMap;

use broker::Delivery;
use chrono::{DateTime, Utc};
use domain::{EVENT_VERSION, Event, Key, Kind, System};

/// One key's work, and the messages it settles.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) event: Event,
    /// When the oldest of its messages was first seen.
    pub(crate) first_seen: DateTime<Utc>,
    /// How fresh a read of each side must be (rule 9).
    pub(crate) asked: BTreeMap<System, Asked>,
    /// The highest attempt among its messages, from 0.
    pub(crate) attempt: u32,
    /// Indices into the batch's deliveries.
    pub(crate) messages: Vec<usize>,
}

/// The state that a read of one side must show at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The source's own time of it.
    pub(crate) at: DateTime<Utc>,
    /// When the message that asks for it was first seen.
    pub(crate) seen: DateTime<Utc>,
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

/// Reads the messages of a batch from the queues of `kind`. Several of one key become one work.
pub(crate) fn sort(deliveries: &[Delivery], kind: &Kind) -> Sorted {
    let mut sorted = Sorted::default();
    let mut works: BTreeMap<Key, Work> = BTreeMap::new();
    for (index, delivery) in deliveries.iter().enumerate() {
        match read(&delivery.body, kind) {
            Read::Event(event) => {
                let headers = &delivery.headers;
                merge_into(
                    &mut works,
                    Work::new(*event, headers.first_seen, headers.attempt, index),
                );
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
    /// The work of one message.
    pub(crate) fn new(
        event: Event,
        first_seen: DateTime<Utc>,
        attempt: u32,
        message: usize,
    ) -> Self {
        let asked = event.floor.at.map(|at| {
            let seen = first_seen;
            (event.key.system, Asked { at, seen })
        });
        Self {
            event,
            first_seen,
            asked: asked.into_iter().collect(),
            attempt,
            messages: vec![message],
        }
    }

    /// Takes in another work of the same record, or of its other half.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (system, asked) in other.asked {
            let kept = self.asked.entry(system).or_insert(asked);
            if kept.at < asked.at {
                *kept = asked;
            }
        }
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

fn read(body: &[u8], kind: &Kind) -> Read {
    #[derive(serde::Deserialize)]
    struct Version {
        v: u32,
    }
    match serde_json::from_slice::<Version>(body) {
        Ok(Version { v }) if v > EVENT_VERSION => Read::Newer,
        Ok(_) => match serde_json::from_slice::<Event>(body) {
            Ok(event) if event.key.kind == *kind => Read::Event(Box::new(event)),
            Ok(event) => Read::Poison(format!(
                "it tells of a {}, in the queue of the kind {kind}",
                event.key.kind
            )),
            Err(error) => Read::Poison(format!("not an event: {error}")),
        },
        Err(error) => Read::Poison(format!("not an event: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use domain::Cause;

    use super::*;

    fn work(id: &str, cause: Cause, message: usize) -> Work {
        let key = Key::new(Kind::new("ticket"), System::Autotask, id);
        let attempt = u32::try_from(message).unwrap();
        Work::new(
            Event::new(key, cause),
            DateTime::UNIX_EPOCH,
            attempt,
            message,
        )
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
    fn what_is_not_an_event_of_this_kind_is_poison_and_what_is_newer_is_not() {
        let (ticket, contact) = (Kind::new("ticket"), Kind::new("contact"));
        assert!(matches!(read(b"not json", &ticket), Read::Poison(_)));
        assert!(matches!(read(br#"{"v":1}"#, &ticket), Read::Poison(_)));
        let newer = read(br#"{"v":99,"anything":true}"#, &ticket);
        assert!(matches!(newer, Read::Newer));
        let event = Event::new(Key::new(ticket.clone(), System::Jim2, "1"), Cause::Live);
        let body = serde_json::to_vec(&event).unwrap();
        assert!(matches!(read(&body, &ticket), Read::Event(_)));
        let Read::Poison(why) = read(&body, &contact) else {
            panic!("a ticket is no contact");
        };
        assert_eq!(
            why,
            "it tells of a ticket, in the queue of the kind contact"
        );
    }
}
