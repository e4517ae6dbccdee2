//! Taking messages: the live queue first, the bulk queue when the live one is idle, with a floor of 10 %.

mod delivery;
mod share;

use std::{pin::pin, sync::Arc, time::Duration};

use futures_util::{FutureExt as _, StreamExt as _};
use lapin::{
    options::{BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

#[cfg(feature = "testing")]
use crate::connection::passive;
use crate::{Broker, Error, Family, Lane, connection::Session, metrics as names};
pub use delivery::Delivery;
use share::Share;

/// The queues of a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queues {
    /// What has just happened.
    pub live: String,
    /// What can wait.
    pub bulk: String,
    /// What died by the delivery limit, perhaps innocently: it is taken by [`crate::Suspects`] alone.
    pub suspects: String,
}

impl From<&Family> for Queues {
    fn from(family: &Family) -> Self {
        Self {
            live: family.queue(Lane::Live),
            bulk: family.queue(Lane::Bulk),
            suspects: family.suspects(),
        }
    }
}

/// Takes messages in batches over a connection of its own. After any error it is useless: drop it, open another.
///
/// What it took and nobody settled comes back when it is dropped. The broker counts that as a delivery of each.
#[derive(Debug)]
pub struct Consumer {
    broker: Broker,
    session: Session,
    live: Intake,
    bulk: Intake,
    share: Share,
    /// Taken for the batch in the making.
    batch: Vec<Delivery>,
}

/// One queue's stream, on a channel of its own so that neither queue uses up the other's prefetch.
#[derive(Debug)]
struct Intake {
    queue: Arc<str>,
    stream: lapin::Consumer,
    #[cfg(feature = "testing")]
    channel: lapin::Channel,
}

impl Consumer {
    /// Starts to consume. At most `prefetch` messages of each queue are in our hands at a time.
    pub async fn open(broker: &Broker, queues: &Queues, prefetch: u16) -> Result<Self, Error> {
        let session = broker.connect("consumer").await?;
        broker.declared(&session).await?;
        Ok(Self {
            broker: broker.clone(),
            live: Intake::open(&session, &queues.live, prefetch).await?,
            bulk: Intake::open(&session, &queues.bulk, prefetch).await?,
            session,
            share: Share::default(),
            batch: Vec::new(),
        })
    }

    /// Waits for a first message, then for up to `max` of them or until `linger` has passed.
    ///
    /// Empty only after `stop`. Nothing is lost when the future is dropped half way: the next call goes on with
    /// what was taken.
    pub async fn next_batch(
        &mut self,
        max: usize,
        linger: Duration,
        stop: &CancellationToken,
    ) -> Result<Vec<Delivery>, Error> {
        if self.batch.is_empty() {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ok(Vec::new()),
                taken = self.take() => taken?,
            }
        }
        let mut lingered = pin!(sleep(linger));
        while self.batch.len() < max {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                taken = self.take() => taken?,
                () = &mut lingered => break,
            }
        }
        Ok(std::mem::take(&mut self.batch))
    }

    /// Gives back what was not settled, and closes the connection.
    pub async fn close(self) {
        self.session.close().await;
    }

    /// Whether all that waited in both queues is in this process; more than the prefetch never is.
    ///
    /// The first answer says that the broker has sent it all. The second comes over the same channel behind what was
    /// sent, so that what it follows is here.
    #[cfg(feature = "testing")]
    pub(crate) async fn is_all_here(&self) -> Result<bool, Error> {
        for Intake { queue, channel, .. } in [&self.live, &self.bulk] {
            if passive(channel, queue).await?.messages > 0 {
                return Ok(false);
            }
            passive(channel, queue).await?;
        }
        Ok(true)
    }

    /// Waits for one message and keeps it. Whatever is ready now is shared out; else the first to come wins.
    async fn take(&mut self) -> Result<(), Error> {
        let ready = if self.share.is_bulk_due() {
            self.bulk
                .ready(Lane::Bulk)
                .or_else(|| self.live.ready(Lane::Live))
        } else {
            self.live
                .ready(Lane::Live)
                .or_else(|| self.bulk.ready(Lane::Bulk))
        };
        let (lane, delivery) = if let Some(taken) = ready {
            taken?
        } else {
            tokio::select! {
                biased;
                taken = self.live.next(Lane::Live) => taken?,
                taken = self.bulk.next(Lane::Bulk) => taken?,
            }
        };
        self.keep(lane, delivery);
        Ok(())
    }

    fn keep(&mut self, lane: Lane, delivery: lapin::message::Delivery) {
        self.share.took(lane);
        let (queue, word) = match lane {
            Lane::Live => (&self.live.queue, "live"),
            Lane::Bulk => (&self.bulk.queue, "bulk"),
        };
        metrics::counter!(names::TAKEN, "lane" => word).increment(1);
        let delivery = Delivery::new(Arc::clone(queue), delivery, self.broker.now());
        self.batch.push(delivery);
    }
}

type Taken = Result<(Lane, lapin::message::Delivery), Error>;

impl Intake {
    async fn open(session: &Session, queue: &str, prefetch: u16) -> Result<Self, Error> {
        let channel = session.channel().await?;
        channel
            .basic_qos(prefetch, BasicQosOptions::default())
            .await
            .map_err(|source| Error::lost("limit the prefetch", source))?;
        let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
        let stream = channel
            .basic_consume(queue.into(), "".into(), options, arguments)
            .await
            .map_err(|source| Error::using(queue, "consume", source))?;
        Ok(Self {
            queue: queue.into(),
            stream,
            #[cfg(feature = "testing")]
            channel,
        })
    }

    /// A message that is here already.
    fn ready(&mut self, lane: Lane) -> Option<Taken> {
        self.next(lane).now_or_never()
    }

    /// The next message. A stream that ends is an error: nobody asked it to.
    async fn next(&mut self, lane: Lane) -> Taken {
        match self.stream.next().await {
            Some(Ok(delivery)) => Ok((lane, delivery)),
            Some(Err(source)) => Err(Error::using(&self.queue, "consume", source)),
            None => Err(Error::Cancelled {
                queue: self.queue.to_string(),
            }),
        }
    }
}
