//! The events that met a claim, as `pair.dirty` keeps them: at most one a system.
//!
//! Floors are in the source's own clock, so events of two systems are never merged into one.

use domain::{Event, Key};
use serde_json::Value;

use crate::{Error, error};

/// How many pieces of evidence an event keeps while it waits; the newest are the ones that matter.
const EVIDENCE: usize = 20;

/// Takes in one more event.
pub(crate) fn add(dirty: &mut Vec<Event>, event: Event) {
    let kept = match dirty
        .iter_mut()
        .find(|other| other.key.system == event.key.system)
    {
        Some(kept) => {
            kept.coalesce(event);
            kept
        }
        None => dirty.push_mut(event),
    };
    let surplus = kept.evidence.len().saturating_sub(EVIDENCE);
    kept.evidence.drain(..surplus);
}

/// Reads the column. What this build cannot read becomes an event of `key` without floor: never nothing.
pub(crate) fn read(column: Option<Value>, key: impl FnOnce() -> Key) -> Vec<Event> {
    let Some(column) = column else {
        return Vec::new();
    };
    serde_json::from_value(column)
        .unwrap_or_else(|_| vec![Event::new(key(), domain::Cause::Rescue)])
}

/// Writes the column; nothing is null.
pub(crate) fn write(dirty: &[Event]) -> Result<Option<Value>, Error> {
    if dirty.is_empty() {
        return Ok(None);
    }
    error::to_json("pair.dirty", &dirty).map(Some)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use domain::{Cause, Evidence, Floor, Kind, System};
    use serde_json::json;

    use super::*;

    fn event(system: System, position: i64) -> Event {
        Event {
            floor: Floor {
                at: None,
                position: Some(position),
            },
            evidence: vec![Evidence {
                at: DateTime::<Utc>::UNIX_EPOCH,
                by: None,
                fields: [].into(),
            }],
            ..Event::new(Key::new(Kind::new("ticket"), system, "7"), Cause::Live)
        }
    }

    #[test]
    fn events_of_two_systems_keep_their_own_floors() {
        let mut dirty = Vec::new();
        for (system, position) in [
            (System::Jim2, 3),
            (System::Autotask, 90),
            (System::Jim2, 5),
            (System::Jim2, 4),
        ] {
            add(&mut dirty, event(system, position));
        }
        let floors: Vec<_> = dirty
            .iter()
            .map(|event| (event.key.system, event.floor.position, event.evidence.len()))
            .collect();
        assert_eq!(
            floors,
            [(System::Jim2, Some(5), 3), (System::Autotask, Some(90), 1)]
        );
        let column = write(&dirty).unwrap();
        assert_eq!(read(column, || unreachable!()), dirty);
    }

    #[test]
    fn evidence_does_not_grow_without_end() {
        let mut dirty = Vec::new();
        for _ in 0..3 * EVIDENCE {
            add(&mut dirty, event(System::Jim2, 1));
        }
        assert_eq!(dirty[0].evidence.len(), EVIDENCE);
    }

    #[test]
    fn what_a_newer_build_wrote_is_still_an_event() {
        let key = Key::new(Kind::new("ticket"), System::Jim2, "7");
        let read = read(Some(json!([{"v": 2, "cause": "unheard-of"}])), || {
            key.clone()
        });
        assert_eq!(read, [Event::new(key, Cause::Rescue)]);
    }
}
