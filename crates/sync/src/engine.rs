//! The loop that every worker runs: take a batch, make its pairs equal, settle its messages.

mod apply;
mod batch;
mod case;
mod claim;
mod crash;
mod fresh;
mod guard;
mod hold;
mod intent;
mod join;
mod partly;
mod read;
mod record;
mod remember;
mod reread;
mod settle;
mod systems;
#[cfg(test)]
mod tests;
mod think;

use std::{sync::Arc, time::Duration};

use autotask::Lane;
use broker::{Broker, Consumer, Delivery, Queues, Settler};
use domain::{Cause, Clock, Failure};
use store::{Db, claim::Claim};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use self::{batch::Work, case::Case, settle::Settling};
pub use self::{
    crash::{Crash, Point},
    systems::Systems,
};
use crate::{Hands, Mappings, Publish, Rules, metrics as names};

/// How long messages are kept in our hands while a system is stopped; RabbitMQ takes them back after 30 minutes.
const KEEP: Duration = Duration::from_mins(5);

/// How long things may take. Tests shorten them; the order between them must hold.
#[derive(Debug, Clone)]
pub struct Timing {
    /// How long a claim holds without a heartbeat. Longer than one call's deadline.
    pub hold: Duration,
    /// The hard deadline of one remote call.
    pub deadline: Duration,
    /// How long after a call's deadline its write may still arrive (rule 2).
    pub patience: Duration,
    /// How long a record that was never seen may be missing before that is believed (rule 9).
    pub unseen: Duration,
    /// How long a record may be tried before it is held.
    pub tries: Duration,
    /// How long a batch waits for more messages.
    pub linger: Duration,
    /// The most messages in a batch.
    pub batch: usize,
    /// The most messages in our hands.
    pub prefetch: u16,
    /// How many pairs are written at once.
    pub width: usize,
    /// How often a stopped or paused system is looked at again.
    pub poll: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            hold: Duration::from_secs(90),
            deadline: Duration::from_mins(1),
            patience: Duration::from_mins(1),
            unseen: Duration::from_mins(10),
            tries: Duration::from_hours(24),
            linger: Duration::from_millis(20),
            batch: 200,
            prefetch: 400,
            width: 4,
            poll: Duration::from_millis(500),
        }
    }
}

impl Timing {
    /// The times that follow from a call's deadline, and from how long after it a write may still arrive.
    pub fn of(deadline: Duration, patience: Duration) -> Self {
        Self {
            hold: deadline + (deadline / 2).max(Duration::from_secs(5)),
            deadline,
            patience,
            ..Self::default()
        }
    }
}

/// Makes pairs of one kind equal.
#[derive(Debug)]
pub struct Engine<R, H> {
    /// The kind's thinking.
    pub rules: R,
    /// The kind's reads and writes.
    pub hands: H,
    /// The database.
    pub db: Db,
    /// Where events of ours are put.
    pub publish: Publish,
    /// What settles messages.
    pub settler: Settler,
    /// The mappings in force.
    pub mappings: Arc<Mappings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How long things may take.
    pub timing: Timing,
    /// Who we are in claims: one name a process.
    pub holder: String,
    /// Where a test ends us.
    pub crash: Crash,
}

impl<R: Rules, H: Hands> Engine<R, H> {
    /// Works on the kind's queues until `stop`. The batch in hand is finished first.
    ///
    /// A lost broker ends a round, not the worker: the next one connects anew.
    pub async fn run(&self, broker: &Broker, queues: &Queues, stop: &CancellationToken) {
        let mut is_told = false;
        while !stop.is_cancelled() {
            let began = tokio::time::Instant::now();
            let Err(error) = self.round(broker, queues, stop).await else {
                continue;
            };
            if !is_told || began.elapsed() > KEEP {
                warn!(
                    kind = %self.rules.kind(),
                    error = &error as &dyn std::error::Error,
                    "a round ended early; connecting anew until it works"
                );
            }
            is_told = true;
            self.pause(stop).await;
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
        let mut consumer = Consumer::open(broker, queues, self.timing.prefetch).await?;
        // A short stop keeps what is in our hands: giving it back counts as a delivery of each message.
        while self.wait_until_open(&systems, Some(KEEP), stop).await? {
            let batch = consumer
                .next_batch(self.timing.batch, self.timing.linger, stop)
                .await?;
            if batch.is_empty() {
                break;
            }
            if systems.are_open().await? {
                self.handle(batch).await?;
            } else {
                self.put_off(batch).await?;
            }
        }
        consumer.close().await;
        Ok(())
    }

    /// Waits while a system is paused or stopped, for at most `patience`. Whether work may go on.
    async fn wait_until_open(
        &self,
        systems: &Systems,
        patience: Option<Duration>,
        stop: &CancellationToken,
    ) -> Result<bool, store::Error> {
        let began = tokio::time::Instant::now();
        while !stop.is_cancelled() && patience.is_none_or(|patience| began.elapsed() < patience) {
            if systems.are_open().await? {
                return Ok(true);
            }
            self.pause(stop).await;
        }
        Ok(false)
    }

    /// A batch that came just as a system was paused: nothing is tried, nothing is counted.
    async fn put_off(&self, deliveries: Vec<Delivery>) -> Result<(), RoundError> {
        let put_off = |index| {
            (
                vec![index],
                Settling::Defer(Duration::from_secs(5), "a system is paused".to_owned()),
            )
        };
        let settled = (0..deliveries.len()).map(put_off).collect();
        settle::settle(self, deliveries, settled).await
    }

    /// Handles and settles one batch.
    pub(crate) async fn handle(&self, deliveries: Vec<Delivery>) -> Result<(), RoundError> {
        metrics::counter!(names::EVENTS, "kind" => self.rules.kind().to_string())
            .increment(deliveries.len() as u64);
        self.record_sequence(&deliveries).await;
        let sorted = batch::sort(&deliveries);
        let mut settled = Vec::new();
        for (index, why) in sorted.poison {
            settled.push((vec![index], Settling::Bury(why)));
        }
        for index in sorted.newer {
            settled.push((vec![index], Settling::newer()));
        }
        settled.extend(self.process(sorted.works).await);
        self.crash.at(Point::BeforeSettle).await;
        settle::settle(self, deliveries, settled).await?;
        self.crash.at(Point::AfterSettle).await;
        Ok(())
    }

    /// From events to equal pairs. Every message of every work comes back with what becomes of it.
    ///
    /// Where nothing in the batch has just happened, its calls give way to those of others.
    async fn process(&self, works: Vec<Work>) -> Vec<(Vec<usize>, Settling)> {
        let can_wait = |work: &Work| matches!(work.event.cause, Cause::Sweep | Cause::FirstLoad);
        let lane = if works.iter().all(can_wait) {
            Lane::Bulk
        } else {
            Lane::Live
        };
        autotask::in_lane(lane, Box::pin(self.stages(works))).await
    }

    async fn stages(&self, works: Vec<Work>) -> Vec<(Vec<usize>, Settling)> {
        let mut round = Round::default();
        let works = self.resolve(works, &mut round).await;
        self.crash.at(Point::BeforeClaim).await;
        let cases = self.claim(works, &mut round).await;
        self.crash.at(Point::AfterClaim).await;
        let claims: Vec<Claim> = cases.iter().map(Case::claim).collect();
        tokio::select! {
            () = self.carry_out(cases, &mut round) => {}
            () = self.heartbeat(&claims) => {}
        }
        self.leave(&mut round).await;
        round.settled
    }

    async fn carry_out(&self, cases: Vec<Case>, round: &mut Round) {
        let cases = self.await_lost_answers(cases, round);
        let cases = self.read_event_sides(cases, round).await;
        let cases = self.join(cases, round).await;
        let cases = self.read_other_sides(cases, round).await;
        let cases = self.put_off_old_reads(cases, round);
        let planned = self.think(cases, round).await;
        let written = Box::pin(self.apply(planned, round)).await;
        self.remember(written, round).await;
    }

    /// Notes which numbers of each webhook were seen, a statement a batch. A lost note only makes a gap suspected.
    async fn record_sequence(&self, deliveries: &[Delivery]) {
        let seen: Vec<(String, i64)> = deliveries
            .iter()
            .filter_map(|delivery| {
                Some((delivery.headers.guid.clone()?, delivery.headers.sequence?))
            })
            .collect();
        if seen.is_empty() {
            return;
        }
        if let Err(error) = store::sequence::record(&self.db, &seen).await {
            warn!(
                error = &error as &dyn std::error::Error,
                "sequence numbers were not noted"
            );
        }
    }

    async fn pause(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(self.timing.poll) => {}
        }
    }
}

/// What a batch comes to while it passes through the stages.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// Messages and what becomes of them.
    settled: Vec<(Vec<usize>, Settling)>,
    /// Claims that are let go of with nothing to remember.
    released: Vec<Case>,
}

impl Round {
    /// The case is done with: its claim is let go of, its messages are settled.
    fn leave(&mut self, mut case: Case, settling: Settling) {
        self.settled
            .push((std::mem::take(&mut case.work.messages), settling));
        self.released.push(case);
    }

    /// A failure of a whole stage falls on each of its cases.
    fn fail_all(&mut self, cases: Vec<Case>, failure: &Failure) {
        for case in cases {
            let settling = Settling::after(failure, &case.work);
            self.leave(case, settling);
        }
    }
}

/// Why a round could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    /// RabbitMQ.
    #[error("RabbitMQ")]
    Broker(#[from] broker::Error),
    /// Postgres.
    #[error("Postgres")]
    Store(#[from] store::Error),
}
