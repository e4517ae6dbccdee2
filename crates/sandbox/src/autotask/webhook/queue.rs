//! Events on their way: one queue for each webhook and kind of event, so that their order is kept.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::time::Instant;

/// How many different events in a row may fail before the webhook is switched off.
const MOST_FAILURES: u32 = 25;

/// What happened to a record, or to the webhook itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::autotask) enum Action {
    Create,
    Update,
    Delete,
    Deactivated,
}

/// The events of one kind for one webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::autotask) struct Lane {
    /// The plural of the webhook's entity.
    pub hooks: &'static str,
    pub webhook: i64,
    pub action: Action,
    /// The number of the one event that goes its own way, past those of its kind; none for the queue of them.
    pub aside: Option<u64>,
}

/// One body to be sent.
#[derive(Clone, Debug)]
pub(in crate::autotask) struct Event {
    pub body: String,
    pub sequence: u64,
    pub target: Target,
    /// Whether it has been sent before, so that nobody cares what becomes of it.
    pub is_copy: bool,
}

/// Where a body goes.
#[derive(Clone, Debug)]
pub(in crate::autotask) enum Target {
    /// The webhook's address and secret as they are when it is sent.
    Webhook,
    /// The deactivation address of a webhook that may be gone by then.
    Deactivation { url: String, secret: Option<String> },
}

/// All queues, and what became of the events.
#[derive(Debug, Default)]
pub(in crate::autotask) struct Queues {
    waiting: BTreeMap<Lane, VecDeque<(Instant, Event)>>,
    running: BTreeSet<Lane>,
    sequences: BTreeMap<(&'static str, i64), u64>,
    failures: BTreeMap<Lane, u32>,
    callouts: BTreeMap<&'static str, VecDeque<DateTime<Utc>>>,
    sent: u64,
    failed: u64,
}

impl Action {
    /// The name in bodies.
    pub(in crate::autotask) fn name(self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update => "Update",
            Self::Delete => "Delete",
            Self::Deactivated => "Deactivated",
        }
    }

    /// The field of a webhook that subscribes it to such events.
    pub(in crate::autotask) fn subscription(self) -> &'static str {
        match self {
            Self::Create => "isSubscribedToCreateEvents",
            Self::Update => "isSubscribedToUpdateEvents",
            Self::Delete => "isSubscribedToDeleteEvents",
            Self::Deactivated => "isActive",
        }
    }
}

impl Lane {
    /// The way of an event that leaves the queue of its kind.
    pub(super) fn aside(self, sequence: u64) -> Self {
        Self {
            aside: Some(sequence),
            ..self
        }
    }

    /// The queue of its kind.
    fn main(self) -> Self {
        Self {
            aside: None,
            ..self
        }
    }
}

impl Queues {
    /// The next number of a webhook's events, after a gap.
    pub(super) fn next_sequence(&mut self, hooks: &'static str, webhook: i64, gap: u64) -> u64 {
        let last = self.sequences.entry((hooks, webhook)).or_default();
        *last += gap + 1;
        *last
    }

    /// Takes one of the calls that an entity's webhooks may have in an hour; or answers how long there is none left.
    pub(super) fn call_out(
        &mut self,
        hooks: &'static str,
        now: DateTime<Utc>,
        most: Option<usize>,
    ) -> Result<(), Duration> {
        let recent = self.callouts.entry(hooks).or_default();
        let begin = now - TimeDelta::hours(1);
        while recent.front().is_some_and(|time| *time <= begin) {
            recent.pop_front();
        }
        match recent.front() {
            Some(first) if most.is_some_and(|most| recent.len() >= most) => {
                Err((*first - begin).to_std().unwrap_or_default())
            }
            Some(_) | None => {
                recent.push_back(now);
                Ok(())
            }
        }
    }

    /// Adds an event at the end of its lane, to be sent no sooner than after the latency.
    pub(super) fn push(&mut self, lane: Lane, event: Event, latency: Duration) {
        self.waiting
            .entry(lane)
            .or_default()
            .push_back((Instant::now() + latency, event));
    }

    /// The lanes that have events and nobody who sends them; the caller must send them.
    pub(in crate::autotask) fn start(&mut self) -> Vec<Lane> {
        let idle: Vec<_> = self
            .waiting
            .keys()
            .filter(|lane| !self.running.contains(lane))
            .copied()
            .collect();
        self.running.extend(&idle);
        idle
    }

    /// The first event of a lane; with none left, the lane stops running.
    pub(super) fn first(&mut self, lane: Lane) -> Option<(Instant, Event)> {
        let first = self
            .waiting
            .get(&lane)
            .and_then(|events| events.front().cloned());
        if first.is_none() {
            self.waiting.remove(&lane);
            self.running.remove(&lane);
        }
        first
    }

    /// Tells whether the event is still to be sent.
    pub(super) fn holds(&self, lane: Lane, sequence: u64) -> bool {
        let mut events = self.waiting.get(&lane).into_iter().flatten();
        events.any(|(_, event)| event.sequence == sequence)
    }

    /// Takes the event off its lane: it was sent.
    pub(super) fn sent(&mut self, lane: Lane, sequence: u64) {
        self.take(lane, sequence);
        self.sent += 1;
        self.failures.remove(&lane.main());
    }

    /// Takes the event off its lane: it is dropped. Answers whether the webhook has failed too often now.
    pub(super) fn failed(&mut self, lane: Lane, sequence: u64) -> bool {
        self.take(lane, sequence);
        self.failed += 1;
        let failures = self.failures.entry(lane.main()).or_default();
        *failures += 1;
        failures.is_multiple_of(MOST_FAILURES)
    }

    /// Takes the event off its lane: there is nobody left to send it to.
    pub(super) fn forget(&mut self, lane: Lane, sequence: u64) {
        self.take(lane, sequence);
    }

    /// Forgets the events of a webhook that has ended, and how often it has failed.
    pub(super) fn drop_events(&mut self, hooks: &str, webhook: i64) {
        self.failures
            .retain(|lane, _| (lane.hooks, lane.webhook) != (hooks, webhook));
        for (lane, events) in &mut self.waiting {
            if lane.hooks == hooks && lane.webhook == webhook && lane.action != Action::Deactivated
            {
                events.clear();
            }
        }
    }

    /// The counts as `/sandbox/stats` tells them.
    pub(in crate::autotask) fn tell(&self) -> Value {
        let pending: usize = self.waiting.values().map(VecDeque::len).sum();
        json!({"sent": self.sent, "failed": self.failed, "pending": pending})
    }

    fn take(&mut self, lane: Lane, sequence: u64) {
        if let Some(events) = self.waiting.get_mut(&lane) {
            events.retain(|(_, event)| event.sequence != sequence);
        }
    }
}
