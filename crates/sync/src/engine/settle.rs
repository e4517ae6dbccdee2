//! What becomes of a batch's messages: the one table from outcome to broker action.

use std::{error::Error as _, time::Duration};

use broker::{Delivery, Settled};
use domain::Failure;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tracing::{error, warn};

use super::{Engine, RoundError, batch::Work};
use crate::publish::spilled;

/// What becomes of messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settling {
    /// They were handled.
    Done,
    /// Another attempt, no sooner than this.
    Retry(Duration, String),
    /// The same attempt again, no sooner than this: nothing was tried.
    Defer(Duration, String),
    /// They cannot be handled at all.
    Bury(String),
}

/// How long a message of a newer format waits for a newer build.
const NEWER: Duration = Duration::from_mins(10);

/// The waits between attempts; the last one repeats.
const LADDER: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_hours(1),
];

/// The last step of the ladder for what waits for another record of ours: that is made soon, or never.
const AWAITS: usize = 2;

impl Settling {
    /// For a message written by a newer build.
    pub(crate) fn newer() -> Self {
        Self::Defer(NEWER, "written by a newer version of Crossbill".to_owned())
    }

    /// For a message that no stage spoke of.
    fn forgotten() -> Self {
        Self::Retry(LADDER[0], "no stage settled it".to_owned())
    }

    /// What a failure means for a work. Holding is the engine's business, before it comes to this.
    pub(crate) fn after(failure: &Failure, work: &Work) -> Self {
        let reason = chain(failure);
        let step = usize::try_from(work.attempt)
            .unwrap_or(usize::MAX)
            .min(LADDER.len() - 1);
        match failure {
            Failure::Retry { after, .. } => Self::Retry(after.unwrap_or(LADDER[step]), reason),
            Failure::Await { .. } => Self::Retry(LADDER[step.min(AWAITS)], reason),
            // Whoever takes it up again waits until the write can no longer arrive.
            Failure::Unsure { .. } | Failure::Wait { .. } | Failure::Hold { .. } => {
                Self::Retry(LADDER[step], reason)
            }
            Failure::Stop { after, .. } | Failure::Defer { after, .. } => {
                Self::Defer(*after, reason)
            }
        }
    }
}

/// A failure and its causes, outermost first.
pub(crate) fn chain(failure: &Failure) -> String {
    let mut text = failure.to_string();
    let mut source = failure.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// How many messages are carried on at once.
const CARRIED: usize = 32;

/// Settles every message. Where a work goes on, each of its messages does: one stands for the other half, one has the
/// highest floor, one the strongest cause, and they become one work again.
pub(crate) async fn settle(
    engine: &Engine,
    deliveries: Vec<Delivery>,
    settled: Vec<(Vec<usize>, Settling)>,
) -> Result<(), RoundError> {
    let fates = fates(deliveries.len(), settled);
    let done: Vec<Option<Delivery>> = stream::iter(deliveries.into_iter().zip(fates))
        .map(|(delivery, settling)| carry_on(engine, delivery, settling))
        .buffer_unordered(CARRIED)
        .try_collect()
        .await?;
    let done: Vec<Delivery> = done.into_iter().flatten().collect();
    engine.settler.ack(&done).await?;
    Ok(())
}

/// What becomes of each of `count` messages. One that no stage spoke of was not handled, so it is not done either.
pub(super) fn fates(count: usize, settled: Vec<(Vec<usize>, Settling)>) -> Vec<Settling> {
    let mut fates = vec![Settling::forgotten(); count];
    for (messages, settling) in settled {
        for index in messages {
            fates[index] = settling.clone();
        }
    }
    fates
}

/// Another place for a message. Where that is in Postgres, the message comes back, to be acknowledged.
async fn carry_on(
    engine: &Engine,
    delivery: Delivery,
    settling: Settling,
) -> Result<Option<Delivery>, RoundError> {
    let outcome = match settling {
        Settling::Done => return Ok(Some(delivery)),
        Settling::Retry(after, reason) => {
            warn!(
                queue = &*delivery.queue,
                attempt = delivery.headers.attempt,
                reason,
                "event waits for another attempt"
            );
            engine.settler.retry(&delivery, after, &reason).await?
        }
        Settling::Defer(after, reason) => engine.settler.defer(&delivery, after, &reason).await?,
        Settling::Bury(reason) => {
            error!(
                queue = &*delivery.queue,
                reason, "message cannot be handled"
            );
            engine.settler.bury(&delivery, &reason).await?
        }
    };
    let Settled::Spill(unsent) = outcome else {
        return Ok(None);
    };
    let due_at = engine.clock.now() + unsent.due_in;
    store::spill::put(
        &engine.db,
        &[spilled(&unsent.route, &unsent.outgoing, due_at)],
    )
    .await?;
    Ok(Some(delivery))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_a_work_that_goes_on_goes_on() {
        let retry = Settling::Retry(LADDER[0], "busy".to_owned());
        let settled = vec![(vec![0, 2], retry.clone()), (vec![1], Settling::Done)];
        assert_eq!(fates(3, settled), [retry.clone(), Settling::Done, retry]);
    }

    #[test]
    fn a_message_that_no_stage_spoke_of_is_not_acknowledged() {
        assert_eq!(
            fates(2, vec![(vec![1], Settling::Done)]),
            [Settling::forgotten(), Settling::Done]
        );
    }
}
