//! The loops that clean up behind outages and crashes, each as a step of its own.
//!
//! | loop | puts back |
//! |---|---|
//! | drainer | messages that the broker could not take |
//! | rescuer | events on claims that ran out |
//! | releaser | held items whose problem is solved |
//! | clerk | dead letters: once alone, or home from a retry tier, then as held items |
//! | guardian | our webhooks in Autotask, as they are to be; and it opens gaps for calls that never came |
//! | lister | nothing: it reads the lists of both systems again, and marks what is gone |
//! | meter | nothing: it asks Autotask how much of the allowance is used |
//! | warden | nothing: it stops all writing to a Jim2 that is not the database we know, and opens gaps where a clock jumped |
//! | herald | nothing: it looks what is alarming, and tells people by each outlet ([`crate::alerts`]) |

mod clerk;
mod drainer;
mod every;
mod guardian;
mod lister;
mod meter;
mod releaser;
mod rescuer;
mod warden;

use std::{sync::Arc, time::Duration};

use broker::{Broker, Publisher};
use domain::{Clock, Lane};
use futures_util::future::join_all;
use store::Db;
use sync::Publish;
use tokio_util::sync::CancellationToken;

use crate::{
    Trailed,
    alerts::{self, Alerts},
    lists::Lists,
    webhooks::{Hook, Place, Wanted},
};
pub(crate) use every::every;
pub(crate) use guardian::WHO as GUARDIAN;
#[cfg(test)]
pub(crate) use lister::refresh_once as refresh_lists;
use releaser::Releaser;
use warden::Warden;

/// What upkeep works with.
#[derive(Debug, Clone)]
pub struct Upkeep {
    /// The database.
    pub db: Db,
    /// Where events go.
    pub publish: Publish,
    /// Where dead letters go on. It must not watch queue lengths: what comes back is never refused.
    pub publisher: Publisher,
    /// Ingress's own way to the broker, closed to live events while the queues are full: what was spilled takes it.
    pub intake: Publisher,
    /// For looking into the dead queue.
    pub broker: Broker,
    /// Autotask. It is asked in its essential lane.
    pub autotask: autotask::Client,
    /// Jim2.
    pub jim2: jim2::Client,
    /// The lists of both systems. They are asked in Autotask's bulk lane.
    pub lists: Lists,
    /// The webhooks that are to be.
    pub hooks: Vec<Hook>,
    /// What they have alike; `None` where nothing can come in from outside, and webhooks are not looked after.
    pub wanted: Option<Wanted>,
    /// What is swept, for who is told up to when all is complete.
    pub trails: Vec<Trailed>,
    /// How people are told.
    pub alerts: Alerts,
    /// Who we are in claims: one name a process.
    pub holder: String,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How often each loop steps.
    pub timing: Timing,
}

impl Upkeep {
    /// Where webhooks are looked after.
    fn place(&self) -> Place<'_> {
        Place {
            db: &self.db,
            autotask: &self.autotask,
            now: self.clock.now(),
        }
    }
}

/// How often each loop steps. Tests shorten it.
#[derive(Debug, Clone)]
pub struct Timing {
    /// The drainer.
    pub drain: Duration,
    /// The rescuer.
    pub rescue: Duration,
    /// How often the releaser looks whether the mapping was changed.
    pub mapping: Duration,
    /// How often the releaser looks for solved problems in any case.
    pub release: Duration,
    /// The clerk.
    pub file: Duration,
    /// How often the guardian looks whether somebody wants a webhook checked.
    pub guard: Duration,
    /// After how long a webhook is checked in any case.
    pub check: Duration,
    /// How often the lister looks whether the lists are due.
    pub look: Duration,
    /// After how long the lists are read again, whoever read them last.
    pub lists: Duration,
    /// The meter, over all processes together; where the window is shorter than an hour, more often.
    pub measure: Duration,
    /// The warden.
    pub watch: Duration,
    /// The herald, both its look and each outlet's.
    pub tell: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            drain: Duration::from_secs(1),
            rescue: Duration::from_secs(15),
            mapping: Duration::from_secs(1),
            release: Duration::from_mins(1),
            file: Duration::from_secs(10),
            guard: Duration::from_secs(30),
            check: Duration::from_hours(1),
            look: Duration::from_mins(10),
            lists: Duration::from_hours(24),
            measure: Duration::from_secs(90),
            watch: Duration::from_mins(1),
            tell: Duration::from_secs(5),
        }
    }
}

/// How often the meter looks in the time of one measure whether one is due: another process may have ended that measured.
const METER_LOOKS: u32 = 60;

/// Runs all loops until `stop`. Any number of processes may do so at once.
pub async fn run(upkeep: Upkeep, stop: CancellationToken) {
    let upkeep = Upkeep {
        autotask: upkeep.autotask.lane(Lane::Essential),
        lists: Lists {
            autotask: upkeep.autotask.lane(Lane::Bulk),
            ..upkeep.lists
        },
        ..upkeep
    };
    let (it, db, stop, timing) = (&upkeep, &upkeep.db, &stop, &upkeep.timing);
    let (releaser, warden) = (&Releaser::default(), &Warden::default());
    let outlets = it.alerts.outlets.iter().map(|outlet| async move {
        let name = format!("herald by {}", outlet.name());
        let work = || alerts::tell_once(it, outlet);
        Box::pin(every(&name, timing.tell, db, stop, work)).await;
    });
    tokio::join!(
        every("drainer", timing.drain, db, stop, || drainer::drain_once(
            it
        )),
        every("rescuer", timing.rescue, db, stop, || rescuer::rescue_once(
            it
        )),
        every("releaser", timing.mapping, db, stop, || releaser.step(it)),
        every("clerk", timing.file, db, stop, || clerk::file_once(it)),
        every("guardian", timing.guard, db, stop, || guardian::check_once(
            it
        )),
        every("meter", timing.measure / METER_LOOKS, db, stop, || {
            meter::measure_once(it)
        }),
        every("warden", timing.watch, db, stop, || warden.step(it)),
        every("herald", timing.tell, db, stop, || alerts::look_once(it)),
        join_all(outlets),
        every("lister", timing.look, db, stop, || Box::pin(
            lister::refresh_once(it)
        )),
    );
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A full helping was done: there may be more.
    Again,
    /// All there was is done.
    Rest,
}

impl Step {
    /// After `done` of at most `limit`.
    fn after(done: usize, limit: u16) -> Self {
        if done >= usize::from(limit) {
            Self::Again
        } else {
            Self::Rest
        }
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
