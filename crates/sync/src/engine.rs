//! The loop that every worker runs: take a batch, make its pairs equal, settle its messages.

mod apply;
mod batch;
mod begin;
mod case;
mod claim;
mod crash;
mod date_out;
mod fresh;
mod guard;
mod hold;
mod intent;
mod join;
mod learn;
mod partly;
mod read;
mod record;
mod remember;
mod reread;
mod resolve;
mod settle;
mod systems;
mod taking;
#[cfg(test)]
mod tests;
mod think;

use std::{sync::Arc, time::Duration};

use broker::{Delivery, Settler};
use domain::{Clock, Failure, Lane};
use store::{Db, claim::Claim};
use tracing::warn;

use self::{batch::Work, case::Case, settle::Settling};
pub use self::{
    crash::{Crash, Point},
    systems::Systems,
};
use crate::{AnyHands, Mappings, Publish, Rules, metrics as names};

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
    /// The times that follow from a call's deadline, and from how long after it a write may still arrive. Replicas may
    /// lag ten times as long.
    pub fn of(deadline: Duration, patience: Duration) -> Self {
        Self {
            unseen: patience * 10,
            hold: deadline + (deadline / 2).max(Duration::from_secs(5)),
            deadline,
            patience,
            ..Self::default()
        }
    }
}

/// Makes pairs of one kind equal.
pub struct Engine {
    /// The kind's thinking.
    pub rules: Box<dyn Rules>,
    /// The kind's reads and writes.
    pub hands: Box<dyn AnyHands>,
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

impl Engine {
    /// A batch that came just as a system was paused, or quiet hours began: nothing is tried, nothing is counted.
    async fn put_off(&self, deliveries: Vec<Delivery>) -> Result<(), RoundError> {
        let put_off = |index| {
            (
                vec![index],
                Settling::Defer(
                    Duration::from_secs(5),
                    "a system is paused, or it is quiet hours".to_owned(),
                ),
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
        let sorted = batch::sort(&deliveries, &self.rules.kind());
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
    /// What has just happened goes first, and what can wait after it by itself: both share reads among their own, and
    /// neither takes the other's place in the allowance. The calls of each are worth what the worthiest of its events is.
    async fn process(&self, works: Vec<Work>) -> Vec<(Vec<usize>, Settling)> {
        let is_essential = self.rules.is_essential();
        let lane = |work: &Work| work.event.lane(is_essential);
        let (urgent, rest): (Vec<Work>, Vec<Work>) =
            works.into_iter().partition(|work| lane(work) >= Lane::Live);
        let mut settled = Vec::new();
        for works in [urgent, rest] {
            if let Some(worth) = works.iter().map(lane).max() {
                settled.extend(autotask::in_lane(worth, Box::pin(self.stages(works))).await);
            }
        }
        settled
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
        let cases = Box::pin(self.join(cases, round)).await;
        let cases = self.read_other_sides(cases, round).await;
        let cases = self.put_off_old_reads(cases, round);
        let planned = Box::pin(self.think(cases, round)).await;
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

    /// What rounds of single cases came to.
    fn take_in(&mut self, rounds: Vec<Self>) {
        for round in rounds {
            self.settled.extend(round.settled);
            self.released.extend(round.released);
        }
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
