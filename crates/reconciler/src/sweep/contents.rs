//! One pass over the contents of a kind's pairs: which of them hold something else than both sides last agreed on.
//!
//! The records are read a page at a time, and each mapped field is held against the pair's shadow: times of a change do not
//! move for every field. Where a kind lists its records, those that no pair is of show up, too. What differs is published to
//! be looked at, and counted by its cause; the worker judges. Nothing is written here but how far the pass has come, and no
//! more than a page is in memory.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{Failure, Lane, RecordId, System};
use store::{
    contents::{self, Comparing, Page},
    gap::{self, Gap},
    sweep::{Mark, Passed, Taken},
};
use sync::{Facts, Half, Hours, Mappings};

use super::{Reader, Why, absence::AT_ONCE, cause::FRESH, pass::Pass};
use crate::trouble::Trouble;

/// Gaps that are looked at for what was changed in them, the latest first.
const GAPS: i64 = 500;

/// What a pass compares with.
pub(super) struct Scale {
    pub(super) reader: Reader,
    pub(super) facts: Facts,
    pub(super) gaps: Vec<Gap>,
    /// How far our clock is ahead of the one that stamps the records.
    ahead: TimeDelta,
    /// From when on nobody has looked for records that nobody has met: the pass before left out what was fresh.
    pub(super) since: DateTime<Utc>,
}

impl Scale {
    /// A time by the clock of the records' system, by ours.
    pub(super) fn in_our_time(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        at + self.ahead
    }
}

impl Pass<'_> {
    /// Compares all pairs, page by page, and has those looked at that are not as agreed.
    pub(super) async fn compare(&self, taken: &Taken, why: Why) -> Result<Passed, Trouble> {
        let (sweeps, of) = (self.sweeps, self.of);
        let (db, now) = (&sweeps.db, sweeps.clock.now());
        let scale = self.scale(now, taken.mark.at).await?;
        let night = Hours::night(&scale.facts).filter(|_| why == Why::Due);
        let is_time = || {
            let holds = |night: &Hours| night.holds(sweeps.clock.now(), scale.facts.zone);
            night.as_ref().is_none_or(holds)
        };
        // What does not even begin is no pass.
        if !is_time() {
            return Err(Trouble::Day);
        }
        let Comparing {
            began_at,
            mut place,
        } = contents::begin(db, of, &sweeps.holder, now)
            .await?
            .ok_or(Trouble::Overtaken)?;
        let (mut found, mut all) = (0, 0);
        loop {
            self.may_go_on().await?;
            let reading = self.read(&scale, place.as_deref());
            let reading = autotask::in_lane(Lane::Bulk, reading);
            let (read, calls) = autotask::counting(reading).await;
            let read = read?;
            let page = self.judge_page(&scale, read.halves).await?;
            found += self.publish(page.events).await?;
            all += page.compared;
            self.tell_drift(&page.drift);
            let last = read.last.map(|id| id.to_string()).or_else(|| place.clone());
            let moved = Page {
                moved: (place.as_deref(), last.as_deref()),
                compared: page.compared,
                calls: i64::try_from(calls).unwrap_or(i64::MAX),
                drift: &page.drift,
            };
            if !contents::compared(db, of, (&sweeps.holder, began_at), &moved).await? {
                return Err(Trouble::Overtaken);
            }
            place = last;
            if read.is_end {
                break;
            }
            if !is_time() {
                return Err(Trouble::Day);
            }
        }
        contents::end(db, of, began_at).await?;
        Ok(Passed {
            from: taken.mark.at,
            to: began_at,
            found,
            asked: Some(all),
            mark: Mark {
                at: began_at,
                last_id: None,
            },
        })
    }

    /// The kind's own reading and thinking, with the settings and the mapping of this moment; the pass before began at
    /// `before`.
    async fn scale(&self, now: DateTime<Utc>, before: DateTime<Utc>) -> Result<Scale, Trouble> {
        let sweeps = self.sweeps;
        let zone = sweeps.jim2.settings().time_zone;
        let facts = Mappings::load(&sweeps.db, zone).await?.facts(now);
        let reader = sweeps.readers.of(&self.of.kind, &facts);
        Ok(Scale {
            reader: reader.ok_or(Trouble::Closed)?,
            facts,
            gaps: gap::ledger(&sweeps.db, GAPS).await?,
            ahead: self.ahead().await?,
            since: before - FRESH,
        })
    }

    /// A page of records behind `place`: the kind's own list, or its pairs by their ids.
    async fn read(&self, scale: &Scale, place: Option<&str>) -> Result<Records, Trouble> {
        let (hands, on) = (&scale.reader.hands, self.of.system);
        let rows = self.sweeps.pacing.page_rows;
        let listed = match on {
            System::Autotask => {
                let after = place.and_then(|place| place.parse().ok());
                hands.list(after, rows).await.map_err(of_hands)?
            }
            // Its records are read by their numbers.
            System::Jim2 => None,
        };
        if let Some(halves) = listed {
            return Ok(Records {
                last: halves.last().map(|half| half.id.clone()),
                is_end: halves.len() < rows,
                halves,
            });
        }
        let rows = rows.min(AT_ONCE);
        let limit = i64::try_from(rows).unwrap_or(i64::MAX);
        let ids = contents::next(&self.sweeps.db, self.of, place, limit).await?;
        let halves = match ids.as_slice() {
            [] => Vec::new(),
            ids => hands.read(on, ids).await.map_err(of_hands)?,
        };
        Ok(Records {
            halves,
            last: ids.last().cloned(),
            is_end: ids.len() < rows,
        })
    }
}

/// Records, the last one that was asked for, and whether there are no more.
#[derive(Debug)]
struct Records {
    halves: Vec<Half>,
    last: Option<RecordId>,
    is_end: bool,
}

/// What can wait has to, where there are no calls left for it.
fn of_hands(failure: Failure) -> Trouble {
    match failure {
        Failure::Defer { .. } => Trouble::Waits,
        failure @ (Failure::Retry { .. }
        | Failure::Await { .. }
        | Failure::Wait { .. }
        | Failure::Unsure { .. }
        | Failure::Hold { .. }
        | Failure::Stop { .. }) => Trouble::Hands(Box::new(failure)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_full_sweep_waits_where_no_calls_are_left_for_it_and_for_nothing_else() {
        let waits = of_hands(Failure::Defer {
            after: Duration::from_mins(5),
            source: "too much of the allowance is used".into(),
        });
        assert!(matches!(waits, Trouble::Waits), "{waits:?}");
        let other = of_hands(Failure::retry("it does not answer"));
        assert!(matches!(other, Trouble::Hands(_)), "{other:?}");
    }
}
