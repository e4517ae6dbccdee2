//! Messages that died by the delivery limit: each may be poison, or was only in the hands of a process that poison
//! ended. They are taken one at a time, and while one is handled nothing else is, anywhere in the process.

use lapin::{Channel, options::BasicGetOptions};
use tokio::sync::RwLockWriteGuard;

use crate::{Broker, Delivery, Depth, Error, Queues, connection::Session};

/// A worker's queue of suspects. Nothing of it is in our hands but the one that was taken last.
#[derive(Debug)]
pub struct Suspects<'a> {
    broker: &'a Broker,
    queue: &'a str,
    session: Session,
    channel: Channel,
}

/// A suspect in our hands. Others may be handled again once it is dropped.
#[derive(Debug)]
pub struct Suspect<'a> {
    /// The message.
    pub delivery: Delivery,
    _alone: RwLockWriteGuard<'a, ()>,
}

impl<'a> Suspects<'a> {
    /// Connects to the suspects of `queues`; `None` where there are none, which is nearly always.
    pub async fn open(broker: &'a Broker, queues: &'a Queues) -> Result<Option<Self>, Error> {
        let queue = &queues.suspects;
        match broker.depth(queue).await {
            Ok(Depth { messages: 0, .. }) | Err(Error::NoQueue { .. }) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(error),
        }
        let session = broker.connect("suspects").await?;
        Ok(Some(Self {
            channel: session.channel().await?,
            session,
            broker,
            queue,
        }))
    }

    /// The next one, once nobody in this process handles anything. Settle it, then drop it.
    pub async fn next(&self) -> Result<Option<Suspect<'a>>, Error> {
        let alone = self.broker.alone().await;
        let got = self
            .channel
            .basic_get(self.queue.into(), BasicGetOptions::default())
            .await
            .map_err(|source| Error::using(self.queue, "take from", source))?;
        Ok(got.map(|got| Suspect {
            delivery: Delivery::new(self.queue.into(), got.delivery, self.broker.now()),
            _alone: alone,
        }))
    }

    /// Gives back what was not settled, and closes the connection.
    pub async fn close(self) {
        self.session.close().await;
    }
}
