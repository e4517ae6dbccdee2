//! One pass over one trail.

use std::sync::{Mutex, PoisonError};

use autotask::Window;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Event, Lane, RecordId, System};
use store::{
    clock,
    sweep::{self, Mark, Passed, Swept, Taken},
};
use sync::{Shows, Systems};
use tokio::time::{Instant, sleep};

use super::{
    Sweeps, Trailed, Why,
    found::{self, Told},
    window::{self, Seen, SourceClock},
};
use crate::{metrics as names, trouble::Trouble};

/// Rows whose ids are no higher than the highest one seen may have become visible after it: so many are read again.
const IDS_AGAIN: i64 = 200;
/// Events published at once.
pub(super) const HELPING: usize = 500;

/// One pass over one trail.
pub(super) struct Pass<'a> {
    pub(super) sweeps: &'a Sweeps,
    trailed: &'a Trailed,
    pub(super) of: &'a Swept,
    told: &'a Mutex<Told>,
}

/// What was met on the way.
#[derive(Debug, Default)]
struct Met {
    found: i64,
    latest: Option<DateTime<Utc>>,
    last_id: Option<i64>,
}

impl<'a> Pass<'a> {
    pub(super) fn new(
        sweeps: &'a Sweeps,
        trailed: &'a Trailed,
        of: &'a Swept,
        told: &'a Mutex<Told>,
    ) -> Self {
        Self {
            sweeps,
            trailed,
            of,
            told,
        }
    }

    /// Reads, publishes, and moves the watermark, from a time on that a person has said, where one has.
    pub(super) async fn go(&self, taken: &Taken, why: Why) -> Result<Passed, Trouble> {
        let (now, began) = (self.sweeps.clock.now(), Instant::now());
        let zone = self.sweeps.jim2.settings().time_zone;
        let source = SourceClock {
            of: self.of.system,
            zone,
            apart: self.ahead().await?.abs(),
        };
        let usual = window::start(taken, now, source);
        let from = match why {
            Why::Asked(since) => since.unwrap_or(usual),
            Why::Due => usual,
        };
        let met = match self.trailed.trail.shows {
            Shows::Autotask(columns) => self.rows(&columns, from, taken.mark.last_id).await?,
            Shows::Jim2(what) => self.records(what, from).await?,
            Shows::Absent(absence) => {
                let passed = Box::pin(self.ask_after(&absence, taken)).await?;
                self.finish(taken, &passed, true).await?;
                return Ok(passed);
            }
            Shows::Contents(_) => {
                let passed = Box::pin(self.compare(taken, why)).await?;
                self.finish(taken, &passed, true).await?;
                return Ok(passed);
            }
        };
        let seen = Seen {
            began: now,
            took: TimeDelta::from_std(began.elapsed()).unwrap_or(TimeDelta::MAX),
            latest: met.latest,
        };
        let mark = Mark {
            at: window::moved(taken.mark.at, &seen, self.of.system),
            last_id: taken.mark.last_id.max(met.last_id),
        };
        let is_whole = from <= usual;
        let passed = Passed {
            from,
            to: now,
            found: met.found,
            asked: None,
            // What lies between the mark and a later time that a person named was not looked at.
            mark: if is_whole { mark } else { taken.mark },
        };
        self.finish(taken, &passed, is_whole).await?;
        Ok(passed)
    }

    /// How far our clock was ahead of the system's when that was last heard of.
    pub(super) async fn ahead(&self) -> Result<TimeDelta, Trouble> {
        let look = clock::last(&self.sweeps.db, self.of.system).await?;
        Ok(look.map_or(TimeDelta::zero(), |look| look.ahead))
    }

    async fn finish(&self, taken: &Taken, passed: &Passed, is_whole: bool) -> Result<(), Trouble> {
        let (db, holder) = (&self.sweeps.db, &self.sweeps.holder);
        if !is_whole {
            sweep::let_go(db, self.of, holder).await?;
            return Ok(());
        }
        if !sweep::finish(db, self.of, holder, &taken.mark, passed).await? {
            return Err(Trouble::Overtaken);
        }
        Ok(())
    }

    /// Rows of Autotask, a page in hand.
    async fn rows(
        &self,
        columns: &autotask::Trail,
        since: DateTime<Utc>,
        last_id: Option<i64>,
    ) -> Result<Met, Trouble> {
        let autotask = self.sweeps.autotask.lane(Lane::Sweep);
        let above = |last: Option<i64>| {
            let last = last.filter(|_| columns.new_by_id);
            last.map(|last| (last - IDS_AGAIN).max(0))
        };
        let window = Window {
            since,
            above: above(last_id),
            page_rows: self.sweeps.pacing.page_rows,
        };
        let (mut met, mut after) = (Met::default(), None);
        loop {
            self.may_go_on().await?;
            let page = autotask.changed(columns, &window, after).await;
            let page = page.map_err(Trouble::of_sweep)?;
            met.latest = page.items.iter().fold(met.latest, |at, row| at.max(row.at));
            met.last_id = met.last_id.max(page.items.last().map(|row| row.row));
            let news = self.told(|told| told.news(page.items));
            // A log says when something was deleted, not how fresh the ticket has to be.
            let prefix = self.trailed.trail.prefix;
            let is_floor = columns.about == "id" && prefix.is_empty();
            let events = found::events(&self.trailed.kind, prefix, &news, is_floor);
            met.found += self.publish(events).await?;
            self.told(|told| told.remember(&news));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let next_above = above(met.last_id.max(last_id));
        self.told(|told| told.forget(since, next_above));
        Ok(met)
    }

    /// Records of Jim2: their ids come all at once.
    async fn records(&self, what: jim2::Modified, since: DateTime<Utc>) -> Result<Met, Trouble> {
        self.may_go_on().await?;
        let mut ids = self.sweeps.jim2.modified(what, since).await?;
        ids.sort_unstable();
        ids.dedup();
        let mut met = Met::default();
        for ids in ids.chunks(HELPING) {
            let event = |id: &String| {
                let id = RecordId::from(id.as_str());
                found::event(&self.trailed.kind, System::Jim2, id)
            };
            let events = ids.iter().map(event);
            met.found += self.publish(events.collect()).await?;
        }
        Ok(met)
    }

    /// Publishes events once there is room for them. How many they were.
    pub(super) async fn publish(&self, events: Vec<Event>) -> Result<i64, Trouble> {
        let count = events.len();
        if count == 0 {
            return Ok(0);
        }
        let (sweeps, queue) = (self.sweeps, &self.trailed.queue);
        while sweeps.broker.depth(queue).await?.messages >= sweeps.pacing.outstanding {
            sleep(sweeps.pacing.wait).await;
            self.may_go_on().await?;
        }
        sweeps.publish.events(events).await?;
        let system = self.of.system.as_str();
        metrics::counter!(names::SWEEP_FOUND, "kind" => self.of.kind.to_string(), "system" => system)
            .increment(count as u64);
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Whether the pass is still ours and there is still somebody to work on what it finds.
    pub(super) async fn may_go_on(&self) -> Result<(), Trouble> {
        let sweeps = self.sweeps;
        if !Systems::new(sweeps.db.clone()).are_open().await? {
            return Err(Trouble::Closed);
        }
        let lease = (sweeps.holder.as_str(), sweeps.pacing.lease);
        if !sweep::renew(&sweeps.db, self.of, lease).await? {
            return Err(Trouble::Overtaken);
        }
        Ok(())
    }

    fn told<T>(&self, with: impl FnOnce(&mut Told) -> T) -> T {
        with(&mut self.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
