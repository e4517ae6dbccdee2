//! How much of the allowance is used, as far as we know.

use domain::{Lane, System};
use serde::Serialize;
use sqlx::PgExecutor;

use crate::{Db, Error};

/// How much of the allowance is used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Usage {
    /// What the last measure said.
    pub used: i32,
    /// How many calls a window has.
    pub allowance: i32,
    /// How long the window is.
    pub window_minutes: i32,
    /// What we granted since the measure, and what of ours was on its way when it was taken.
    pub granted_since: i32,
    /// Calls a minute that are not ours.
    pub rate_others: f64,
    /// How old the measure is; `None` before the first.
    pub age_seconds: Option<f64>,
    /// What we granted in the window that ends now, by lane, in the order of [`Lane::ALL`].
    pub granted: Vec<i32>,
    /// What we granted in the last sixth of the window.
    pub granted_lately: i32,
    /// For how long everybody waits yet because the allowance is used up.
    pub stopped_seconds: Option<f64>,
}

impl Usage {
    /// The share of the allowance that is used.
    ///
    /// What a measure counted is all over once it is older than the window: then our own calls of the window count, and
    /// the others' at the rate that they had.
    pub fn share(&self) -> f64 {
        let window = self.minutes();
        let age = self.age_seconds.unwrap_or_default() / 60.0;
        let others_since = self.rate_others * age.min(window);
        let used = if age < window {
            f64::from(self.used) + f64::from(self.granted_since)
        } else {
            f64::from(self.ours())
        };
        (used + others_since) / self.allowance()
    }

    /// What a lane was granted in the window.
    pub fn granted(&self, lane: Lane) -> i32 {
        self.granted.get(lane.place()).copied().unwrap_or_default()
    }

    /// Our own calls of the window.
    pub fn ours(&self) -> i32 {
        self.granted.iter().sum()
    }

    /// Our own calls a minute, of late.
    pub fn rate_ours(&self) -> f64 {
        f64::from(self.granted_lately) / (self.minutes() / 6.0)
    }

    pub(super) fn allowance(&self) -> f64 {
        f64::from(self.allowance.max(1))
    }

    pub(super) fn minutes(&self) -> f64 {
        f64::from(self.window_minutes.max(1))
    }
}

/// How much of the allowance is used, as far as we know.
pub async fn usage(db: &Db) -> Result<Usage, Error> {
    usage_in(&db.0).await
}

pub(super) async fn usage_in(executor: impl PgExecutor<'_>) -> Result<Usage, Error> {
    let words = Lane::ALL.map(|lane| lane.as_str().to_owned());
    Ok(sqlx::query_as!(
        Usage,
        r#"select s.used, s.allowance, s.window_minutes, s.granted_since, s.rate_others,
                  extract(epoch from now() - s.measured_at)::float8 as age_seconds,
                  array(select coalesce(sum(u.calls), 0)::int
                        from unnest($2::text[]) with ordinality as lane (word, place)
                        left join lane_use u
                          on u.lane = lane.word and u.at > now() - make_interval(mins => s.window_minutes)
                        group by lane.place order by lane.place) as "granted!",
                  (select coalesce(sum(u.calls), 0)::int from lane_use u
                   where u.at > now() - make_interval(mins => s.window_minutes) / 6) as "granted_lately!",
                  case when s.stopped_code = 'budget' and s.stopped_until > now()
                       then extract(epoch from s.stopped_until - now())::float8 end as stopped_seconds
           from system_state s where s.system = $1"#,
        System::Autotask.as_str(),
        &words,
    )
    .fetch_one(executor)
    .await?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// 4,000 of 10,000 used an instant ago, none of it ours.
    pub(in crate::budget) fn measured() -> Usage {
        Usage {
            used: 4000,
            allowance: 10_000,
            window_minutes: 60,
            granted_since: 0,
            rate_others: 0.0,
            age_seconds: Some(0.0),
            granted: vec![0; 6],
            granted_lately: 0,
            stopped_seconds: None,
        }
    }

    #[test]
    fn an_old_measure_counts_what_others_have_used_since() {
        let usage = Usage {
            granted_since: 700,
            rate_others: 10.0,
            age_seconds: Some(1800.0),
            ..measured()
        };
        assert!((usage.share() - 0.50).abs() < 1e-9, "{}", usage.share());
    }

    #[test]
    fn a_measure_older_than_the_window_says_nothing_any_more() {
        let usage = Usage {
            granted_since: 20_000,
            granted: vec![100, 0, 0, 300, 0, 0],
            rate_others: 10.0,
            age_seconds: Some(3599.0),
            ..measured()
        };
        assert!(usage.share() > 2.4, "{}", usage.share());
        let ancient = Usage {
            age_seconds: Some(1e9),
            ..usage
        };
        let share = ancient.share();
        assert!(
            (share - 0.10).abs() < 1e-9,
            "{share}: a window's worth of each"
        );
    }
}
