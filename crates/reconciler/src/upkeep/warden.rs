//! Looks after which database Jim2 is, where no change table tells it at every look, and after both clocks.

use chrono::{DateTime, Utc};
use domain::System;
use jim2::{Known, Seen, SystemInfo};
use store::{clock, database, heartbeat};
use sync::{
    clocks::{Clocks, OUR_CLOCK, clock_of},
    in_jim2s_words, top_job,
};
use tokio::sync::Mutex;

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// What it remembers between two steps.
#[derive(Debug, Default)]
pub(super) struct Warden {
    ours: Mutex<Clocks>,
    /// In the order of [`System::BOTH`]; `None` before the first look.
    theirs: [Mutex<Option<Clocks>>; 2],
}

impl Warden {
    /// Compares the database with what is known of it, and the clocks.
    pub(super) async fn step(&self, upkeep: &Upkeep) -> Result<Step, Trouble> {
        let theirs = heartbeat::now(&upkeep.db).await?;
        let times = (upkeep.clock.now(), theirs);
        let of = (System::BOTH.as_slice(), OUR_CLOCK);
        let mut ours = self.ours.lock().await;
        ours.compare(&upkeep.db, times, of).await?;
        drop(ours);
        let theirs = upkeep.autotask.server_time();
        self.hear(upkeep, System::Autotask, theirs).await?;
        let known = in_jim2s_words(database::known(&upkeep.db, System::Jim2).await?);
        if !upkeep.jim2.settings().named_queries {
            let seen = upkeep.jim2.look_at_database(&known).await?;
            let theirs = upkeep.jim2.server_time();
            self.hear(upkeep, System::Jim2, theirs).await?;
            return judge(upkeep, &known, &seen).await;
        }
        let system = upkeep.jim2.system().await?;
        let theirs = server_time(upkeep, &system);
        self.hear(upkeep, System::Jim2, theirs).await?;
        judge(upkeep, &known, &Seen::in_system(&system)).await
    }

    /// Compares our clock with what a system's shows, where it was told, and keeps how far they are apart.
    async fn hear(
        &self,
        upkeep: &Upkeep,
        system: System,
        theirs: Option<DateTime<Utc>>,
    ) -> Result<(), Trouble> {
        let Some(theirs) = theirs else {
            return Ok(());
        };
        let (db, times) = (&upkeep.db, (upkeep.clock.now(), theirs));
        let mut clocks = match system {
            System::Autotask => self.theirs[0].lock().await,
            System::Jim2 => self.theirs[1].lock().await,
        };
        let mut since = match clocks.take() {
            Some(since) => since,
            None => Clocks::since(clock::last(db, system).await?),
        };
        let look = since
            .compare(db, times, (&[system], clock_of(system)))
            .await?;
        *clocks = Some(since);
        let labels = [("system", system.as_str())];
        metrics::gauge!(names::CLOCK_AHEAD, &labels).set(look.ahead.as_seconds_f64());
        Ok(clock::looked(db, system, look).await?)
    }
}

/// The clock that stamps Jim2's records; that of the Web API's server where the database does not tell.
fn server_time(upkeep: &Upkeep, system: &SystemInfo) -> Option<DateTime<Utc>> {
    let told = system.server_time.get();
    let told = told.map(|time| time.read_as(upkeep.jim2.settings().date_reading));
    told.or_else(|| upkeep.jim2.server_time())
}

/// Stops all writing to a database that is not the one we know; else takes in how far it has come.
async fn judge(upkeep: &Upkeep, known: &Known, seen: &Seen) -> Result<Step, Trouble> {
    if let Some(departure) = known.departure(seen) {
        let reason = departure.reason();
        return Err(jim2::Error::OtherDatabase(reason).into());
    }
    database::agreed(&upkeep.db, System::Jim2, seen.mark, top_job(seen)).await?;
    Ok(Step::Rest)
}

#[cfg(test)]
mod tests;
