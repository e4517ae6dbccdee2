//! Messages that the broker could not take go to it as soon as it takes them.

use std::time::Duration;

use broker::{Headers, Outgoing, Route};
use serde_json::json;
use store::spill::{self, Spilled};

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Messages of one step.
const HELPING: u16 = 200;
/// How long they are ours: longer than publishing them all can take.
const LEASE: Duration = Duration::from_mins(1);

/// Publishes what is due, and removes what was confirmed. What was not comes again after its lease.
///
/// Live events wait until ingress may publish them: those of a flood are here because the queues are full.
pub(super) async fn drain_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    if !upkeep.intake.is_up() {
        return Ok(Step::Rest);
    }
    let (db, limit) = (&upkeep.db, i64::from(HELPING));
    let due = if upkeep.intake.is_full() {
        spill::due_but(db, limit, LEASE, &json!({"to": "event", "lane": "live"})).await?
    } else {
        spill::due(db, limit, LEASE).await?
    };
    let (ids, messages): (Vec<_>, Vec<_>) = due
        .iter()
        .filter_map(|spilled| Some((spilled.id, message(spilled)?)))
        .unzip();
    let verdicts = upkeep.intake.publish_all(messages).await;
    let confirmed: Vec<_> = ids
        .into_iter()
        .zip(&verdicts)
        .filter_map(|(id, verdict)| verdict.is_ok().then_some(id))
        .collect();
    spill::remove(&upkeep.db, &confirmed).await?;
    metrics::counter!(names::PUT_BACK, "from" => "spill").increment(confirmed.len() as u64);
    if let Some(refused) = verdicts.into_iter().find_map(Result::err) {
        return Err(refused.into());
    }
    Ok(Step::after(confirmed.len(), HELPING))
}

/// The message as it was. One that a newer build kept in a form we cannot read stays for that build.
fn message(spilled: &Spilled) -> Option<(Route, Outgoing)> {
    let read = serde_json::from_value::<Route>(spilled.route.clone()).and_then(|route| {
        let headers: Headers = serde_json::from_value(spilled.headers.clone())?;
        Ok((route, headers))
    });
    match read {
        Ok((route, headers)) => {
            let outgoing = Outgoing {
                id: spilled.id,
                body: spilled.body.clone().into(),
                headers,
            };
            Some((route, outgoing))
        }
        Err(error) => {
            tracing::error!(
                message.id = %spilled.id,
                error = &error as &dyn std::error::Error,
                "a spilled message cannot be read; is it from a newer build of Crossbill?"
            );
            None
        }
    }
}

#[cfg(test)]
mod tests;
