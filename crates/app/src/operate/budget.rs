//! Autotask's allowance: what is used of it, who may go on, and where it is going.

use chrono::{DateTime, Offset as _, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::Lane;
use serde::Serialize;
use store::{
    Db,
    budget::{Forecast, Grant, STOP_FROM, Usage, decide, forecast, terms},
    slot::Busy,
};

/// The allowance as it stands.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Budget {
    /// One sentence.
    pub(crate) plain: String,
    /// What is used.
    pub(crate) usage: Usage,
    /// The share of it that is used, in percent.
    pub(crate) percent: u32,
    /// Our own calls a minute, of late.
    pub(crate) rate_ours: f64,
    /// Where it is going.
    pub(crate) forecast: Forecast,
    /// The lanes, worthiest first.
    pub(crate) lanes: Vec<LaneUse>,
    /// Where calls are made just now.
    pub(crate) endpoints: Vec<Busy>,
}

/// What a lane has of the allowance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct LaneUse {
    /// Which.
    pub(crate) lane: Lane,
    /// Calls that it was granted in the window.
    pub(crate) granted: i32,
    /// Calls that it may make in each window in any case, below 90 %.
    pub(crate) floor: u32,
    /// From which share on it goes slower, in percent.
    pub(crate) slower_from: u32,
    /// From which share on it waits, in percent.
    pub(crate) waits_from: u32,
    /// What becomes of its next call: `goes`, `slower`, `waits`, `stops`.
    pub(crate) next: &'static str,
}

/// Looks at the allowance.
pub(crate) async fn budget(db: &Db, now: DateTime<Utc>, zone: Tz) -> anyhow::Result<Budget> {
    let usage = store::budget::usage(db).await?;
    let forecast = foretold(&usage, now, zone);
    let lanes = Lane::ALL.iter().rev();
    Ok(Budget {
        plain: plain(&usage, &forecast, zone),
        percent: percent(usage.share()),
        rate_ours: usage.rate_ours(),
        lanes: lanes.map(|lane| lane_use(*lane, &usage)).collect(),
        endpoints: store::slot::slot_list(db).await?,
        forecast,
        usage,
    })
}

/// Where it is going, to a full hour of the site.
pub(crate) fn foretold(usage: &Usage, now: DateTime<Utc>, zone: Tz) -> Forecast {
    let local = now.with_timezone(&zone);
    let offset = i64::from(local.offset().fix().local_minus_utc());
    forecast(usage, now, TimeDelta::seconds(offset))
}

/// Such as `at this rate 61 % at 15:00`.
pub(crate) fn at_this_rate(forecast: &Forecast, zone: Tz) -> String {
    let at = forecast.at.with_timezone(&zone).format("%H:%M");
    let share = percent(forecast.share);
    if forecast.share >= STOP_FROM {
        format!("at this rate {share} % at {at}, from where on nothing more is asked")
    } else {
        format!("at this rate {share} % at {at}")
    }
}

/// What an operator should know: nothing while every lane goes at its pace.
pub(crate) fn trouble(usage: &Usage) -> Option<String> {
    let share = usage.share();
    let words = |waits: bool| {
        let lanes = Lane::ALL.iter().filter(|lane| {
            let terms = terms(**lane);
            let (waiting, slower) = (share >= terms.waits_from, share >= terms.slower_from);
            if waits { waiting } else { slower && !waiting }
        });
        lanes.map(|lane| work(*lane)).collect::<Vec<_>>().join(", ")
    };
    let (waiting, slower) = (words(true), words(false));
    let so = match (share >= STOP_FROM, waiting.is_empty(), slower.is_empty()) {
        (true, ..) => "nothing more is asked until there is room again".to_owned(),
        (false, true, true) => return None,
        (false, true, false) => format!("{slower} go slower"),
        (false, false, true) => format!("{waiting} wait, but for their floor"),
        (false, false, false) => {
            format!("{waiting} wait, but for their floor; {slower} go slower")
        }
    };
    Some(format!(
        "{} % of Autotask's hourly allowance is used (ours and others'): {so}. It continues by itself; who calls: crossbill \
         budget",
        percent(share)
    ))
}

fn work(lane: Lane) -> &'static str {
    match lane {
        Lane::Interactive => "previews",
        Lane::Essential => "tickets and billing",
        Lane::Live => "other live changes",
        Lane::Replay => "replays",
        Lane::Sweep => "sweeps",
        Lane::Bulk => "first loads and full sweeps",
    }
}

fn plain(usage: &Usage, forecast: &Forecast, zone: Tz) -> String {
    let measured = usage.age_seconds.map_or_else(
        || "never measured yet".to_owned(),
        |age| format!("measured {age:.0} s ago, reckoned since"),
    );
    format!(
        "{} % of {} calls in {} min are used ({measured}); {}.",
        percent(usage.share()),
        usage.allowance,
        usage.window_minutes,
        at_this_rate(forecast, zone)
    )
}

fn lane_use(lane: Lane, usage: &Usage) -> LaneUse {
    let terms = terms(lane);
    LaneUse {
        lane,
        granted: usage.granted(lane),
        floor: whole(terms.floor * f64::from(usage.allowance)),
        slower_from: percent(terms.slower_from),
        waits_from: percent(terms.waits_from),
        next: match decide(lane, usage) {
            Grant::Go => "goes",
            Grant::Slow(_) => "slower",
            Grant::Wait(_) => "waits",
            Grant::Stop(_) => "stops",
        },
    }
}

/// A share in percent.
pub(crate) fn percent(share: f64) -> u32 {
    whole(share * 100.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is counted here is not negative, and far from u32's end"
)]
fn whole(number: f64) -> u32 {
    number.round() as u32
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Adelaide;

    use super::*;

    fn usage(used: i32, others: f64) -> Usage {
        Usage {
            used,
            allowance: 10_000,
            window_minutes: 60,
            granted_since: 0,
            rate_others: others,
            age_seconds: Some(0.0),
            granted: vec![500; 6],
            granted_lately: 0,
            stopped_seconds: None,
        }
    }

    #[test]
    fn the_forecast_is_told_for_a_full_hour_of_the_site() {
        let now = "2026-11-27T04:00:00Z".parse().unwrap();
        for (usage, told) in [
            (usage(2200, 250.0 / 3.0), "at this rate 36 % at 15:00"),
            (
                usage(8000, 400.0),
                "at this rate 90 % at 14:33, from where on nothing more is asked",
            ),
        ] {
            let foretold = foretold(&usage, now, Adelaide);
            assert_eq!(at_this_rate(&foretold, Adelaide), told);
        }
    }

    #[test]
    fn what_waits_and_what_goes_slower_is_told_in_words_of_the_desk() {
        for (used, told) in [
            (4900, None),
            (
                5000,
                Some(
                    "first loads and full sweeps wait, but for their floor; sweeps, replays, other live changes go slower",
                ),
            ),
            (
                7600,
                Some(
                    "first loads and full sweeps, sweeps, replays, other live changes wait, but for their floor; tickets and \
                     billing, previews go slower",
                ),
            ),
            (
                9000,
                Some("nothing more is asked until there is room again"),
            ),
        ] {
            let trouble = trouble(&usage(used, 0.0));
            assert_eq!(trouble.is_some(), told.is_some(), "{used}: {trouble:?}");
            if let (Some(trouble), Some(told)) = (trouble, told) {
                assert!(trouble.contains(told), "{trouble}");
            }
        }
    }
}
