//! Incremental sweeps: what was made, changed or deleted since the last pass is looked at again, whether somebody told
//! of it or not; and what is paired and not told any more ([`Shows::Absent`](sync::Shows)). Full sweeps compare the contents
//! of all that is paired ([`Shows::Contents`](sync::Shows)).
//!
//! A pass reads ids and times, publishes events that can wait, and then moves the watermark of its trail; workers do
//! the rest. It is safe to repeat at any moment and to end at any point: the watermark moves last, and only from where
//! the pass found it.

mod absence;
mod cause;
mod contents;
mod drift;
mod found;
mod pass;
mod reader;
mod window;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use broker::Broker;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{Clock, Kind};
use futures_util::future::join_all;
use store::{
    Db, gap,
    sweep::{self, Due, Passed, Swept, Taken},
};
use sync::{Publish, Shows, Systems, Trail};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

pub use self::reader::{Reader, Readers};
use self::{found::Told, pass::Pass};
use crate::{
    metrics as names,
    trouble::{Trouble, chain},
    upkeep::{Step, every},
};

/// The trail of full sweeps.
pub const CONTENTS: &str = Trail::contents(domain::System::Jim2).name;

/// What sweeps work with.
#[derive(Debug, Clone)]
pub struct Sweeps {
    /// The database.
    pub db: Db,
    /// Where events go.
    pub publish: Publish,
    /// For looking how many events of sweeps wait already.
    pub broker: Broker,
    /// Autotask. It is asked in the lane of sweeps, and for all that is paired in that of bulk work.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who we are in leases: one name a process.
    pub holder: String,
    /// What is swept.
    pub trails: Vec<Trailed>,
    /// How kinds read what a full sweep compares.
    pub readers: Readers,
    /// How it is paced.
    pub pacing: Pacing,
}

/// A trail, whose it is, and what the site says of it.
#[derive(Debug, Clone)]
pub struct Trailed {
    /// The kind that its events are of.
    pub kind: Kind,
    /// The trail.
    pub trail: Trail,
    /// How often; `None` is never by itself.
    pub every: Option<Duration>,
    /// The queue in which events of this kind wait for live ones.
    pub queue: String,
}

impl Trailed {
    /// Its row.
    pub fn swept(&self) -> Swept {
        Swept {
            kind: self.kind.clone(),
            system: self.trail.on(),
            trail: self.trail.name.to_owned(),
        }
    }
}

/// How sweeps are paced. Tests shorten it.
#[derive(Debug, Clone)]
pub struct Pacing {
    /// How often it is looked whether one is due.
    pub look: Duration,
    /// The same for a full sweep, which has all night.
    pub look_by_night: Duration,
    /// How long a process keeps a sweep without a sign of life. Longer than a call with all its waits.
    pub lease: Duration,
    /// From this many waiting events of a kind on, no more are added.
    pub outstanding: u32,
    /// How long to wait before looking again whether there are fewer.
    pub wait: Duration,
    /// The most rows of one page, 1 to 500.
    pub page_rows: usize,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(5),
            look_by_night: Duration::from_mins(1),
            lease: Duration::from_mins(5),
            outstanding: 1_000,
            wait: Duration::from_secs(1),
            page_rows: 500,
        }
    }
}

/// What a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// What was changed since the last passes, and what is gone.
    News,
    /// What was changed since then.
    Since(DateTime<Utc>),
    /// The contents of all that is paired.
    Contents,
}

/// Why a pass is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is due.
    Due,
    /// A person asks for it, from then on where that is said.
    Asked(Option<DateTime<Utc>>),
}

impl Asked {
    fn asks_for(self, trail: &Trail) -> bool {
        let is_full = matches!(trail.shows, Shows::Contents(_));
        match self {
            Self::News => !is_full,
            Self::Since(_) => trail.shows_changes(),
            Self::Contents => is_full,
        }
    }
}

/// What became of a sweep that a person asked for.
#[derive(Debug)]
pub enum Came {
    /// It is done.
    Done(Passed),
    /// Another process is at it just now.
    Busy,
    /// It came to nothing, for this plain reason.
    Nothing(String),
}

/// Sweeps what is due until `stop`. Any number of processes may do so at once: each pass is done by one.
pub async fn run(sweeps: Sweeps, stop: CancellationToken) {
    let trails = sweeps.trails.iter().filter(|it| it.every.is_some());
    let loops = trails.map(|trailed| {
        let (told, planted) = (Mutex::new(Told::default()), OnceCell::new());
        let (sweeps, stop) = (&sweeps, &stop);
        async move {
            let name = format!("sweep of {}", words(&trailed.swept()));
            let work = || async {
                planted.get_or_try_init(|| sweeps.plant(trailed)).await?;
                sweeps.step(trailed, &told).await
            };
            let look = match trailed.trail.shows {
                Shows::Contents(_) => sweeps.pacing.look_by_night,
                Shows::Autotask(_) | Shows::Jim2(_) | Shows::Absent(_) => sweeps.pacing.look,
            };
            Box::pin(every(&name, look, &sweeps.db, stop, work)).await;
        }
    });
    join_all(loops).await;
}

/// How much later than its interval a sweep is to be said to stand still, which is `usual` for most: a full one goes on for
/// some nights.
pub fn may_be_late(of: &Swept, usual: TimeDelta) -> TimeDelta {
    if of.trail == CONTENTS {
        TimeDelta::days(3)
    } else {
        usual
    }
}

/// A sweep as it is told: `ticket (deletions) in Autotask`.
pub fn words(of: &Swept) -> String {
    match of.trail.as_str() {
        "" => format!("{} in {}", of.kind, of.system),
        trail => format!("{} ({}) in {}", of.kind, trail.replace('_', " "), of.system),
    }
}

impl Sweeps {
    /// Sweeps the trail, if it is due and nobody else is at it.
    async fn step(&self, trailed: &Trailed, told: &Mutex<Told>) -> Result<Step, Trouble> {
        // What nobody takes would only pile up, and what is read now would be read again then.
        if !Systems::new(self.db.clone()).are_open().await? {
            return Ok(Step::Rest);
        }
        let due = Due {
            every: trailed.every,
            gaps_until: trailed.trail.shows_changes().then(|| self.clock.now()),
        };
        let lease = (self.holder.as_str(), self.pacing.lease);
        if let Some(taken) = sweep::take(&self.db, &trailed.swept(), due, lease).await? {
            match self.pass(trailed, taken, told, Why::Due).await {
                Ok(_) => self.close_gaps().await?,
                // Nothing is wrong: it is tried again when there is room for it.
                Err(
                    trouble
                    @ (Trouble::Waits | Trouble::Closed | Trouble::Overtaken | Trouble::Day),
                ) => {
                    let sweep = words(&trailed.swept());
                    tracing::debug!(sweep, reason = chain(&trouble), "a sweep ended early");
                }
                // It is made again when it is due, and not before.
                Err(trouble @ Trouble::Absent { .. }) => {
                    let sweep = words(&trailed.swept());
                    tracing::error!(
                        sweep,
                        reason = chain(&trouble),
                        "a sweep waits for a person"
                    );
                }
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(Step::Rest)
    }

    /// Sweeps all trails of `kind` (`None`: of all kinds) that are asked for now, also those that are not swept by themselves.
    pub async fn sweep_now(
        &self,
        kind: Option<&Kind>,
        what: Asked,
    ) -> Result<Vec<(Swept, Came)>, store::Error> {
        let told = Mutex::new(Told::default());
        let since = match what {
            Asked::Since(since) => Some(since),
            Asked::News | Asked::Contents => None,
        };
        let mut all = Vec::new();
        let wanted = |trailed: &&Trailed| {
            what.asks_for(&trailed.trail) && kind.is_none_or(|kind| *kind == trailed.kind)
        };
        for trailed in self.trails.iter().filter(wanted) {
            let came = match self.take_now(trailed).await? {
                None => Came::Busy,
                Some(taken) => match self.pass(trailed, taken, &told, Why::Asked(since)).await {
                    Ok(passed) => Came::Done(passed),
                    Err(trouble) => {
                        let why = chain(&trouble);
                        trouble.heed(&self.db).await;
                        Came::Nothing(why)
                    }
                },
            };
            all.push((trailed.swept(), came));
        }
        self.close_gaps().await?;
        Ok(all)
    }

    /// Sets the sweep up, where this site has never had it.
    async fn plant(&self, trailed: &Trailed) -> Result<(), store::Error> {
        let first = window::first(self.clock.now());
        sweep::plant(&self.db, &trailed.swept(), first).await
    }

    /// Takes the sweep, whether it is due or not; `None` while somebody else has it.
    async fn take_now(&self, trailed: &Trailed) -> Result<Option<Taken>, store::Error> {
        self.plant(trailed).await?;
        let lease = (self.holder.as_str(), self.pacing.lease);
        let now = Due {
            every: None,
            gaps_until: trailed.trail.shows_changes().then(|| self.clock.now()),
        };
        sweep::take(&self.db, &trailed.swept(), now, lease).await
    }

    /// A pass over what was taken. Whatever ends it early leaves the watermark where it was.
    async fn pass(
        &self,
        trailed: &Trailed,
        taken: Taken,
        told: &Mutex<Told>,
        why: Why,
    ) -> Result<Passed, Trouble> {
        let of = trailed.swept();
        let pass = Pass::new(self, trailed, &of, told);
        let labels = [
            ("kind", of.kind.to_string()),
            ("system", of.system.as_str().to_owned()),
        ];
        match pass.go(&taken, why).await {
            Ok(passed) => {
                metrics::counter!(names::SWEEP_PASSES, &labels).increment(1);
                if passed.found > 0 {
                    tracing::info!(
                        sweep = words(&of),
                        records = passed.found,
                        since = %passed.from,
                        "records are looked at again"
                    );
                }
                Ok(passed)
            }
            Err(trouble @ Trouble::Absent { .. }) => {
                sweep::stop(&self.db, &of, &self.holder, &chain(&trouble)).await?;
                Err(trouble)
            }
            // It goes on where it stands, in the next night.
            Err(Trouble::Day) => {
                sweep::let_go(&self.db, &of, &self.holder).await?;
                Err(Trouble::Day)
            }
            Err(trouble) => {
                sweep::give_up(&self.db, &of, &self.holder, &chain(&trouble)).await?;
                Err(trouble)
            }
        }
    }

    /// Closes the gaps that the last passes have met.
    async fn close_gaps(&self) -> Result<(), store::Error> {
        let swept: Vec<Swept> = self
            .trails
            .iter()
            .filter(|trailed| trailed.every.is_some() && trailed.trail.shows_changes())
            .map(Trailed::swept)
            .collect();
        for gap in gap::close_swept(&self.db, &swept).await? {
            tracing::info!(
                reason = gap.reason,
                since = %gap.since,
                until = gap.until.map(tracing::field::display),
                missed = gap.missed,
                records = gap.found,
                "a gap is closed: all that was changed in it is looked at again"
            );
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
