//! From when a pass looks, and where it leaves the watermark.
//!
//! The watermark is in the source's own times where it tells them, so that a clock of ours that goes wrong makes us
//! read more, and never less. Jim2 does not tell when a record was changed; its watermark is in our own time.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::System;
use store::sweep::Taken;

/// What is stamped may be seen that much later, or with a stamp that much earlier than another (rule 13).
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far back a sweep begins that was never made before, so that a clock of ours that is ahead hides nothing.
const FIRST: TimeDelta = TimeDelta::hours(1);
/// How far back to look where the watermark cannot be believed.
const UNSURE: TimeDelta = TimeDelta::days(1);
/// Clocks are set right by less than this all the time.
const JITTER: TimeDelta = TimeDelta::minutes(1);

/// The watermark of a sweep that was never made.
pub(super) fn first(now: DateTime<Utc>) -> DateTime<Utc> {
    now - FIRST
}

/// The clock of a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourceClock {
    /// Whose.
    pub(super) of: System,
    /// The zone of its local times.
    pub(super) zone: Tz,
    /// How far it and ours were apart when it was last heard of, one way or the other.
    pub(super) apart: TimeDelta,
}

/// From when a pass looks that begins at `now` by our clock: what is in our own time is widened by how far the clocks are
/// apart.
pub(super) fn start(taken: &Taken, now: DateTime<Utc>, source: SourceClock) -> DateTime<Utc> {
    let mark = believed(taken.mark.at, now);
    let gap_since = taken.gap_since.map(|since| since - source.apart);
    match source.of {
        System::Autotask => gap_since.map_or(mark, |since| mark.min(since)) - OVERLAP,
        System::Jim2 => {
            let mark = mark - source.apart;
            let mark = gap_since.map_or(mark, |since| mark.min(since));
            jim2::read_again_from(mark, now, source.zone)
        }
    }
}

/// What a pass saw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    /// When it began, by our clock.
    pub(super) began: DateTime<Utc>,
    /// How long it took.
    pub(super) took: TimeDelta,
    /// The latest stamp that came, in the source's own time.
    pub(super) latest: Option<DateTime<Utc>>,
}

/// Where a pass that began at `mark` leaves the watermark.
///
/// A row that was passed by and changed afterwards has a stamp after the pass began: so the mark stays before that, in
/// the source's time, whatever else came meanwhile.
pub(super) fn moved(mark: DateTime<Utc>, seen: &Seen, on: System) -> DateTime<Utc> {
    match (on, seen.latest) {
        (System::Jim2, _) => seen.began,
        (System::Autotask, None) => believed(mark, seen.began),
        (System::Autotask, Some(latest)) => {
            let before_it_began = (latest - seen.took).min(seen.began);
            believed(mark, seen.began).max(before_it_began)
        }
    }
}

/// A mark ahead of our clock was set while that was wrong: what it passed by is not known.
fn believed(mark: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if mark > now + JITTER {
        now - UNSURE
    } else {
        mark.min(now)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;
    use store::sweep::Mark;

    use super::*;

    /// A whole minute of an autumn day in Sydney; its clocks go back at 960.
    fn at(minute: i64) -> DateTime<Utc> {
        let day: DateTime<Utc> = "2026-04-04T00:00:00Z".parse().unwrap();
        day + TimeDelta::minutes(minute)
    }

    fn taken(mark: i64, gap_since: Option<i64>) -> Taken {
        Taken {
            mark: Mark {
                at: at(mark),
                last_id: None,
            },
            gap_since: gap_since.map(at),
        }
    }

    #[test]
    fn a_pass_looks_back_as_far_as_its_source_and_its_gaps_ask_for() {
        use System::{Autotask, Jim2};
        for (of, mark, gap, now, from) in [
            (Autotask, 100, None, 130, 90),
            (Jim2, 100, None, 130, 90),
            (Autotask, 930, None, 990, 920),
            (Jim2, 930, None, 990, 865),
            (Autotask, 100, Some(40), 130, 30),
            (Autotask, 100, Some(120), 130, 90),
            (Jim2, 100, Some(40), 130, 30),
            // Our clock was set back by a little, and by more than clocks are.
            (Autotask, 100, None, 99, 89),
            (Autotask, 160, None, 100, 100 - 1_440 - 10),
            (Jim2, 160, None, 100, 100 - 1_440 - 10),
        ] {
            let start = |apart| {
                let source = SourceClock {
                    of,
                    zone: Sydney,
                    apart: TimeDelta::minutes(apart),
                };
                start(&taken(mark, gap), at(now), source)
            };
            assert_eq!(start(0), at(from), "{of} {mark} {gap:?} {now}");
            // Autotask's mark is in its own time.
            let widened = if of == Jim2 || gap == Some(40) { 7 } else { 0 };
            let from = at(from - widened);
            assert_eq!(start(7), from, "{of} {mark} {gap:?} {now}");
        }
    }

    #[test]
    fn the_watermark_goes_by_the_sources_time_and_never_past_what_was_read() {
        use System::{Autotask, Jim2};
        for (on, mark, began, took, latest, moved_to) in [
            (Autotask, 100, 130, 0, Some(128), 128),
            // It took twenty minutes, and the last page told of what had just happened.
            (Autotask, 100, 130, 20, Some(149), 129),
            // Our clock is an hour ahead, or behind.
            (Autotask, 100, 190, 0, Some(128), 128),
            (Autotask, 100, 110, 0, Some(128), 110),
            // Nothing came, or only what the overlap holds.
            (Autotask, 100, 130, 0, None, 100),
            (Autotask, 100, 130, 0, Some(95), 100),
            (Autotask, 190, 100, 0, Some(95), 95),
            (Jim2, 100, 130, 20, None, 130),
            (Jim2, 190, 130, 0, None, 130),
        ] {
            let seen = Seen {
                began: at(began),
                took: TimeDelta::minutes(took),
                latest: latest.map(at),
            };
            let moved = moved(at(mark), &seen, on);
            assert_eq!(moved, at(moved_to), "{on} {mark} {seen:?}");
        }
    }
}
