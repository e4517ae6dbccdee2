//! The dead queue, for the clerk and for operators: taken one by one, gone only once stored elsewhere.

use lapin::{Channel, options::BasicGetOptions};

use crate::{
    Broker, Delivery, Error, Family, Headers, Outgoing, Route, connection::Session, message::death,
    topology::DEAD_QUEUE,
};

/// A connection to the dead queue. What was taken and not acknowledged comes back when it is dropped.
#[derive(Debug)]
pub struct DeadQueue {
    broker: Broker,
    session: Session,
    channel: Channel,
}

/// A message that could not be handled.
#[derive(Debug)]
pub struct DeadLetter {
    /// Content and headers.
    pub delivery: Delivery,
    /// The work queue it died in, where that is known.
    pub died_in: Option<String>,
    /// How it died.
    pub death: Death,
}

/// How a message ended in the dead queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Death {
    /// Delivered too often without ever being settled: poison, or it was in one batch with poison.
    Limit,
    /// A worker buried it and said why.
    Buried(String),
    /// It came back from a retry tier, and the queue it belongs in was not there.
    Homeless,
    /// Something else, in the broker's own word.
    Other(String),
}

impl DeadQueue {
    /// Connects to the dead queue.
    pub async fn open(broker: &Broker) -> Result<Self, Error> {
        let session = broker.connect("clerk").await?;
        Ok(Self {
            broker: broker.clone(),
            channel: session.channel().await?,
            session,
        })
    }

    /// Takes up to `max` letters, oldest first. Store each one, then [`DeadLetter::ack`] it.
    pub async fn take(&self, max: usize) -> Result<Vec<DeadLetter>, Error> {
        let mut letters = Vec::new();
        while letters.len() < max {
            let got = self
                .channel
                .basic_get(DEAD_QUEUE.into(), BasicGetOptions::default())
                .await
                .map_err(|source| Error::using(DEAD_QUEUE, "take from", source))?;
            let Some(got) = got else { break };
            letters.push(DeadLetter::new(got.delivery, &self.broker));
        }
        Ok(letters)
    }

    /// Gives back what was not acknowledged, and closes the connection.
    pub async fn close(self) {
        self.session.close().await;
    }
}

impl DeadLetter {
    fn new(delivery: lapin::message::Delivery, broker: &Broker) -> Self {
        let by_broker = death(&delivery.properties);
        let key = delivery.routing_key.to_string();
        let delivery = Delivery::new(DEAD_QUEUE.into(), delivery, broker.now());
        let (death, died_in) = match (&delivery.headers, by_broker) {
            (
                Headers {
                    buried_from: Some(queue),
                    reason,
                    ..
                },
                _,
            ) => (
                Death::Buried(reason.clone().unwrap_or_default()),
                Some(queue.clone()),
            ),
            (_, Some((reason, queue))) if reason == "delivery_limit" => (Death::Limit, Some(queue)),
            // Only in a tier does a message's time run out; its key is the queue that it goes back to.
            (_, Some((reason, _))) if reason == "expired" => (Death::Homeless, Some(key)),
            (_, Some((reason, queue))) => (Death::Other(reason), Some(queue)),
            (_, None) => (Death::Other("unknown".to_owned()), None),
        };
        Self {
            delivery,
            died_in,
            death,
        }
    }

    /// The second chance of a message that died by the delivery limit: once, and with nothing handled beside it.
    ///
    /// Publish it, then acknowledge the letter. `None` for one that had its chance or died otherwise.
    pub fn second_chance(&self) -> Option<(Route, Outgoing)> {
        if self.death != Death::Limit || self.delivery.headers.alone {
            return None;
        }
        let headers = Headers {
            alone: true,
            ..self.delivery.headers.clone()
        };
        let queue = Family::suspects_of(self.died_in.as_deref()?)?;
        Some((Route::Queue { queue }, self.delivery.copy(headers)))
    }

    /// The way on of a message whose queue was not there when its wait was over: it may be there by now.
    ///
    /// Publish it, then acknowledge the letter. `None` for one that died otherwise.
    pub fn way_home(&self) -> Option<(Route, Outgoing)> {
        if self.death != Death::Homeless {
            return None;
        }
        let headers = self.delivery.headers.clone();
        Some((self.replay_route()?, self.delivery.copy(headers)))
    }

    /// The message as it was, for another try that a person asked for.
    pub fn replay(&self) -> Option<(Route, Outgoing)> {
        let headers = Headers {
            attempt: 0,
            buried_from: None,
            reason: None,
            alone: false,
            ..self.delivery.headers.clone()
        };
        Some((self.replay_route()?, self.delivery.copy(headers)))
    }

    /// Removes the letter from the dead queue. Only once it is stored elsewhere.
    pub async fn ack(&self) -> Result<(), Error> {
        self.delivery.ack().await
    }

    fn replay_route(&self) -> Option<Route> {
        let queue = self.died_in.clone()?;
        Some(Route::Queue { queue })
    }
}
