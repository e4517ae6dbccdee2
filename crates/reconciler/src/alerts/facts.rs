//! What is known of the site, as far as somebody may have to be told.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use store::{
    Db, gap::Gap, heartbeat, held::Group, status::CursorAge, sweep::Sweep, system::SystemState,
};
use sync::POLL_ONLY;

use crate::Trailed;

/// What is known.
#[derive(Debug, Clone)]
pub struct Facts {
    /// When this was seen.
    pub at: DateTime<Utc>,
    /// How long a cause lasts before it is told of, where it may be over by itself.
    pub patience: TimeDelta,
    /// What is held, by problem.
    pub held: Vec<Group>,
    /// Both systems.
    pub systems: [SystemState; 2],
    /// Open gaps.
    pub gaps: Vec<Gap>,
    /// The sweeps that are repeated, how often, and how far they have come.
    pub sweeps: Vec<(Sweep, Duration)>,
    /// Events that wait in Postgres for RabbitMQ.
    pub spilled: i64,
    /// How long nobody has taken webhooks, where there are any.
    pub unheard: Option<TimeDelta>,
    /// How far the sources were read.
    pub cursors: Vec<CursorAge>,
}

impl Facts {
    /// Whether both systems are written to.
    pub fn are_running(&self) -> bool {
        self.systems.iter().all(SystemState::is_running)
    }
}

/// Looks at everything once.
pub async fn gather(
    db: &Db,
    trails: &[Trailed],
    at: DateTime<Utc>,
    patience: TimeDelta,
) -> Result<Facts, store::Error> {
    let rows = store::sweep::list(db).await?;
    let repeated = trails.iter().filter_map(|trailed| {
        let (of, every) = (trailed.swept(), trailed.every?);
        let row = rows.iter().find(|row| row.of == of)?;
        Some((row.clone(), every))
    });
    let sweeps = repeated.collect();
    let status = store::status::status(db).await?;
    Ok(Facts {
        at,
        patience,
        held: store::held::groups(db).await?,
        systems: store::system::state(db).await?,
        gaps: store::gap::list(db).await?,
        sweeps,
        spilled: status.spilled,
        unheard: unheard(db).await?,
        cursors: status.cursors,
    })
}

/// A site that asks Autotask for changes takes no webhooks, whatever it did before.
async fn unheard(db: &Db) -> Result<Option<TimeDelta>, store::Error> {
    let polled: Option<Value> = store::setting::get(db, POLL_ONLY).await?;
    if polled == Some(Value::Bool(true)) || store::webhook::list(db).await?.is_empty() {
        return Ok(None);
    }
    let last = heartbeat::last(db, heartbeat::INGRESS).await?;
    Ok(last.map(|(beat, now)| now - beat))
}
