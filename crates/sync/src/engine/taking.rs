//! Taking messages from the queues, for as long as both systems are open and it is none of the quiet hours.

use std::time::Duration;

use broker::{Broker, Consumer, Queues, Suspects, backoff};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{Engine, RoundError, Systems};

/// How long messages are kept in our hands while a system is stopped; RabbitMQ takes them back after 30 minutes.
const KEEP: Duration = Duration::from_mins(5);
/// A round that lasted longer was a good one: what ends it is a new trouble.
const LONG: Duration = Duration::from_secs(30);
/// How often suspects are looked for.
const SUSPECTS_EVERY: Duration = Duration::from_secs(30);

impl Engine {
    /// Works on the kind's queues until `stop`. The batch in hand is finished first.
    ///
    /// A lost broker ends a round, not the worker: the next one connects anew, and declares what is missing.
    pub async fn run(&self, broker: &Broker, queues: &Queues, stop: &CancellationToken) {
        let mut waits = backoff();
        let mut is_told = false;
        while !stop.is_cancelled() {
            let began = Instant::now();
            let Err(error) = Box::pin(self.round(broker, queues, stop)).await else {
                continue;
            };
            if began.elapsed() > LONG {
                waits = backoff();
                is_told = false;
            }
            if !is_told {
                warn!(
                    kind = %self.rules.kind(),
                    error = &error as &dyn std::error::Error,
                    "a round ended early; connecting anew until it works"
                );
            }
            is_told = true;
            pause(waits.next().unwrap_or(LONG), stop).await;
        }
        info!(kind = %self.rules.kind(), "worker stopped");
    }

    /// One connection's worth of work.
    async fn round(
        &self,
        broker: &Broker,
        queues: &Queues,
        stop: &CancellationToken,
    ) -> Result<(), RoundError> {
        let systems = Systems::new(self.db.clone());
        self.wait_until_open(&systems, None, stop).await?;
        // First: a process that poison ended has nothing else in its hands when it meets it again.
        self.take_suspects(broker, queues, &systems, stop).await?;
        let mut consumer = Consumer::open(broker, queues, self.timing.prefetch).await?;
        let mut look_at = Instant::now() + SUSPECTS_EVERY;
        // A short stop keeps what is in our hands: giving it back counts as a delivery of each message.
        while self.wait_until_open(&systems, Some(KEEP), stop).await? {
            let batch = tokio::select! {
                biased;
                () = sleep_until(look_at) => {
                    self.take_suspects(broker, queues, &systems, stop).await?;
                    look_at = Instant::now() + SUSPECTS_EVERY;
                    continue;
                }
                batch = consumer.next_batch(self.timing.batch, self.timing.linger, stop) => batch?,
            };
            if batch.is_empty() {
                break;
            }
            let _beside_no_suspect = broker.together().await;
            if self.is_open(&systems).await? {
                self.handle(batch).await?;
            } else {
                self.put_off(batch).await?;
            }
        }
        consumer.close().await;
        Ok(())
    }

    /// Handles what died by the delivery limit, one at a time and with nothing beside it in this process.
    async fn take_suspects(
        &self,
        broker: &Broker,
        queues: &Queues,
        systems: &Systems,
        stop: &CancellationToken,
    ) -> Result<(), RoundError> {
        let Some(suspects) = Suspects::open(broker, queues).await? else {
            return Ok(());
        };
        while !stop.is_cancelled() && self.is_open(systems).await? {
            let Some(suspect) = suspects.next().await? else {
                break;
            };
            warn!(
                queue = &*suspect.delivery.queue,
                message.id = %suspect.delivery.id,
                "a message that died by the delivery limit is handled alone"
            );
            self.handle(vec![suspect.delivery]).await?;
        }
        suspects.close().await;
        Ok(())
    }

    /// Whether work may go on: neither system is paused or stopped, and it is none of the quiet hours.
    async fn is_open(&self, systems: &Systems) -> Result<bool, store::Error> {
        Ok(!self.is_quiet() && systems.are_open().await?)
    }

    /// Whether this is one of the site's quiet hours, in which nothing is written.
    pub(super) fn is_quiet(&self) -> bool {
        let now = self.clock.now();
        self.mappings.quiet_until(now).is_some()
    }

    /// Waits while a system is paused or stopped, or it is quiet, for at most `patience`. Whether work may go on.
    async fn wait_until_open(
        &self,
        systems: &Systems,
        patience: Option<Duration>,
        stop: &CancellationToken,
    ) -> Result<bool, store::Error> {
        let began = Instant::now();
        while !stop.is_cancelled() && patience.is_none_or(|patience| began.elapsed() < patience) {
            if self.is_open(systems).await? {
                return Ok(true);
            }
            pause(self.timing.poll, stop).await;
        }
        Ok(false)
    }
}

async fn pause(wait: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = sleep(wait) => {}
    }
}
