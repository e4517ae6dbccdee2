//! Who gives way to whom: one table, and the decision about one call.

use std::time::Duration;

use domain::Lane;

use super::Usage;

/// From this share of the allowance on, nothing goes on.
pub const STOP_FROM: f64 = 0.90;

/// What a lane waits before its next call while it goes slower.
pub const SLOW: Duration = Duration::from_secs(1);
/// What has to wait asks again after this part of the window: a minute of an hour.
const ASKS_AGAIN: u32 = 60;
/// So does bulk work: five minutes of an hour.
const BULK_ASKS_AGAIN: u32 = 12;

/// What a lane may do at which share of the allowance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// From this share on it goes slower.
    pub slower_from: f64,
    /// From this share on it waits, but for its floor.
    pub waits_from: f64,
    /// The share of the allowance that it may use in each window even then.
    pub floor: f64,
    /// After which part of the window it asks again while it waits.
    pub asks_again: u32,
}

/// Whether calls may be made. What is granted is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// At once.
    Go,
    /// At once; the lane's next one after this pause.
    Slow(Duration),
    /// Not granted to this lane; ask again after this.
    Wait(Duration),
    /// Not granted to anybody for so long.
    Stop(Duration),
}

/// The one table of lanes.
///
/// | lane | slower from | waits from | floor |
/// |---|---|---|---|
/// | interactive | 75 % | 90 % | 1 % |
/// | essential | 75 % | 90 % | 2 % |
/// | live | 50 % | 75 % | 2 % |
/// | replay | 50 % | 70 % | 1 % |
/// | sweep | 50 % | 60 % | 2 % |
/// | bulk | 50 % | 50 % | 1 % |
///
/// 2 % of 10,000 calls are 200 an hour: about what all incremental sweeps of a site without changes take.
pub const fn terms(lane: Lane) -> Terms {
    let (slower_from, waits_from, floor) = match lane {
        Lane::Interactive => (0.75, STOP_FROM, 0.01),
        Lane::Essential => (0.75, STOP_FROM, 0.02),
        Lane::Live => (0.50, 0.75, 0.02),
        Lane::Replay => (0.50, 0.70, 0.01),
        Lane::Sweep => (0.50, 0.60, 0.02),
        Lane::Bulk => (0.50, 0.50, 0.01),
    };
    let asks_again = match lane {
        Lane::Bulk => BULK_ASKS_AGAIN,
        Lane::Sweep | Lane::Replay | Lane::Live | Lane::Essential | Lane::Interactive => ASKS_AGAIN,
    };
    Terms {
        slower_from,
        waits_from,
        floor,
        asks_again,
    }
}

/// Whether calls of a lane, which `usage` counts already, may be made.
///
/// A floor is a share of the allowance, not a turn in a queue: what a lane was granted in the window is one sum, so any
/// process can decide alone, and nobody has to know who else waits. A lane above its share of the allowance goes on until
/// it has used its floor. For that there has to be room below 90 %, whoever is worth more: what the other lanes have not
/// used of their floors yet is kept for them, so that essential work alone ends some percent earlier, at 83 % where
/// nobody else called at all. A lane that used more than its floor while there was plenty has had its share.
pub fn decide(lane: Lane, usage: &Usage) -> Grant {
    if let Some(left) = usage.stopped_seconds {
        return Grant::Stop(Duration::from_secs_f64(left.max(0.0)));
    }
    let (terms, share) = (terms(lane), usage.share());
    let window = Duration::from_secs_f64(usage.minutes() * 60.0);
    if share >= STOP_FROM {
        return Grant::Stop(window / ASKS_AGAIN);
    }
    if share < terms.waits_from && share + kept_for_others(lane, usage) < STOP_FROM {
        return if share < terms.slower_from {
            Grant::Go
        } else {
            Grant::Slow(SLOW)
        };
    }
    if f64::from(usage.granted(lane)) <= terms.floor * usage.allowance() {
        return Grant::Slow(SLOW);
    }
    Grant::Wait(window / terms.asks_again)
}

/// The share of the allowance that is left of the other lanes' floors.
fn kept_for_others(lane: Lane, usage: &Usage) -> f64 {
    let left = |other: &Lane| {
        let used = f64::from(usage.granted(*other)) / usage.allowance();
        (terms(*other).floor - used).max(0.0)
    };
    let others = Lane::ALL.iter().filter(|other| **other != lane);
    others.map(left).sum()
}

#[cfg(test)]
mod tests {
    use super::{super::usage::tests::measured, *};

    const ASK_AGAIN: Duration = Duration::from_mins(1);

    /// Usage at a share, with so much granted to each lane in the window.
    fn at(share: f64, granted: i32) -> Usage {
        Usage {
            // Tenths of a call, so that no share is rounded.
            rate_others: share * 10_000.0,
            age_seconds: Some(60.0),
            used: 0,
            granted: vec![granted; 6],
            ..measured()
        }
    }

    #[test]
    fn lanes_give_way_by_worth() {
        let (go, slow) = (Grant::Go, Grant::Slow(SLOW));
        let (wait, bulk) = (Grant::Wait(ASK_AGAIN), Grant::Wait(5 * ASK_AGAIN));
        let stop = Grant::Stop(ASK_AGAIN);
        for (share, expected) in [
            (0.0, [go, go, go, go, go, go]),
            (0.499, [go, go, go, go, go, go]),
            (0.50, [bulk, slow, slow, slow, go, go]),
            (0.501, [bulk, slow, slow, slow, go, go]),
            (0.60, [bulk, wait, slow, slow, go, go]),
            (0.601, [bulk, wait, slow, slow, go, go]),
            (0.70, [bulk, wait, wait, slow, go, go]),
            (0.701, [bulk, wait, wait, slow, go, go]),
            (0.749, [bulk, wait, wait, slow, go, go]),
            (0.75, [bulk, wait, wait, wait, slow, slow]),
            (0.751, [bulk, wait, wait, wait, slow, slow]),
            (0.899, [bulk, wait, wait, wait, slow, slow]),
            (0.90, [stop; 6]),
            (0.901, [stop; 6]),
            (1.5, [stop; 6]),
        ] {
            let usage = at(share, 201);
            let lanes = Lane::ALL.map(|lane| decide(lane, &usage));
            assert_eq!(lanes, expected, "at {share}, every floor used");
        }
    }

    #[test]
    fn no_lane_starves_below_the_stop_until_it_has_had_its_floor() {
        let floors = [100.0, 200.0, 100.0, 200.0, 200.0, 100.0];
        for (lane, floor) in Lane::ALL.into_iter().zip(floors) {
            for (granted, goes) in [(1.0, true), (floor, true), (floor + 1.0, false)] {
                let mut usage = at(0.89, 201);
                let others_left = lane == Lane::Bulk;
                // The others have floors left, so that those who wait from 90 % on are at theirs, too.
                usage.granted = vec![if others_left { 201 } else { 0 }; 6];
                #[expect(clippy::cast_possible_truncation, reason = "a few hundred")]
                let calls = granted as i32;
                usage.granted[lane.place()] = calls;
                let grant = decide(lane, &usage);
                assert_eq!(
                    matches!(grant, Grant::Slow(_)),
                    goes,
                    "{lane:?} {granted} {grant:?}"
                );
                usage.rate_others = 9_001.0;
                assert_eq!(decide(lane, &usage), Grant::Stop(ASK_AGAIN), "{lane:?}");
            }
        }
    }

    #[test]
    fn what_others_have_left_of_their_floors_is_kept_for_them() {
        let essential = |share, left_to: &[Lane]| {
            let mut usage = at(share, 201);
            for lane in left_to {
                usage.granted[lane.place()] = 0;
            }
            decide(Lane::Essential, &usage)
        };
        assert_eq!(essential(0.885, &[]), Grant::Slow(SLOW));
        assert_eq!(essential(0.885, &[Lane::Sweep]), Grant::Wait(ASK_AGAIN));
        assert_eq!(essential(0.875, &[Lane::Sweep]), Grant::Slow(SLOW));
        assert_eq!(essential(0.825, &Lane::ALL), Grant::Slow(SLOW));
        let mut usage = at(0.835, 0);
        usage.granted[Lane::Essential.place()] = 201;
        assert_eq!(decide(Lane::Essential, &usage), Grant::Wait(ASK_AGAIN));
    }

    #[test]
    fn while_the_allowance_is_said_to_be_used_up_nobody_calls_whatever_is_left() {
        let usage = Usage {
            stopped_seconds: Some(20.0),
            ..at(0.1, 0)
        };
        for lane in Lane::ALL {
            let wait = Duration::from_secs(20);
            assert_eq!(decide(lane, &usage), Grant::Stop(wait), "{lane:?}");
        }
    }
}
