//! Held items whose problem is solved go on by themselves: at once after a change of the mapping, and every minute.

use std::sync::{Mutex, PoisonError};

use broker::{Headers, Outgoing, Route};
use store::{
    held::{self, Replay, Resend},
    mapping,
};
use tokio::time::Instant;

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Items of one step.
const HELPING: u16 = 200;

/// Remembers what the last full look was made with.
#[derive(Debug, Default)]
pub(super) struct Releaser {
    last: Mutex<Option<(i64, Instant)>>,
}

impl Releaser {
    /// Releases if the mapping was changed, or if the last look was long ago.
    pub(super) async fn step(&self, upkeep: &Upkeep) -> Result<Step, Trouble> {
        let version = mapping::version(&upkeep.db).await?;
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|(seen, at)| seen == version && at.elapsed() < upkeep.timing.release) {
            return Ok(Step::Rest);
        }
        let step = release_once(upkeep).await?;
        if step == Step::Rest {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = Some((version, Instant::now()));
        }
        Ok(step)
    }
}

/// Publishes the held items of which a problem is solved. They stay held until a worker remembers their pair.
pub(super) async fn release_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let solved = held::solved(&upkeep.db, i64::from(HELPING)).await?;
    let count = solved.len();
    let ids: Vec<_> = solved.iter().map(|item| item.held).collect();
    let (mut events, mut bodies) = (Vec::new(), Vec::new());
    for Replay { held, resend } in solved {
        match resend {
            Resend::Event(event) => events.push(*event),
            Resend::Body { queue, body } => bodies.push((held, queue, body)),
        }
    }
    upkeep.publish.events(events).await?;
    for (held, queue, body) in bodies {
        let outgoing = Outgoing {
            id: held,
            body: body.into(),
            headers: Headers::new(upkeep.clock.now()),
        };
        upkeep
            .publisher
            .publish(Route::Queue { queue }, outgoing)
            .await?;
        held::resent(&upkeep.db, &[held]).await?;
    }
    held::published(&upkeep.db, &ids).await?;
    if count > 0 {
        tracing::info!(
            items = count,
            "held items go on, a problem of theirs is solved"
        );
    }
    metrics::counter!(names::PUT_BACK, "from" => "held").increment(count as u64);
    Ok(Step::after(count, HELPING))
}

#[cfg(test)]
mod tests;
