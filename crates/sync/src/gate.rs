//! Autotask's limits, shared by all processes through Postgres: two calls at once an endpoint, and the hour's allowance.
//!
//! First the place, then the budget's word, then at once the call: what is granted is on its way, so that whoever measures
//! the allowance knows from the places taken how many calls Autotask may not have counted yet.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use autotask::{Call, Entering, Gate, GateRefused, Outcome, Pass, THRESHOLD};
use domain::{Lane, StopReason, System};
use store::{
    Db,
    budget::{self, Grant},
    slot::{self, Slot},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

/// Calls at once on one endpoint, of Autotask's three: it frees a place later than we see the answer.
const AT_ONCE: usize = 2;
/// How long a call waits for a place before it is refused.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a place rests after Autotask refused a call for the crowd or the hour: who comes at once is refused again.
const REST: Duration = Duration::from_secs(1);
/// How long an endpoint has one place only after Autotask refused a call there for the crowd.
const CROWDED: Duration = Duration::from_mins(1);
/// How long nobody calls after Autotask refused a call for the hour, where it does not say, and at most.
const USED_UP: Duration = Duration::from_mins(1);
const USED_UP_AT_MOST: Duration = Duration::from_mins(5);
/// How often a place held by another process is looked for.
const LOOK: Duration = Duration::from_millis(25);

/// The gate of a site.
#[derive(Debug)]
pub struct SharedGate {
    db: Db,
    owner: String,
    here: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Which lanes were told to go slower with their last call.
    slow: [AtomicBool; Lane::ALL.len()],
    leave: mpsc::UnboundedSender<Left>,
}

/// A place that a call has left.
#[derive(Debug)]
struct Left {
    slot: Slot,
    outcome: Outcome,
    at: Instant,
}

/// Gives places back, and tells all processes of refusals. It must run for as long as the gate is used.
#[derive(Debug)]
pub struct GateTask {
    db: Db,
    left: mpsc::UnboundedReceiver<Left>,
    /// Places that rest, the first to be given back first: all rest equally long.
    resting: VecDeque<(Instant, Slot)>,
}

impl SharedGate {
    /// A gate over `db` for the process `owner`, and the task that gives places back.
    pub fn new(db: Db, owner: String) -> (Self, GateTask) {
        // Bounded by the places: each is given back once before it is taken again.
        let (leave, left) = mpsc::unbounded_channel();
        let task = GateTask {
            db: db.clone(),
            left,
            resting: VecDeque::new(),
        };
        let gate = Self {
            db,
            owner,
            here: Mutex::default(),
            slow: Default::default(),
            leave,
        };
        (gate, task)
    }

    fn here(&self, endpoint: &str) -> Arc<Semaphore> {
        let mut here = self
            .here
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let places = here
            .entry(endpoint.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE)));
        Arc::clone(places)
    }

    /// Waits for a place among all processes, then for the budget's word.
    async fn admit(&self, call: Call<'_>) -> Result<Pass, GateRefused> {
        // Before the place: others may have it meanwhile.
        if self.slow[call.lane.place()].load(Ordering::Relaxed) {
            sleep(budget::SLOW).await;
        }
        let (here, slot) = self.place(call).await?;
        let leave = self.leave.clone();
        let pass = Pass::new(move |outcome| {
            // The call may still run at the other end: its place is free only after its time.
            if outcome != Outcome::Abandoned {
                let at = Instant::now();
                let _task_is_gone = leave.send(Left { slot, outcome, at });
                drop(here);
            }
        });
        if let Err(refused) = self.word(call).await {
            pass.leave(Outcome::Answered);
            return Err(refused);
        }
        Ok(pass)
    }

    /// A place, here and among all processes.
    async fn place(&self, call: Call<'_>) -> Result<(OwnedSemaphorePermit, Slot), GateRefused> {
        let until = Instant::now() + PATIENCE;
        let here = tokio::time::timeout_at(until, self.here(call.endpoint).acquire_owned())
            .await
            .map_err(|_| busy(call.endpoint))?
            .expect("the semaphore is never closed");
        let (hold, deadline) = (call.deadline, call.deadline);
        loop {
            let taken = slot::slot_take(&self.db, call.endpoint, &self.owner, hold, deadline).await;
            if let Some(slot) = taken.map_err(|error| unreachable(&error))? {
                return Ok((here, slot));
            }
            if Instant::now() >= until {
                return Err(busy(call.endpoint));
            }
            sleep(LOOK).await;
        }
    }

    /// The budget's word. Who asks how much is used is let through whatever it is: nobody else learns when it is less again.
    async fn word(&self, call: Call<'_>) -> Result<(), GateRefused> {
        let unreachable = |error| unreachable(&error);
        if call.endpoint == THRESHOLD {
            return budget::count(&self.db, call.lane, 1)
                .await
                .map_err(unreachable);
        }
        let grant = budget::grant(&self.db, call.lane, 1)
            .await
            .map_err(unreachable)?;
        let is_slow = matches!(grant, Grant::Slow(_));
        self.slow[call.lane.place()].store(is_slow, Ordering::Relaxed);
        match grant {
            Grant::Go | Grant::Slow(_) => Ok(()),
            Grant::Wait(after) => Err(GateRefused {
                after,
                reason: format!(
                    "too much of the hourly allowance is used for {} work",
                    call.lane.as_str()
                ),
                is_for_all: false,
            }),
            Grant::Stop(after) => Err(GateRefused {
                after,
                reason: "too much of the hourly allowance is used".to_owned(),
                is_for_all: true,
            }),
        }
    }
}

impl Gate for SharedGate {
    fn enter<'a>(&'a self, call: Call<'a>) -> Entering<'a> {
        Box::pin(self.admit(call))
    }
}

impl GateTask {
    /// Gives places back until `stop`. One that could not be given back is free after its time.
    pub async fn run(mut self, stop: CancellationToken) {
        loop {
            let slot = tokio::select! {
                biased;
                left = self.left.recv() => match left {
                    Some(left) => {
                        let Some(slot) = self.heed(left).await else {
                            continue;
                        };
                        slot
                    }
                    None => return,
                },
                slot = rested(&mut self.resting) => slot,
                () = stop.cancelled() => return,
            };
            if let Err(error) = slot::slot_free(&self.db, &slot).await {
                tracing::warn!(
                    endpoint = slot.endpoint,
                    error = &error as &dyn std::error::Error,
                    "place not given back"
                );
            }
        }
    }

    /// A place that can be given back at once. After a refusal it rests, and all processes are told.
    async fn heed(&mut self, left: Left) -> Option<Slot> {
        let told = match left.outcome {
            Outcome::Answered | Outcome::Abandoned => return Some(left.slot),
            Outcome::TooManyAtOnce => {
                slot::slot_crowded(&self.db, &left.slot.endpoint, CROWDED).await
            }
            Outcome::SlowedDown { after } => {
                let after = after.unwrap_or(USED_UP).min(USED_UP_AT_MOST);
                store::system::stop(&self.db, System::Autotask, &StopReason::Budget, after).await
            }
        };
        let endpoint = left.slot.endpoint.as_str();
        match told {
            Ok(()) => tracing::warn!(
                endpoint,
                outcome = ?left.outcome,
                "refused by autotask; all processes go slower"
            ),
            Err(error) => tracing::warn!(
                endpoint,
                error = &error as &dyn std::error::Error,
                "other processes were not told of a refusal"
            ),
        }
        self.resting.push_back((left.at + REST, left.slot));
        None
    }
}

/// The next place that has rested. Dropped early, it takes none out.
async fn rested(resting: &mut VecDeque<(Instant, Slot)>) -> Slot {
    if let Some((until, _)) = resting.front() {
        sleep_until(*until).await;
        if let Some((_, slot)) = resting.pop_front() {
            return slot;
        }
    }
    std::future::pending().await
}

fn unreachable(error: &store::Error) -> GateRefused {
    GateRefused {
        after: Duration::from_secs(5),
        reason: format!("the budget cannot be asked: {error}"),
        is_for_all: true,
    }
}

fn busy(endpoint: &str) -> GateRefused {
    GateRefused {
        after: Duration::from_secs(5),
        reason: format!("both places of {endpoint} are taken"),
        is_for_all: false,
    }
}

#[cfg(test)]
mod tests;
