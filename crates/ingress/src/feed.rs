//! Jim2's changes: a page is published, and only then the cursor moves (rule 13).
//!
//! With the site's named queries the change table is read by position; without them, jobs and cardfiles by
//! `LastModified`. Reading takes a `view` token, so a paused site goes on collecting events.

mod changes;
mod modified;
mod retention;

use std::{sync::Arc, time::Duration};

use domain::{Clock, StopReason, System};
use jim2::{Known, Seen};
use store::{Db, database, setting};
use sync::{Publish, in_jim2s_words, top_job};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    OWN_INITIALS,
    pace::{Look, Pace},
    trouble::Trouble,
};
use modified::Modified;

/// The cursor over the change table: positions.
pub const CHANGES_CURSOR: &str = "jim2.changes";
/// The cursor over `LastModified`: times.
pub const MODIFIED_CURSOR: &str = "jim2.modified";

/// What the feed reads, and where it puts it.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Jim2. Its settings say whether the site has the named queries.
    pub jim2: jim2::Client,
    /// The database.
    pub db: Db,
    /// Where events go.
    pub publish: Publish,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How it is paced.
    pub timing: Timing,
}

/// How the feed is paced.
#[derive(Debug, Clone)]
pub struct Timing {
    /// The wait while there are changes.
    pub busy: Duration,
    /// The wait that an idle feed comes to.
    pub idle: Duration,
    /// The most rows of a page.
    pub page_rows: usize,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            busy: Duration::from_secs(1),
            idle: Duration::from_secs(5),
            page_rows: 1_000,
        }
    }
}

/// Reads until `stop`. Any number may run: one moves the cursor, the others repeat harmlessly.
pub async fn run(feed: Feed, stop: CancellationToken) {
    let mut pace = Pace::new(feed.timing.busy, feed.timing.idle);
    let mut modified = Modified::default();
    // Dropping a look half done is safe: what was not confirmed was not passed by the cursor either.
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = async {
            loop {
                let wait = feed.look(&mut modified, &mut pace).await;
                sleep(wait).await;
            }
        } => {}
    }
}

impl Feed {
    async fn look(&self, modified: &mut Modified, pace: &mut Pace) -> Duration {
        let (cursor, look) = if self.jim2.settings().named_queries {
            (CHANGES_CURSOR, changes::step(self).await)
        } else {
            (MODIFIED_CURSOR, modified.step(self).await)
        };
        match look {
            Ok(look) => pace.after(look),
            Err(trouble) => {
                let asked = trouble.settle(&self.db, cursor, pace.is_well()).await;
                pace.after_trouble(asked)
            }
        }
    }

    /// What is known of the database.
    async fn known(&self) -> Result<Known, Trouble> {
        Ok(in_jim2s_words(
            database::known(&self.db, System::Jim2).await?,
        ))
    }

    /// Refuses a database that is not the one we know; else takes in how far its numbers have come, and lets it be written to
    /// again where another one had answered meanwhile.
    async fn is_the_known(&self, known: &Known, seen: &Seen) -> Result<(), Trouble> {
        if let Some(departure) = known.departure(seen) {
            return Err(Trouble::Departed(departure.reason()));
        }
        if let Some(reason @ StopReason::Restored(_)) = &known.departed {
            return Err(Trouble::Departed(reason.clone()));
        }
        let job = top_job(seen);
        if database::agreed(&self.db, System::Jim2, seen.mark, job).await? {
            tracing::info!("Jim2 is the database we know again: writing goes on");
        }
        Ok(())
    }

    /// Our own initials, where `connect` has found them.
    async fn own_initials(&self) -> Result<Option<String>, Trouble> {
        let own: Option<serde_json::Value> = setting::get(&self.db, OWN_INITIALS).await?;
        Ok(own.and_then(|own| own.as_str().map(str::to_owned)))
    }
}

/// What a moved or unmoved cursor makes of a look.
fn look(moved: bool, is_full: bool, is_empty: bool) -> Look {
    match (moved, is_full, is_empty) {
        (false, ..) => Look::Raced,
        (true, true, _) => Look::More,
        (true, false, true) => Look::Nothing,
        (true, false, false) => Look::Some,
    }
}

#[cfg(test)]
mod tests;
