//! A message in our hands.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use lapin::{
    Acker,
    options::{BasicAckOptions, BasicNackOptions},
};
use uuid::Uuid;

use crate::{
    Error, Headers, Outgoing,
    message::{headers, id},
};

/// A message in our hands. It comes back by itself if it is never settled and the consumer is dropped.
pub struct Delivery {
    /// Identifies the message over all its copies.
    pub id: Uuid,
    /// The content.
    pub body: Bytes,
    /// What travels beside the content.
    pub headers: Headers,
    /// The work queue it was taken from, and returns to.
    pub queue: Arc<str>,
    /// Whether it was in somebody's hands before.
    pub redelivered: bool,
    acker: Acker,
}

impl Delivery {
    pub(crate) fn new(
        queue: Arc<str>,
        delivery: lapin::message::Delivery,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: id(&delivery.properties),
            headers: headers(&delivery.properties, now),
            body: delivery.data.into(),
            queue,
            redelivered: delivery.redelivered,
            acker: delivery.acker,
        }
    }

    /// A copy to be published, with these headers.
    pub(crate) fn copy(&self, headers: Headers) -> Outgoing {
        Outgoing {
            id: self.id,
            body: self.body.clone(),
            headers,
        }
    }

    pub(crate) async fn ack(&self) -> Result<(), Error> {
        let acked = self.acker.ack(BasicAckOptions::default()).await;
        self.settled(&acked)
    }

    pub(crate) async fn requeue(&self) -> Result<(), Error> {
        let options = BasicNackOptions {
            multiple: false,
            requeue: true,
        };
        let requeued = self.acker.nack(options).await;
        self.settled(&requeued)
    }

    fn settled(&self, answer: &Result<bool, lapin::Error>) -> Result<(), Error> {
        if matches!(answer, Ok(true)) {
            return Ok(());
        }
        Err(Error::Stale {
            queue: self.queue.to_string(),
        })
    }
}

impl fmt::Debug for Delivery {
    /// Without the body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("queue", &self.queue)
            .field("headers", &self.headers)
            .field("redelivered", &self.redelivered)
            .finish_non_exhaustive()
    }
}
