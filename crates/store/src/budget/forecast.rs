//! Where the allowance is going at this rate.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use serde::Serialize;

use super::{STOP_FROM, Usage};

/// A forecast nearer than this says nothing.
const AHEAD: TimeDelta = TimeDelta::minutes(15);

/// What will be used at a time, if all go on as they do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Forecast {
    /// The share of the allowance; 0.9 where nothing will go on from then on.
    pub share: f64,
    /// When: the next full hour that is some time ahead, or before that, when 90 % are reached.
    pub at: DateTime<Utc>,
}

/// Where it goes at this rate.
///
/// The window rolls: what is used now leaves it evenly over the window, and what is used at both rates comes in its place.
/// So the share moves in a line from what it is to what the rates come to in a window, and stays there. Full hours are
/// full in zones half an hour off, too, as `offset` is the site's.
pub fn forecast(usage: &Usage, now: DateTime<Utc>, offset: TimeDelta) -> Forecast {
    let (window, share) = (usage.minutes(), usage.share());
    let goal = (usage.rate_ours() + usage.rate_others) * window / usage.allowance();
    let at = next_hour(now, offset);
    let ahead = minutes(at - now).min(window);
    if share < STOP_FROM && goal > STOP_FROM {
        let reached = (STOP_FROM - share) / (goal - share) * window;
        if reached <= ahead {
            #[expect(clippy::cast_possible_truncation, reason = "seconds within the window")]
            let seconds = (reached * 60.0) as i64;
            return Forecast {
                share: STOP_FROM,
                at: now + TimeDelta::seconds(seconds),
            };
        }
    }
    Forecast {
        share: share + (goal - share) * ahead / window,
        at,
    }
}

/// The next full hour on the site's clocks that is far enough ahead.
fn next_hour(now: DateTime<Utc>, offset: TimeDelta) -> DateTime<Utc> {
    let hour = TimeDelta::hours(1);
    let local = now + offset + AHEAD;
    // Times of this century can be rounded.
    let full = local.duration_trunc(hour).unwrap_or(local);
    let full = if full < local { full + hour } else { full };
    full - offset
}

fn minutes(span: TimeDelta) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "seconds of some hours")]
    let seconds = span.num_seconds() as f64;
    seconds / 60.0
}

#[cfg(test)]
mod tests {
    use super::{super::usage::tests::measured, *};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// 4,000 of 10,000 used, and so many calls a minute from now on.
    fn going(ours: i32, others: f64) -> Usage {
        Usage {
            granted_lately: ours * 10,
            rate_others: others,
            ..measured()
        }
    }

    #[test]
    fn the_share_moves_from_what_is_used_to_what_the_rates_come_to_in_a_window() {
        let (now, sydney) = (at("2026-11-27T03:30:00Z"), TimeDelta::hours(11));
        for (usage, now, share, then) in [
            (going(60, 40.0), now, 0.50, "2026-11-27T04:00:00Z"),
            (going(0, 0.0), now, 0.20, "2026-11-27T04:00:00Z"),
            // Too near: the hour after it. And a full hour is the longest way there is.
            (
                going(60, 40.0),
                at("2026-11-27T03:50:00Z"),
                0.60,
                "2026-11-27T05:00:00Z",
            ),
            (
                going(60, 40.0),
                at("2026-11-27T03:45:00Z"),
                0.45,
                "2026-11-27T04:00:00Z",
            ),
        ] {
            let told = forecast(&usage, now, sydney);
            assert!((told.share - share).abs() < 1e-9, "{told:?} for {share}");
            assert_eq!(told.at, at(then));
        }
    }

    #[test]
    fn a_full_hour_is_one_on_the_sites_clocks() {
        let adelaide = TimeDelta::minutes(630);
        let told = forecast(&going(0, 0.0), at("2026-11-27T04:00:00Z"), adelaide);
        assert_eq!(told.at, at("2026-11-27T04:30:00Z"), "15:00 in Adelaide");
    }

    #[test]
    fn it_tells_when_nothing_will_go_on_where_that_comes_first() {
        let now = at("2026-11-27T03:30:00Z");
        let told = forecast(&going(200, 40.0), now, TimeDelta::zero());
        assert!((told.share - STOP_FROM).abs() < 1e-9, "{told:?}");
        // From 40 % to 144 % in an hour: half of 104 % are 52 % away.
        assert_eq!(told.at, at("2026-11-27T03:58:50Z"));
        let later = forecast(&going(120, 40.0), now, TimeDelta::zero());
        assert!(
            (later.share - 0.68).abs() < 1e-9,
            "{later:?}: not before 04:00"
        );
        let beyond = Usage {
            used: 9_500,
            ..going(160, 0.0)
        };
        let told = forecast(&beyond, now, TimeDelta::zero());
        assert!((told.share - 0.955).abs() < 1e-9, "{told:?}");
        assert_eq!(told.at, at("2026-11-27T04:00:00Z"), "never in the past");
    }
}
