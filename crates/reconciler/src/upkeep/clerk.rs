//! Dead letters: one that died by the delivery limit gets one more chance, alone, and one whose queue was not there goes
//! there now. All others become held items.

use broker::{
    Depth, Error, PublishError,
    dead::{DeadLetter, DeadQueue, Death},
    topology::DEAD_QUEUE,
};
use domain::{Event, Fixer, Key, Problem, Remedy, Subject, System};
use store::held;

use super::{Step, Upkeep};
use crate::{metrics as names, trouble::Trouble};

/// Letters of one step.
const HELPING: u16 = 50;

/// Files the letters of the dead queue. Each is gone from there only once it is stored elsewhere.
pub(super) async fn file_once(upkeep: &Upkeep) -> Result<Step, Trouble> {
    match upkeep.broker.depth(DEAD_QUEUE).await {
        Ok(Depth { messages: 0, .. }) => return Ok(Step::Rest),
        Ok(_) => {}
        Err(Error::NoQueue { .. }) => {
            upkeep.broker.declare_again().await?;
            return Ok(Step::Rest);
        }
        Err(error) => return Err(error.into()),
    }
    let queue = DeadQueue::open(&upkeep.broker).await?;
    let filed = Box::pin(file(upkeep, &queue)).await;
    queue.close().await;
    Ok(Step::after(filed?, HELPING))
}

async fn file(upkeep: &Upkeep, queue: &DeadQueue) -> Result<usize, Trouble> {
    let letters = queue.take(usize::from(HELPING)).await?;
    for letter in &letters {
        if send_on(upkeep, letter).await? {
            metrics::counter!(names::PUT_BACK, "from" => "dead").increment(1);
        } else {
            bury(upkeep, letter).await?;
        }
        letter.ack().await?;
    }
    Ok(letters.len())
}

/// Sends a letter on its way once more. `false` where there is no way any more.
async fn send_on(upkeep: &Upkeep, letter: &DeadLetter) -> Result<bool, Trouble> {
    if let Some((route, outgoing)) = letter.second_chance() {
        upkeep.publisher.publish(route, outgoing).await?;
        return Ok(true);
    }
    let Some((route, outgoing)) = letter.way_home() else {
        return Ok(false);
    };
    // Its queue may have been deleted by mistake: then it is there again from here on.
    upkeep.broker.declare_again().await?;
    match upkeep.publisher.publish(route, outgoing).await {
        Ok(()) => Ok(true),
        Err(PublishError::Unroutable { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn bury(upkeep: &Upkeep, letter: &DeadLetter) -> Result<(), Trouble> {
    let reason = reason(&letter.death);
    let queue = letter.died_in.as_deref().unwrap_or(DEAD_QUEUE);
    let event: Option<Event> = serde_json::from_slice(&letter.delivery.body).ok();
    // A worker finds out what a stand-in is part of: its message is sent again as it was, and no pair is made of it.
    let event = event.filter(|event| names_a_record(&event.key));
    let letter = held::DeadLetter {
        queue: queue.to_owned(),
        problem: problem(event.as_ref(), queue, &reason),
        event,
        body: letter.delivery.body.to_vec(),
        reason,
    };
    let held = held::bury(&upkeep.db, &letter).await?;
    tracing::error!(
        queue,
        held.id = %held,
        reason = letter.reason,
        "a message that nobody can handle is held"
    );
    metrics::counter!(names::BURIED).increment(1);
    Ok(())
}

/// Whether a key is a record's own, rather than a stand-in such as `note:7` for the ticket of a note: Autotask
/// numbers its records, and no id of Jim2 has a colon.
fn names_a_record(key: &Key) -> bool {
    match key.system {
        System::Autotask => key.id.number().is_some(),
        System::Jim2 => !key.id.as_str().is_empty() && !key.id.as_str().contains(':'),
    }
}

fn reason(death: &Death) -> String {
    match death {
        Death::Limit => {
            "it was delivered too often without ever being settled, also alone".to_owned()
        }
        Death::Buried(reason) if reason.is_empty() => "a worker could not handle it".to_owned(),
        Death::Buried(reason) => reason.clone(),
        Death::Homeless => "its queue is not there any more".to_owned(),
        Death::Other(word) => format!("RabbitMQ took it out of its queue ({word})"),
    }
}

/// One problem for a record, and one for all messages of a queue that name none.
fn problem(event: Option<&Event>, queue: &str, reason: &str) -> Problem {
    let (subject, what) = match event {
        Some(Event { key, .. }) => (
            Subject::Record {
                kind: key.kind.clone(),
                system: key.system,
                id: key.id.clone(),
            },
            key.to_string(),
        ),
        None => (
            Subject::Setting {
                name: format!("messages of {queue}"),
            },
            format!("A message of the queue {queue}"),
        ),
    };
    Problem {
        code: "dead-letter".to_owned(),
        subject,
        field: None,
        says: format!("{what} cannot be handled: {reason}."),
        remedy: Remedy {
            who: Fixer::Integrator,
            step: "Look at it with `crossbill held show`; once its cause is mended, `crossbill held replay` it, or \
                   `crossbill held archive` it if nothing is lost with it."
                .to_owned(),
            continues: false,
        },
    }
}

#[cfg(test)]
mod tests;
