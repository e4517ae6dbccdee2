//! Autotask's limits, shared by all processes through Postgres: two calls at once an endpoint, and the hour's allowance.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use autotask::{Call, Entering, Gate, GateRefused, Outcome, Pass};
use store::{
    Db,
    budget::{Grant, Lane},
    slot::Slot,
};
use tokio::{
    sync::{Semaphore, mpsc},
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;

/// Calls at once on one endpoint, of Autotask's three: it frees a place later than we see the answer.
const AT_ONCE: usize = 2;
/// How long a call waits for a place before it is refused.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a place rests after Autotask refused a call for the crowd or the hour: who comes at once is refused again.
const REST: Duration = Duration::from_secs(1);
/// How often a place held by another process is looked for.
const LOOK: Duration = Duration::from_millis(25);

/// The gate of a site.
#[derive(Debug)]
pub struct SharedGate {
    db: Db,
    owner: String,
    here: Mutex<HashMap<String, Arc<Semaphore>>>,
    leave: mpsc::UnboundedSender<Left>,
}

/// A place that a call has left.
#[derive(Debug)]
struct Left {
    slot: Slot,
    /// When it is to be given back, where that is not now.
    rests_until: Option<Instant>,
}

/// Gives places back. It must run for as long as the gate is used.
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

    /// Waits for the budget's word, then for a place among all processes.
    async fn admit(&self, call: Call<'_>) -> Result<Pass, GateRefused> {
        match store::budget::grant(&self.db, lane(call.lane), 1)
            .await
            .map_err(|error| unreachable(&error))?
        {
            Grant::Go => {}
            Grant::Slow(pause) => sleep(pause).await,
            Grant::Wait(after) => {
                return Err(GateRefused {
                    after,
                    reason: "too much of the hourly allowance is used".to_owned(),
                });
            }
        }
        let places = self.here(call.endpoint);
        let until = Instant::now() + PATIENCE;
        let here = tokio::time::timeout_at(until, places.acquire_owned())
            .await
            .map_err(|_| busy(call.endpoint))?
            .expect("the semaphore is never closed");
        loop {
            let taken = store::slot::slot_take(
                &self.db,
                call.endpoint,
                &self.owner,
                call.deadline,
                call.deadline,
            )
            .await;
            if let Some(slot) = taken.map_err(|error| unreachable(&error))? {
                let leave = self.leave.clone();
                return Ok(Pass::new(move |outcome| {
                    let rests_until = match outcome {
                        Outcome::Answered => None,
                        Outcome::SlowedDown { .. } | Outcome::TooManyAtOnce => {
                            Some(Instant::now() + REST)
                        }
                        // The call may still run at the other end: its place is free only after its time.
                        Outcome::Abandoned => return,
                    };
                    let _task_is_gone = leave.send(Left { slot, rests_until });
                    drop(here);
                }));
            }
            if Instant::now() >= until {
                return Err(busy(call.endpoint));
            }
            sleep(LOOK).await;
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
                    Some(Left { slot, rests_until: None }) => slot,
                    Some(Left { slot, rests_until: Some(until) }) => {
                        self.resting.push_back((until, slot));
                        continue;
                    }
                    None => return,
                },
                slot = rested(&mut self.resting) => slot,
                () = stop.cancelled() => return,
            };
            if let Err(error) = store::slot::slot_free(&self.db, &slot).await {
                tracing::warn!(
                    endpoint = slot.endpoint,
                    error = &error as &dyn std::error::Error,
                    "place not given back"
                );
            }
        }
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

fn lane(lane: autotask::Lane) -> Lane {
    match lane {
        autotask::Lane::Essential => Lane::Essential,
        autotask::Lane::Live => Lane::Live,
        autotask::Lane::Bulk => Lane::Bulk,
    }
}

fn unreachable(error: &store::Error) -> GateRefused {
    GateRefused {
        after: Duration::from_secs(5),
        reason: format!("the budget cannot be asked: {error}"),
    }
}

fn busy(endpoint: &str) -> GateRefused {
    GateRefused {
        after: Duration::from_secs(5),
        reason: format!("both places of {endpoint} are taken"),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::PgPool;

    use super::*;

    /// How long a third call waits after one of two has ended so; `None`: longer than a place rests.
    async fn waits(pool: &PgPool, endpoint: &str, outcome: Outcome) -> Option<Duration> {
        let (gate, task) = SharedGate::new(Db::from(pool.clone()), "us".to_owned());
        let call = Call {
            endpoint,
            lane: autotask::Lane::Live,
            deadline: Duration::from_mins(1),
        };
        let third = async {
            let first = gate.enter(call).await.unwrap();
            let _second = gate.enter(call).await.unwrap();
            let begun = Instant::now();
            first.leave(outcome);
            let third = tokio::time::timeout(2 * REST, gate.enter(call)).await;
            third.ok().map(|pass| {
                drop(pass.unwrap());
                begun.elapsed()
            })
        };
        tokio::select! {
            waited = third => waited,
            () = task.run(CancellationToken::new()) => panic!("the task has ended"),
        }
    }

    #[sqlx::test(migrator = "store::MIGRATOR")]
    async fn a_place_is_free_at_once_after_an_answer_and_rests_after_a_refusal_for_the_crowd(
        pool: PgPool,
    ) {
        let answered = waits(&pool, "Tickets", Outcome::Answered).await.unwrap();
        assert!(answered < REST, "{answered:?}");
        let hourly = Outcome::SlowedDown { after: None };
        for (endpoint, outcome) in [("Companies", Outcome::TooManyAtOnce), ("Contacts", hourly)] {
            let rested = waits(&pool, endpoint, outcome).await;
            assert!(
                rested.is_some_and(|rested| rested >= REST),
                "{endpoint}: {rested:?}"
            );
        }
        let abandoned = waits(&pool, "Roles", Outcome::Abandoned).await;
        assert_eq!(abandoned, None, "the call may still run at the other end");
    }
}
