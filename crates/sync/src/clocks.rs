//! Clocks that jump: what was read by time meanwhile is in doubt, and is a gap.

use chrono::{DateTime, TimeDelta, Utc};
use domain::System;
use store::{
    Db,
    clock::Look,
    gap::{self, NewGap},
};

/// Clocks are set right by less than this all the time.
const BOUND: TimeDelta = TimeDelta::minutes(1);
/// How far two clocks may be apart without anybody minding.
pub const SKEW: TimeDelta = TimeDelta::minutes(2);

/// Why events may be missing after our own clock jumped.
pub const OUR_CLOCK: &str = "our own clock jumped";
/// The same of another's. While nobody looks it may as well be ours that jumps.
pub const fn clock_of(system: System) -> &'static str {
    match system {
        System::Autotask => "Autotask's clock or ours jumped",
        System::Jim2 => "Jim2's clock or ours jumped",
    }
}

/// Watches how far our clock is ahead of another one.
#[derive(Debug, Default)]
pub struct Clocks {
    last: Option<Look>,
}

impl Clocks {
    /// Goes on from the last look that anybody had.
    pub fn since(last: Option<Look>) -> Self {
        Self { last }
    }

    /// Compares our time with that of another clock. Where one of the two has jumped since the last look, opens a gap of each
    /// of `systems` over the span in doubt. Answers what was seen.
    pub async fn compare(
        &mut self,
        db: &Db,
        (ours, theirs): (DateTime<Utc>, DateTime<Utc>),
        (systems, reason): (&[System], &str),
    ) -> Result<Look, store::Error> {
        let look = Look {
            at: ours,
            ahead: ours - theirs,
        };
        let Some((since, until)) = self.doubtful(look) else {
            return Ok(look);
        };
        tracing::warn!(%since, %until, reason, "a gap is open");
        for system in systems {
            let gap = NewGap {
                system: *system,
                kind: None,
                reason,
                since,
                until: Some(until),
                missed: None,
            };
            gap::open(db, &gap).await?;
        }
        Ok(look)
    }

    /// The span in doubt, by our own clock as it is now: since the last look, earlier by as much as was jumped.
    fn doubtful(&mut self, look: Look) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let last = self.last.replace(look)?;
        let jumped = (look.ahead - last.ahead).abs();
        (jumped > BOUND).then(|| (last.at.min(look.at) - jumped - SKEW, look.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_either_clock_puts_the_time_since_the_last_look_in_doubt() {
        let at = |second: i64| DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(second);
        let span = |since: i64, until: i64| Some((at(since) - SKEW, at(until)));
        let mut clocks = Clocks::default();
        let look = |ours, theirs| Look {
            at: at(ours),
            ahead: at(ours) - at(theirs),
        };
        for (ours, theirs, expected) in [
            (1_000, 900, None),
            (1_010, 910, None),
            // Set right by a little.
            (1_050, 920, None),
            // Ours jumps an hour ahead, and back.
            (4_660, 930, span(1_050 - 3_600, 4_660)),
            (4_670, 940, None),
            (1_080, 950, span(1_080 - 3_600, 1_080)),
            // The other one jumps ahead.
            (1_090, 1_160, span(1_080 - 200, 1_090)),
            // By a minute at most.
            (1_160, 1_170, None),
        ] {
            let doubtful = clocks.doubtful(look(ours, theirs));
            assert_eq!(doubtful, expected, "{ours} {theirs}");
        }
        // It was looked at last by a process that is gone.
        let mut clocks = Clocks::since(Some(look(2_000, 1_900)));
        assert_eq!(
            clocks.doubtful(look(9_000, 8_300)),
            span(2_000 - 600, 9_000)
        );
    }
}
