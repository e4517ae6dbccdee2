//! Looks after which database Jim2 is, where no change table tells it at every look, and after both clocks.

use domain::{System, Told};
use jim2::{Known, Seen, SystemInfo};
use store::{database, heartbeat};
use sync::{
    clocks::{Clocks, JIM2_CLOCK, OUR_CLOCK},
    in_jim2s_words, top_job,
};
use tokio::sync::Mutex;

use super::{Step, Upkeep};
use crate::trouble::Trouble;

/// What it remembers between two steps.
#[derive(Debug, Default)]
pub(super) struct Warden {
    ours: Mutex<Clocks>,
    jim2s: Mutex<Clocks>,
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
        let known = in_jim2s_words(database::known(&upkeep.db, System::Jim2).await?);
        if !upkeep.jim2.settings().named_queries {
            let seen = upkeep.jim2.look_at_database(&known).await?;
            return judge(upkeep, &known, &seen).await;
        }
        let system = upkeep.jim2.system().await?;
        self.compare_clocks(upkeep, &system).await?;
        judge(upkeep, &known, &Seen::in_system(&system)).await
    }

    /// By the time that is left where the server does not tell its own, nothing is known of it.
    async fn compare_clocks(&self, upkeep: &Upkeep, system: &SystemInfo) -> Result<(), Trouble> {
        let Told::Is(time) = system.server_time else {
            return Ok(());
        };
        let theirs = time.read_as(upkeep.jim2.settings().date_reading);
        let times = (upkeep.clock.now(), theirs);
        let mut clocks = self.jim2s.lock().await;
        let of = (&[System::Jim2][..], JIM2_CLOCK);
        Ok(clocks.compare(&upkeep.db, times, of).await?)
    }
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
