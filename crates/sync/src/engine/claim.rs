//! Claiming: one worker a pair, and what waits for a lost answer waits long enough.

use super::{Engine, Round, batch::Work, case::Case, intent::Intent, settle::Settling};
use crate::{Shadow, children::ChildPair};
use domain::{Cause, Failure, Floor, Key};
use serde::Deserialize as _;
use store::{
    claim::{Claim, Taken, Waiting},
    pair::State,
};

impl Engine {
    /// Claims what can be written now. An event that meets a claim is kept on the row and its message is done.
    pub(super) async fn claim(&self, works: Vec<Work>, round: &mut Round) -> Vec<Case> {
        let wanted: Vec<(Key, domain::Event)> = works
            .iter()
            .map(|work| (work.event.key.clone(), work.event.clone()))
            .collect();
        let taken =
            match store::claim::take(&self.db, &wanted, &self.holder, self.timing.hold).await {
                Ok(taken) => taken,
                Err(error) => {
                    let failure = Failure::from(error);
                    for work in works {
                        let settling = Settling::after(&failure, &work);
                        round.settled.push((work.messages, settling));
                    }
                    return Vec::new();
                }
            };
        let mut cases: Vec<Option<Case>> = Vec::with_capacity(works.len());
        for (work, taken) in works.into_iter().zip(taken) {
            match taken {
                Taken::Busy => {
                    round.settled.push((work.messages, Settling::Done));
                    cases.push(None);
                }
                Taken::Same(index) => {
                    match cases.get_mut(index).and_then(Option::as_mut) {
                        Some(case) => case.also(work),
                        None => round.settled.push((work.messages, Settling::Done)),
                    }
                    cases.push(None);
                }
                Taken::Claimed(claimed) => {
                    cases.push(Some(Case::new(work, *claimed)));
                }
            }
        }
        cases
            .into_iter()
            .flatten()
            .filter_map(|case| Self::take_up(case, round))
            .collect()
    }

    /// What a person took out of the work stays as it is, and so does a generation that is over; what a newer build began
    /// is left to it.
    fn take_up(case: Case, round: &mut Round) -> Option<Case> {
        if case.is_newer {
            round.leave(case, Settling::newer());
            return None;
        }
        let why = match case.pair.state {
            State::Ignored => "left alone, as a person said",
            State::Earlier => "left alone, as its other half has gone on with another",
            State::New | State::Paired | State::Gone => return Some(case),
        };
        tracing::debug!(key = %case.work.event.key, "{why}");
        round.leave(case, Settling::Done);
        None
    }

    /// A case that cannot go on: held where only a person can help or it was tried for a day, else tried again.
    pub(super) async fn give_up(&self, case: Case, failure: Failure, round: &mut Round) {
        self.heed(&failure).await;
        if let Some(problems) = self.held_by(&case, &failure) {
            self.hold(case, problems, round).await;
        } else {
            let settling = Settling::after(&failure, &case.work);
            round.leave(case, settling);
        }
    }

    /// Rule 2: whoever finds an open intent waits until its write can no longer arrive.
    pub(super) fn await_lost_answers(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut ready = Vec::new();
        for case in cases {
            let in_flight = self.timing.deadline + self.timing.patience;
            match case.open.as_ref().filter(|(row, _)| row.sent_at.is_some()) {
                Some((row, _)) if row.age < in_flight => {
                    let wait = in_flight.saturating_sub(row.age);
                    let settling =
                        Settling::Defer(wait, "an earlier write may still arrive".to_owned());
                    round.leave(case, settling);
                }
                _ => ready.push(case),
            }
        }
        ready
    }

    /// Lets go of claims with nothing to remember; an event that came meanwhile is put back on the queue.
    pub(super) async fn leave(&self, round: &mut Round) {
        let claims: Vec<_> = round.released.drain(..).map(|case| case.claim()).collect();
        if claims.is_empty() {
            return;
        }
        match store::claim::release(&self.db, &claims).await {
            Ok(waiting) => self.put_back(waiting).await,
            // The claims run out by themselves, and the rescuer publishes what met them.
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "claims not released"
            ),
        }
    }

    /// Publishes what waited on pairs that are let go. What cannot be published now the rescuer finds on the rows.
    pub(super) async fn put_back(&self, waiting: impl IntoIterator<Item = Waiting>) {
        if let Err(error) = self.publish.put_back(waiting).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "events that met a claim were not put back yet"
            );
        }
    }

    /// Keeps claims alive for as long as it is waited for: a slow read must not cost a batch its claims.
    pub(super) async fn heartbeat(&self, claims: &[Claim]) {
        loop {
            tokio::time::sleep(self.timing.hold / 3).await;
            if let Err(error) = store::claim::extend(&self.db, claims, self.timing.hold).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "claims not extended"
                );
            }
        }
    }

    /// Stops the system that a failure speaks of, and tells the record that it waits for.
    pub(super) async fn heed(&self, failure: &Failure) {
        if let Failure::Await { key, .. } = failure {
            self.await_key(key).await;
            return;
        }
        if let Err(error) = super::Systems::new(self.db.clone()).heed(failure).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the stop of a system was not stored"
            );
        }
    }
}

impl Engine {
    /// Has a record looked at because work waits for it.
    pub(super) async fn await_key(&self, key: &Key) {
        tracing::debug!(key = %key, "work waits for it");
        self.publish
            .again([domain::Event::new(key.clone(), Cause::Work)])
            .await;
    }
}

impl Case {
    pub(super) fn new(mut work: Work, claimed: store::claim::Claimed) -> Self {
        let has_intent = claimed.intent.is_some();
        let row = claimed
            .intent
            .filter(|row| row.v <= store::intent::INTENT_VERSION);
        let open: Option<(_, Intent)> =
            row.and_then(|row| Some((row.clone(), serde_json::from_value(row.body).ok()?)));
        let children = claimed.children.into_iter().filter_map(|row| {
            Some(ChildPair {
                shadow: serde_json::from_value(row.shadow?).ok()?,
                autotask: row.autotask_id,
                jim2: row.jim2_id,
            })
        });
        let shadow = claimed.pair.shadow.as_ref();
        let side = work.event.key.system;
        let evidence = std::mem::take(&mut work.event.evidence);
        Self {
            evidence: evidence.into_iter().map(|it| (side, it)).collect(),
            work,
            shadow: shadow.and_then(|it| Shadow::deserialize(it).ok()),
            epoch: claimed.pair.epoch,
            is_newer: has_intent && open.is_none(),
            open,
            children: children.collect(),
            held: claimed.held,
            both_sides: false,
            mapping_version: claimed.mapping_version,
            pair: claimed.pair,
            autotask: None,
            jim2: None,
        }
    }

    /// Takes in the work of the other half of the same pair. Its floor is in another clock, and both sides are read.
    fn also(&mut self, mut work: Work) {
        let (key, side) = (self.work.event.key.clone(), work.event.key.system);
        let evidence = std::mem::take(&mut work.event.evidence);
        self.evidence
            .extend(evidence.into_iter().map(|it| (side, it)));
        if side != key.system {
            self.both_sides = true;
            work.event.floor = Floor::default();
        }
        work.event.key = key;
        self.work.absorb(work);
    }
}
