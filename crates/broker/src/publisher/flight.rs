//! Messages in flight on one channel, and whose verdict is whose.
//!
//! lapin hands a returned (unroutable) message to whichever confirm completes first, not to the one of that
//! message. Taken at its word, a message that no queue took would pass for stored. So every message carries a
//! number, and verdicts are given only after all confirms of the same acknowledgement were looked at.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesUnordered};
use lapin::{Channel, Confirmation, message::BasicReturnMessage, options::BasicPublishOptions};
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, timeout},
};

use super::{Job, PublishError, Verdict};
use crate::message::properties;

/// The window.
pub(super) struct Flight {
    channel: Channel,
    patience: Duration,
    next_number: u64,
    confirms: FuturesUnordered<BoxFuture<'static, Landed>>,
    returned: HashSet<u64>,
    /// Since when we wait and hear nothing at all.
    mute_since: Option<Instant>,
    /// Told when a message found no queue.
    unroutable: Arc<Notify>,
}

/// A message that the broker has answered, or not.
pub(super) struct Landed {
    number: u64,
    address: (String, String),
    done: oneshot::Sender<Verdict>,
    answer: Answer,
}

enum Answer {
    Stored(Option<Box<BasicReturnMessage>>),
    Refused(Option<Box<BasicReturnMessage>>),
    Nothing,
}

impl Flight {
    pub(super) fn new(channel: Channel, patience: Duration) -> Self {
        Self {
            channel,
            patience,
            next_number: 1,
            confirms: FuturesUnordered::new(),
            returned: HashSet::new(),
            mute_since: None,
            unroutable: Arc::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.confirms.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.confirms.is_empty()
    }

    /// Whether nothing was heard for twice as long as an answer may take. The channel is as good as dead.
    pub(super) fn is_mute(&self) -> bool {
        self.mute_since
            .is_some_and(|since| since.elapsed() >= self.patience * 2)
    }

    /// While the broker blocks us it answers nothing, and a new connection would hear no more.
    pub(super) fn excuse_silence(&mut self) {
        self.mute_since = self.mute_since.map(|_| Instant::now());
    }

    /// Tells when a message found no queue.
    pub(super) fn unroutable(&self) -> Arc<Notify> {
        Arc::clone(&self.unroutable)
    }

    pub(super) fn is_connected(&self) -> bool {
        self.channel.status().connected()
    }

    /// Sends a message, unless its caller has given up on it.
    pub(super) fn launch(&mut self, job: Job) {
        if job.done.is_closed() {
            return;
        }
        let number = self.next_number;
        self.next_number += 1;
        self.mute_since.get_or_insert_with(Instant::now);
        let sent = send(self.channel.clone(), number, job, self.patience);
        self.confirms.push(sent.boxed());
    }

    /// The next answer, when there is one; never, when nothing is in flight.
    pub(super) async fn landed(&mut self) -> Landed {
        match self.confirms.next().await {
            Some(landed) => landed,
            None => std::future::pending().await,
        }
    }

    /// Gives the verdicts of `first` and of everything answered together with it.
    pub(super) fn settle(&mut self, first: Landed) {
        let mut landed = vec![first];
        loop {
            self.wait_for_siblings();
            let before = landed.len();
            while let Some(Some(next)) = self.confirms.next().now_or_never() {
                landed.push(next);
            }
            if landed.len() == before {
                break;
            }
        }
        let returned = landed
            .iter()
            .filter_map(|landed| landed.answer.returned_number());
        self.returned.extend(returned);
        let is_heard = landed.iter().any(|landed| landed.answer.is_heard());
        for landed in landed {
            self.judge(landed);
        }
        if is_heard {
            self.mute_since = (!self.confirms.is_empty()).then(Instant::now);
        }
        if self.confirms.is_empty() {
            self.returned.clear();
        }
    }

    /// One acknowledgement may answer many messages. lapin answers them all while it holds the lock that these
    /// calls take, so afterwards all of them are there to be looked at. The first call clears the way for the
    /// second, which hands over what came back with the confirms of messages that we stopped waiting for.
    fn wait_for_siblings(&mut self) {
        for _ in 0..2 {
            if let Some(Ok(late)) = self.channel.wait_for_confirms().now_or_never() {
                self.returned.extend(late.iter().filter_map(number_of));
            }
        }
    }

    fn judge(&mut self, landed: Landed) {
        let (exchange, key) = landed.address;
        let verdict = match landed.answer {
            _ if self.returned.remove(&landed.number) => {
                self.unroutable.notify_one();
                Err(PublishError::Unroutable { exchange, key })
            }
            Answer::Stored(_) => Ok(()),
            Answer::Refused(_) => Err(PublishError::Refused),
            Answer::Nothing => Err(PublishError::Timeout),
        };
        // The caller may have stopped waiting; then nobody needs the verdict.
        let _ = landed.done.send(verdict);
    }
}

impl Answer {
    fn is_heard(&self) -> bool {
        match self {
            Self::Stored(_) | Self::Refused(_) => true,
            Self::Nothing => false,
        }
    }

    /// The number of the message that came back with this answer, which may be another's.
    fn returned_number(&self) -> Option<u64> {
        let (Self::Stored(Some(returned)) | Self::Refused(Some(returned))) = self else {
            return None;
        };
        number_of(returned)
    }
}

fn number_of(returned: &BasicReturnMessage) -> Option<u64> {
    let number = returned.properties.correlation_id().as_ref()?;
    number.as_str().parse().ok()
}

async fn send(channel: Channel, number: u64, job: Job, patience: Duration) -> Landed {
    let answer = timeout(patience, publish(&channel, number, &job)).await;
    Landed {
        number,
        address: (job.exchange, job.key),
        done: job.done,
        answer: match answer {
            Ok(Ok(Confirmation::Ack(returned))) => Answer::Stored(returned.map(Box::new)),
            Ok(Ok(Confirmation::Nack(returned))) => Answer::Refused(returned.map(Box::new)),
            Ok(Ok(Confirmation::NotRequested) | Err(_)) => Answer::Refused(None),
            Err(_) => Answer::Nothing,
        },
    }
}

async fn publish(channel: &Channel, number: u64, job: &Job) -> Result<Confirmation, lapin::Error> {
    let mandatory = BasicPublishOptions {
        mandatory: true,
        ..BasicPublishOptions::default()
    };
    let (exchange, key) = (job.exchange.as_str().into(), job.key.as_str().into());
    let properties = properties(&job.outgoing, number);
    channel
        .basic_publish(exchange, key, mandatory, &job.outgoing.body, properties)
        .await?
        .await
}
