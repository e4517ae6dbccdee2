//! A month in the site's zone.

use std::ops::Range;

use anyhow::Context as _;
use chrono::{DateTime, Datelike as _, Months, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// A month: its name and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Month {
    /// As `2026-11`.
    pub(crate) name: String,
    /// From its first moment to that of the next month.
    pub(crate) range: Range<DateTime<Utc>>,
}

/// The month that is asked for, else the one in which `now` is.
pub(crate) fn month(
    asked: Option<(i32, u32)>,
    now: DateTime<Utc>,
    zone: Tz,
) -> anyhow::Result<Month> {
    let today = now.with_timezone(&zone).date_naive();
    let (year, month) = asked.unwrap_or((today.year(), today.month()));
    let first = NaiveDate::from_ymd_opt(year, month, 1).context("there is no such month")?;
    let next = first.checked_add_months(Months::new(1));
    let next = next.context("there is no month after that")?;
    let begins = |day: NaiveDate| {
        let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(zone);
        let midnight = midnight
            .earliest()
            .context("that month begins at no time of the site's zone")?;
        anyhow::Ok(midnight.to_utc())
    };
    Ok(Month {
        name: first.format("%Y-%m").to_string(),
        range: begins(first)?..begins(next)?,
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::Australia::Sydney;

    use super::*;

    #[test]
    fn a_month_is_that_of_the_sites_clocks() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        // Half past ten in Sydney, on the first of December.
        let now = at("2026-11-30T23:30:00Z");
        let this = month(None, now, Sydney).unwrap();
        assert_eq!(this.name, "2026-12");
        assert_eq!(
            this.range,
            at("2026-11-30T13:00:00Z")..at("2026-12-31T13:00:00Z")
        );
        // The clocks go forward in October.
        let october = month(Some((2026, 10)), now, Sydney).unwrap();
        assert_eq!(
            october.range,
            at("2026-09-30T14:00:00Z")..at("2026-10-31T13:00:00Z")
        );
        assert!(month(Some((2026, 13)), now, Sydney).is_err());
    }
}
