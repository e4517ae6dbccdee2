//! Rule 9: a read that is older than what we know is no answer. Replicas lag, and a record made a moment ago may be
//! missing; such a case is looked at again a little later.

use std::time::Duration;

use chrono::TimeDelta;
use domain::System;

use super::{Engine, Round, case::Case, settle::Settling};
use crate::Rules;

/// How long a source's answers may lag behind before they are believed anyway.
const LAG: Duration = Duration::from_mins(2);

/// How long until an old read is tried again.
const AGAIN: Duration = Duration::from_secs(5);

impl Engine {
    /// Lets go of cases of which a side was read too old, once both sides are read.
    pub(super) fn put_off_old_reads(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut ready = Vec::new();
        for case in cases {
            if let Some(why) = self.is_old(&case) {
                round.leave(case, Settling::Retry(AGAIN, why.to_owned()));
            } else if let Some(wait) = self.may_still_appear(&case) {
                let why = "what we made a moment ago is not there yet";
                round.leave(case, Settling::Retry(wait, why.to_owned()));
            } else {
                ready.push(case);
            }
        }
        ready
    }

    /// Why a side was read too old.
    fn is_old(&self, case: &Case) -> Option<&'static str> {
        if self.is_before_its_event(case) {
            Some("read an older state than the event tells of")
        } else if is_before_our_write(case) || is_before_our_movement(&*self.rules, case) {
            Some("read the state before our last write")
        } else {
            None
        }
    }

    /// A read older than the floor of the event that asked for it.
    pub(super) fn is_before_its_event(&self, case: &Case) -> bool {
        case.work.asked.iter().any(|(system, asked)| {
            let stamp = case.half(*system).and_then(|half| half.changed_at);
            let waited = (self.clock.now() - asked.seen).to_std().unwrap_or_default();
            stamp.is_some_and(|stamp| stamp + TimeDelta::seconds(1) < asked.at) && waited < LAG
        })
    }

    /// A half that we wrote a moment ago and that is not there: it has not vanished, the replica lags.
    fn may_still_appear(&self, case: &Case) -> Option<Duration> {
        let is_missing = System::BOTH
            .into_iter()
            .any(|system| case.id(system).is_some() && case.half(system).is_none());
        let ago = case.pair.written_ago.filter(|_| is_missing)?;
        (ago < self.timing.unseen).then_some(AGAIN.max(ago))
    }
}

/// A half as it was before our last write to it: its stamp is no newer, and it differs from what has been agreed since.
fn is_before_our_write(case: &Case) -> bool {
    let Some(shadow) = case.agreed() else {
        return false;
    };
    if case.pair.written_ago.is_none_or(|ago| ago >= LAG) {
        return false;
    }
    System::BOTH.into_iter().any(|system| {
        let (Some(half), Some(wrote)) = (case.half(system), shadow.writes.get(&system)) else {
            return false;
        };
        let agreed = shadow.side(system);
        half.changed_at.is_some_and(|stamp| stamp <= wrote.after)
            && half
                .fields
                .iter()
                .any(|(field, now)| agreed.get(field).is_some_and(|then| then != now))
    })
}

/// The same of a half that tells no time, by what a write of ours moves in it: what is not as we left it a moment ago is not
/// believed yet, as a difference that is there no more would be made up for again.
fn is_before_our_movement(rules: &dyn Rules, case: &Case) -> bool {
    let moved = rules.fields().iter();
    let mut moved = moved.filter_map(|field| Some((field.name, field.moved_on?)));
    let is_recent = case.pair.written_ago.is_some_and(|ago| ago < LAG);
    let Some(shadow) = case.agreed().filter(|_| is_recent) else {
        return false;
    };
    moved.any(|(field, on)| {
        let half = case.half(on).filter(|half| half.changed_at.is_none());
        let now = half.and_then(|half| half.fields.get(field));
        let then = shadow.side(on).get(field);
        matches!((now, then), (Some(now), Some(then)) if now != then)
    })
}
