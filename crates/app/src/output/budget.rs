//! What `crossbill budget` shows.

use super::table::table;
use crate::operate::budget::Budget;

/// A sentence, the rates, the lanes, and where calls are made just now.
pub(crate) fn budget(budget: &Budget) -> String {
    let usage = &budget.usage;
    let lanes: Vec<_> = budget
        .lanes
        .iter()
        .map(|it| {
            [
                it.lane.as_str().to_owned(),
                it.granted.to_string(),
                it.next.to_owned(),
                format!("{} %", it.slower_from),
                format!("{} %", it.waits_from),
                it.floor.to_string(),
            ]
        })
        .collect();
    let mut parts = vec![
        format!(
            "{}\nOurs: {} calls in {} min, {:.1} a minute of late. Others': {:.1} a minute.",
            budget.plain,
            usage.ours(),
            usage.window_minutes,
            budget.rate_ours,
            usage.rate_others
        ),
        table(
            [
                "LANE",
                "CALLS",
                "NEXT",
                "SLOWER FROM",
                "WAITS FROM",
                "FLOOR",
            ],
            &lanes,
        ),
    ];
    let endpoints: Vec<_> = budget
        .endpoints
        .iter()
        .map(|it| {
            let crowded = if it.is_crowded {
                "one place only, as Autotask refused a call for too many at once"
            } else {
                ""
            };
            [
                it.endpoint.clone(),
                it.taken.to_string(),
                crowded.to_owned(),
            ]
        })
        .collect();
    if !endpoints.is_empty() {
        parts.push(table(["ENDPOINT", "AT ONCE", ""], &endpoints));
    }
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::Lane;
    use store::{
        budget::{Forecast, Usage},
        slot::Busy,
    };

    use super::*;
    use crate::operate::budget::LaneUse;

    #[test]
    fn it_tells_who_used_what_who_waits_and_where_calls_are_made() {
        let shown = budget(&Budget {
            plain: "52 % of 10000 calls in 60 min are used.".to_owned(),
            usage: Usage {
                used: 5200,
                allowance: 10_000,
                window_minutes: 60,
                granted_since: 0,
                rate_others: 80.04,
                age_seconds: Some(3.0),
                granted: vec![100, 0, 0, 0, 20, 0],
                granted_lately: 20,
                stopped_seconds: None,
            },
            percent: 52,
            rate_ours: 2.0,
            forecast: Forecast {
                share: 0.5,
                at: DateTime::UNIX_EPOCH,
            },
            lanes: vec![LaneUse {
                lane: Lane::Bulk,
                granted: 100,
                floor: 100,
                slower_from: 50,
                waits_from: 50,
                next: "waits",
            }],
            endpoints: vec![Busy {
                endpoint: "Tickets".to_owned(),
                taken: 1,
                is_crowded: true,
            }],
        });
        assert_eq!(
            shown,
            "52 % of 10000 calls in 60 min are used.\n\
             Ours: 120 calls in 60 min, 2.0 a minute of late. Others': 80.0 a minute.\n\n\
             LANE  CALLS  NEXT   SLOWER FROM  WAITS FROM  FLOOR\n\
             bulk  100    waits  50 %         50 %        100\n\n\
             ENDPOINT  AT ONCE\n\
             Tickets   1        one place only, as Autotask refused a call for too many at once"
        );
    }
}
