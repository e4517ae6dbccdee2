//! What becomes of a batch's messages: the one table from outcome to broker action.

use std::{error::Error as _, time::Duration};

use broker::{Delivery, Settled};
use domain::Failure;
use tracing::{error, warn};

use super::{Engine, RoundError, batch::Work};
use crate::{Hands, Rules, publish::spilled};

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

impl Settling {
    /// For a message written by a newer build.
    pub(crate) fn newer() -> Self {
        Self::Defer(NEWER, "written by a newer version of Crossbill".to_owned())
    }

    /// What a failure means for a work. Holding is the engine's business, before it comes to this.
    pub(crate) fn after(failure: &Failure, work: &Work) -> Self {
        let reason = chain(failure);
        let step = usize::try_from(work.attempt)
            .unwrap_or(usize::MAX)
            .min(LADDER.len() - 1);
        match failure {
            Failure::Retry { after, .. } => Self::Retry(after.unwrap_or(LADDER[step]), reason),
            // Whoever takes it up again waits until the write can no longer arrive.
            Failure::Unsure { .. } | Failure::Hold { .. } => Self::Retry(LADDER[step], reason),
            Failure::Stop { after, .. } => Self::Defer(*after, reason),
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

/// Settles every message. A work's first message carries it on; the others are done with.
pub(crate) async fn settle<R: Rules, H: Hands>(
    engine: &Engine<R, H>,
    deliveries: Vec<Delivery>,
    settled: Vec<(Vec<usize>, Settling)>,
) -> Result<(), RoundError> {
    let mut hands: Vec<Option<Delivery>> = deliveries.into_iter().map(Some).collect();
    let mut done = Vec::new();
    for (messages, settling) in settled {
        let mut carried = messages.into_iter().filter_map(|index| hands[index].take());
        if settling != Settling::Done
            && let Some(first) = carried.next()
        {
            carry_on(engine, first, settling, &mut done).await?;
        }
        done.extend(carried);
    }
    done.extend(hands.into_iter().flatten());
    engine.settler.ack(&done).await?;
    Ok(())
}

/// Another place for a message; `done` takes it once a copy of it is safe.
async fn carry_on<R: Rules, H: Hands>(
    engine: &Engine<R, H>,
    delivery: Delivery,
    settling: Settling,
    done: &mut Vec<Delivery>,
) -> Result<(), RoundError> {
    let outcome = match settling {
        Settling::Done => return Ok(()),
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
    if let Settled::Spill(unsent) = outcome {
        let due_at = engine.clock.now() + unsent.due_in;
        store::spill::put(
            &engine.db,
            &[spilled(&unsent.route, &unsent.outgoing, due_at)],
        )
        .await?;
        done.push(delivery);
    }
    Ok(())
}
