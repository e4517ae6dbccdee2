//! What becomes of a message in our hands: the only place that acknowledges work.
//!
//! A copy is confirmed before its original is acknowledged. Where the broker does not confirm, the copy is
//! handed to the caller, who keeps it in Postgres and then acknowledges.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    Delivery, Error, Headers, Outgoing, PublishError, Publisher, Route, Tiers, metrics as names,
};

/// Settles deliveries. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Settler {
    publisher: Publisher,
    tiers: Tiers,
}

/// What became of a copy.
#[derive(Debug)]
#[must_use = "an unsent copy must be kept and its original acknowledged"]
pub enum Settled {
    /// The copy is stored and the original acknowledged.
    Done,
    /// The copy is not stored and the original still in our hands: keep the copy, then [`Settler::ack`].
    Spill(Box<Unsent>),
}

/// A copy that the broker did not confirm.
#[derive(Debug, Clone)]
pub struct Unsent {
    /// Where to publish it once it is due.
    pub route: Route,
    /// The copy.
    pub outgoing: Outgoing,
    /// How long it should have waited in its tier.
    pub due_in: Duration,
    /// Why it was not confirmed.
    pub why: PublishError,
}

impl Settler {
    /// A settler that publishes copies through `publisher`, on the ladder that was declared.
    pub fn new(publisher: Publisher, tiers: Tiers) -> Self {
        Self { publisher, tiers }
    }

    /// The retry ladder.
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// Acknowledges messages that are done with. All are tried; an error means that some will come back.
    pub async fn ack(&self, deliveries: &[Delivery]) -> Result<(), Error> {
        let acked = join_all(deliveries.iter().map(Delivery::ack)).await;
        count(
            "acknowledged",
            acked.iter().filter(|acked| acked.is_ok()).count(),
        );
        acked.into_iter().collect()
    }

    /// Puts a message back at once. The broker counts it as a delivery, so this is for shutting down only.
    pub async fn give_back(&self, delivery: Delivery) -> Result<(), Error> {
        delivery.requeue().await?;
        count("given back", 1);
        Ok(())
    }

    /// Another attempt, no sooner than `after`.
    pub async fn retry(
        &self,
        delivery: &Delivery,
        after: Duration,
        reason: &str,
    ) -> Result<Settled, Error> {
        let headers = Headers {
            attempt: delivery.headers.attempt.saturating_add(1),
            reason: Some(reason.to_owned()),
            ..delivery.headers.clone()
        };
        self.delay(delivery, after, headers, "retried").await
    }

    /// The same attempt again, no sooner than `after`: nothing was tried, so nothing is counted.
    pub async fn defer(
        &self,
        delivery: &Delivery,
        after: Duration,
        reason: &str,
    ) -> Result<Settled, Error> {
        let headers = Headers {
            reason: Some(reason.to_owned()),
            ..delivery.headers.clone()
        };
        self.delay(delivery, after, headers, "deferred").await
    }

    /// Off to the dead queue: nobody can handle this.
    pub async fn bury(&self, delivery: &Delivery, reason: &str) -> Result<Settled, Error> {
        let headers = Headers {
            reason: Some(reason.to_owned()),
            buried_from: Some(delivery.queue.to_string()),
            ..delivery.headers.clone()
        };
        let copy = delivery.copy(headers);
        match self.publisher.publish(Route::Dead, copy.clone()).await {
            Ok(()) => acknowledge(delivery, "buried").await,
            Err(why) => Ok(spill(Route::Dead, copy, Duration::ZERO, why)),
        }
    }

    async fn delay(
        &self,
        delivery: &Delivery,
        after: Duration,
        headers: Headers,
        how: &'static str,
    ) -> Result<Settled, Error> {
        let (tier, copy) = (self.tiers.at_least(after), delivery.copy(headers));
        let queue = delivery.queue.to_string();
        let route = Route::Tier {
            tier: tier.name(),
            queue: queue.clone(),
        };
        match self.publisher.publish(route, copy.clone()).await {
            Ok(()) => acknowledge(delivery, how).await,
            Err(why) => Ok(spill(Route::Queue { queue }, copy, tier.delay(), why)),
        }
    }
}

async fn acknowledge(original: &Delivery, how: &'static str) -> Result<Settled, Error> {
    original.ack().await?;
    count(how, 1);
    Ok(Settled::Done)
}

fn spill(route: Route, outgoing: Outgoing, due_in: Duration, why: PublishError) -> Settled {
    Settled::Spill(Box::new(Unsent {
        route,
        outgoing,
        due_in,
        why,
    }))
}

fn count(how: &'static str, messages: usize) {
    metrics::counter!(names::SETTLED, "how" => how).increment(messages as u64);
}
