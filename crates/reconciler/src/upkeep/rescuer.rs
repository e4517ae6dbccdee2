//! Claims that a dead process left behind: what waits on them is published again (rule 3).

use store::claim::{self, Waiting};

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Claims of one step.
const HELPING: u16 = 200;

/// Publishes what waits on claims that ran out, and only then ends them.
pub(super) async fn rescue_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    let expired: Vec<Waiting> = claim::expired(&upkeep.db, i64::from(HELPING)).await?;
    if expired.is_empty() {
        return Ok(Step::Rest);
    }
    let events = expired.iter().flat_map(|expired| expired.events.clone());
    upkeep.publish.events(events.collect::<Vec<_>>()).await?;
    let ended = claim::put_back(&upkeep.db, &expired).await?;
    tracing::warn!(claims = ended, "claims that ran out were rescued");
    metrics::counter!(names::PUT_BACK, "from" => "claim").increment(ended);
    // Those that were taken meanwhile are not ended, and must not keep us here.
    Ok(Step::after(
        usize::try_from(ended).unwrap_or_default(),
        HELPING,
    ))
}

#[cfg(test)]
mod tests;
