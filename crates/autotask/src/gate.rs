//! The gate before every call: who may call now, shared with everybody who uses the same tenant.
//!
//! Autotask refuses a fourth call at once on one endpoint, and everything above 10,000 calls an
//! hour, whoever makes them. [`LocalGate`] guards one process; a gate over shared storage guards all.

use std::{
    collections::HashMap,
    fmt,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::Lane;
use tokio::sync::{Mutex, Semaphore};

tokio::task_local! {
    static LANE: Lane;
    static MADE: Arc<AtomicU64>;
}

/// Makes all calls inside `work` worth what `lane` says, whichever client makes them.
pub async fn in_lane<T>(lane: Lane, work: impl Future<Output = T>) -> T {
    LANE.scope(lane, work).await
}

/// The lane of the work that we are in, where there is one.
pub fn current_lane() -> Option<Lane> {
    LANE.try_with(|lane| *lane).ok()
}

/// Does `work`, and answers how many calls it made, whichever client made them.
pub async fn counting<T>(work: impl Future<Output = T>) -> (T, u64) {
    let made = Arc::new(AtomicU64::new(0));
    let done = MADE.scope(Arc::clone(&made), work).await;
    (done, made.load(Ordering::Relaxed))
}

/// Notes a call for whoever counts them.
pub(crate) fn made() {
    // Nobody counts, mostly.
    let _ = MADE.try_with(|made| made.fetch_add(1, Ordering::Relaxed));
}

/// A call that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The first segment of the path, such as `Tickets`: what Autotask counts calls at once by.
    pub endpoint: &'a str,
    /// What the call is worth.
    pub lane: Lane,
    /// How long it can take at most: the least time for which a slot must be held after a crash.
    pub deadline: Duration,
}

/// How a call that passed the gate ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Answered, well or badly: the slot is free.
    Answered,
    /// The hourly allowance is used up, for everybody.
    SlowedDown {
        /// How long to wait, where the answer said.
        after: Option<Duration>,
    },
    /// Too many calls at once on this endpoint: somebody else uses it too, or Autotask allows fewer than it did.
    TooManyAtOnce,
    /// No answer, or nobody waits for it any more: the call may still run at the other end.
    Abandoned,
}

/// The permission for one call, given back when the call has ended.
pub struct Pass(Option<Box<dyn FnOnce(Outcome) + Send>>);

impl Pass {
    /// A pass that is given back by `leave`, which is called exactly once and must not block.
    pub fn new(leave: impl FnOnce(Outcome) + Send + 'static) -> Self {
        Self(Some(Box::new(leave)))
    }

    /// Gives the pass back. Dropping it instead means [`Outcome::Abandoned`].
    pub fn leave(mut self, outcome: Outcome) {
        self.give_back(outcome);
    }

    fn give_back(&mut self, outcome: Outcome) {
        if let Some(leave) = self.0.take() {
            leave(outcome);
        }
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.give_back(Outcome::Abandoned);
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pass")
    }
}

/// The gate does not let a call through now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no call to Autotask now: {reason}")]
pub struct GateRefused {
    /// When to ask again.
    pub after: Duration,
    /// Why, as an operator reads it.
    pub reason: String,
    /// Whether nobody may call before then; else others may whose calls are worth more, or go elsewhere.
    pub is_for_all: bool,
}

/// What [`Gate::enter`] returns.
pub type Entering<'a> = Pin<Box<dyn Future<Output = Result<Pass, GateRefused>> + Send + 'a>>;

/// Decides when a call may be made.
pub trait Gate: Send + Sync + fmt::Debug {
    /// Waits a short while for a place, or refuses.
    fn enter<'a>(&'a self, call: Call<'a>) -> Entering<'a>;
}

/// A gate for one process alone: some calls at once per endpoint, no hourly budget.
#[derive(Debug)]
pub struct LocalGate {
    at_once: usize,
    endpoints: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl LocalGate {
    /// A gate with this many places per endpoint.
    pub fn new(at_once: usize) -> Self {
        Self {
            at_once,
            endpoints: Mutex::default(),
        }
    }
}

impl Default for LocalGate {
    /// Two places of Autotask's three, as Autotask frees a place later than we see the answer.
    fn default() -> Self {
        Self::new(2)
    }
}

impl Gate for LocalGate {
    fn enter<'a>(&'a self, call: Call<'a>) -> Entering<'a> {
        Box::pin(async move {
            let places = {
                let mut endpoints = self.endpoints.lock().await;
                let places = endpoints
                    .entry(call.endpoint.to_owned())
                    .or_insert_with(|| Arc::new(Semaphore::new(self.at_once)));
                Arc::clone(places)
            };
            let place = places
                .acquire_owned()
                .await
                .expect("the semaphore is never closed");
            Ok(Pass::new(move |_outcome| drop(place)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_pass_that_is_dropped_was_abandoned() {
        let (tell, told) = mpsc::channel();
        let again = tell.clone();
        drop(Pass::new(move |outcome| tell.send(outcome).unwrap()));
        Pass::new(move |outcome| again.send(outcome).unwrap()).leave(Outcome::Answered);
        let outcomes: Vec<_> = told.iter().collect();
        assert_eq!(outcomes, [Outcome::Abandoned, Outcome::Answered]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_third_call_waits_and_another_endpoint_does_not() {
        let gate = LocalGate::default();
        let call = |endpoint| Call {
            endpoint,
            lane: Lane::Live,
            deadline: Duration::from_mins(1),
        };
        let first = gate.enter(call("Tickets")).await.unwrap();
        let _second = gate.enter(call("Tickets")).await.unwrap();
        let _other = gate.enter(call("Companies")).await.unwrap();
        let short = Duration::from_millis(1);
        let third = tokio::time::timeout(short, gate.enter(call("Tickets"))).await;
        assert!(third.is_err(), "the third call must wait");
        first.leave(Outcome::Answered);
        gate.enter(call("Tickets")).await.unwrap();
    }
}
