//! Taking in what Autotask says of the allowance, and what others use of it.

use domain::System;

use crate::{Db, Error};

/// Measures nearer together than this part of the window tell no rate.
const TOO_NEAR: f64 = 1.0 / 240.0;

/// What we had granted when a measure began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Begun {
    /// Since the measure before.
    pub granted_since: i32,
    /// Of that, what was on its way at most: the places that were taken.
    pub on_its_way: i32,
}

/// What Autotask says of the allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Calls made in the window until now.
    pub used: i32,
    /// Calls that a window has.
    pub allowance: i32,
    /// How long the window is.
    pub window_minutes: i32,
}

/// To be called before Autotask is asked.
pub async fn begin_measure(db: &Db) -> Result<Begun, Error> {
    Ok(sqlx::query_as!(
        Begun,
        r#"select granted_since,
                  (select count(*)::int from slot where owner is not null) as "on_its_way!"
           from system_state where system = $1"#,
        System::Autotask.as_str(),
    )
    .fetch_one(&db.0)
    .await?)
}

/// Takes in what Autotask says. Calls that were granted before it was asked and may not have arrived by then go on
/// counting: a measure must not lose them.
pub async fn measure(db: &Db, begun: Begun, told: Told) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    let row = sqlx::query!(
        r#"select s.others, s.rate_others,
                  extract(epoch from now() - s.measured_at)::float8 / 60 as age_minutes,
                  (select coalesce(sum(u.calls), 0)::int from lane_use u
                   where u.at > now() - make_interval(mins => $2)) as "ours!"
           from system_state s where s.system = $1 for update of s"#,
        System::Autotask.as_str(),
        told.window_minutes,
    )
    .fetch_one(&mut *tx)
    .await?;
    let others = (told.used - (row.ours - begun.on_its_way).max(0)).max(0);
    let before = row.others.zip(row.age_minutes).map(|(others, age)| Before {
        others,
        rate: row.rate_others,
        age_minutes: age,
    });
    sqlx::query!(
        "update system_state
         set rate_others = $2, others = $3, used = $4, allowance = $5, window_minutes = $6,
             granted_since = greatest(0, granted_since - $7) + $8, measured_at = now()
         where system = $1",
        System::Autotask.as_str(),
        rate_of_others(others, told.window_minutes, before),
        others,
        told.used,
        told.allowance,
        told.window_minutes,
        begun.granted_since,
        begun.on_its_way,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "delete from lane_use where at <= now() - make_interval(mins => $1)",
        told.window_minutes
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

/// The measure before.
#[derive(Debug, Clone, Copy)]
struct Before {
    others: i32,
    rate: f64,
    age_minutes: f64,
}

/// Calls a minute that are not ours.
///
/// Of a rolling window, growth alone tells too little: who calls steadily adds as many as leave it, and the count stands
/// still. So what leaves is added, which is what they call on average. A rate that rises is believed at once, one that
/// falls by half each time.
fn rate_of_others(others: i32, window_minutes: i32, before: Option<Before>) -> f64 {
    let window = f64::from(window_minutes.max(1));
    let leaving = f64::from(others) / window;
    let Some(before) = before else {
        return leaving;
    };
    if before.age_minutes < window * TOO_NEAR {
        return before.rate.max(leaving);
    }
    let growth = f64::from((others - before.others).max(0)) / before.age_minutes;
    let rate = leaving + growth;
    rate.max(f64::midpoint(rate, before.rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Others' calls of the window at each of these minutes; the rate after the last.
    fn rate(counts: &[(f64, i32)]) -> f64 {
        let mut rate = 0.0;
        let mut last: Option<(f64, i32)> = None;
        for (minute, others) in counts {
            let before = last.map(|(at, others)| Before {
                others,
                rate,
                age_minutes: minute - at,
            });
            rate = rate_of_others(*others, 60, before);
            last = Some((*minute, *others));
        }
        rate
    }

    #[test]
    fn a_steady_rate_is_seen_although_the_count_stands_still() {
        let steady: Vec<_> = (0..8).map(|n| (f64::from(n) * 1.5, 5000)).collect();
        assert!((rate(&steady) - 5000.0 / 60.0).abs() < 1e-9);
    }

    #[test]
    fn one_who_begins_is_seen_at_once_and_one_who_ends_is_forgotten_slowly() {
        let begins = [(0.0, 0), (1.5, 125)];
        assert!(rate(&begins) > 125.0 / 1.5, "{}", rate(&begins));
        let ends = [(0.0, 0), (1.5, 300), (3.0, 300)];
        let half = rate(&ends);
        assert!(
            (100.0..120.0).contains(&half),
            "{half}: of 205, and 5 leave"
        );
        let leave_at_once = [(0.0, 0), (1.5, 300), (3.0, 0)];
        let half = rate(&leave_at_once);
        assert!((half - 102.5).abs() < 1e-9, "{half}: by half each time");
        let over = [&ends[..], &[(4.5, 300), (6.0, 300), (7.5, 300), (9.0, 300)]].concat();
        assert!(rate(&over) < 20.0, "{}", rate(&over));
    }

    #[test]
    fn two_measures_at_once_do_not_make_a_rate_of_a_call_or_two() {
        let slow = rate(&[(0.0, 600), (0.001, 602)]);
        assert!(slow < 11.0, "{slow}");
        let kept = rate(&[(0.0, 0), (1.5, 300), (1.501, 300)]);
        assert!((kept - 205.0).abs() < 1e-9, "{kept}: as it was");
    }
}
