//! Reading both sides as they are now, in as few calls as possible.

use std::collections::HashMap;

use domain::{Cause, Failure, RecordId, System};
use store::pair::State;

use super::{Engine, Round, case::Case, settle::Settling};
use crate::{Facts, Half, SHADOW_VERSION, children::Family};

impl Engine {
    /// Reads the side that each event came from, and lets go of what that alone settles.
    pub(super) async fn read_event_sides(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut cases = cases;
        for system in System::BOTH {
            cases = self
                .read_side(system, cases, round, |case| {
                    case.side() == system || case.both_sides
                })
                .await;
        }
        let facts = self.mappings.facts(self.clock.now());
        let mut open = Vec::new();
        for case in cases {
            if !case.is_of_known_format() {
                round.leave(case, Settling::newer());
            } else if case.half(case.side()).is_none() && case.was_never_seen() {
                let settling = self.unseen(&case.work);
                round.leave(case, settling);
            } else if self.is_before_its_event(&case) {
                let settling = Settling::Retry(
                    std::time::Duration::from_secs(5),
                    "read an older state than the event tells of".to_owned(),
                );
                round.leave(case, settling);
            } else if self.is_settled_by_its_own_side(&case, &facts) {
                metrics::counter!(crate::metrics::NO_OPS, "kind" => self.rules.kind().to_string())
                    .increment(1);
                round.leave(case, Settling::Done);
            } else {
                open.push(case);
            }
        }
        open
    }

    /// Reads the sides that are not read yet, where a pair names them.
    pub(super) async fn read_other_sides(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut cases = cases;
        for system in System::BOTH {
            cases = self
                .read_side(system, cases, round, |case| case.half(system).is_none())
                .await;
        }
        cases
    }

    async fn read_side(
        &self,
        system: System,
        mut cases: Vec<Case>,
        round: &mut Round,
        wanted: impl Fn(&Case) -> bool,
    ) -> Vec<Case> {
        let ids: Vec<RecordId> = cases
            .iter()
            .filter(|case| wanted(case))
            .filter_map(|case| case.id(system).cloned())
            .collect();
        match self.read(system, &ids).await {
            Ok(mut halves) => {
                for case in cases.iter_mut().filter(|case| wanted(case)) {
                    let half = case.id(system).and_then(|id| halves.remove(id));
                    case.put(system, half);
                }
                cases
            }
            Err(failure) => {
                let (failed, mut rest): (Vec<_>, Vec<_>) = cases
                    .into_iter()
                    .partition(|case| wanted(case) && case.id(system).is_some());
                let is_about_one = matches!(failure, Failure::Hold { .. }) && failed.len() > 1;
                if is_about_one {
                    rest.extend(Box::pin(self.read_singly(system, failed, round)).await);
                } else {
                    self.fail(failed, failure, round).await;
                }
                rest
            }
        }
    }

    /// One record that cannot be read must not take its whole batch along.
    async fn read_singly(&self, system: System, cases: Vec<Case>, round: &mut Round) -> Vec<Case> {
        let mut ready = Vec::new();
        for mut case in cases {
            let id: Vec<RecordId> = case.id(system).cloned().into_iter().collect();
            match self.read(system, &id).await {
                Ok(mut halves) => {
                    let half = id.first().and_then(|id| halves.remove(id));
                    case.put(system, half);
                    ready.push(case);
                }
                Err(failure) => self.give_up(case, failure, round).await,
            }
        }
        ready
    }

    /// A failure that falls on each of several cases.
    async fn fail(&self, mut cases: Vec<Case>, failure: Failure, round: &mut Round) {
        if cases.len() == 1 {
            self.give_up(cases.remove(0), failure, round).await;
            return;
        }
        self.heed(&failure).await;
        for case in cases {
            if matches!(failure, Failure::Retry { .. } | Failure::Await { .. })
                && self.is_tired(&case)
            {
                let problem = self.tired(&case, &failure);
                self.hold(case, vec![problem], round).await;
            } else {
                let settling = Settling::after(&failure, &case.work);
                round.leave(case, settling);
            }
        }
    }

    /// Reads records of one side by id.
    pub(super) async fn read(
        &self,
        system: System,
        ids: &[RecordId],
    ) -> Result<HashMap<RecordId, Half>, Failure> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let halves = self.hands.read(system, ids).await?;
        Ok(halves
            .into_iter()
            .map(|half| (half.id.clone(), half))
            .collect())
    }

    /// Rule 9's shortcut: the event's side equals the shadow, so there is nothing to do.
    fn is_settled_by_its_own_side(&self, case: &Case, facts: &Facts) -> bool {
        let clean = case.work.event.cause == Cause::Live
            && case.pair.state == State::Paired
            && case.open.is_none()
            && !case.is_held()
            && !case.both_sides
            && case.pair.mapping_version == case.mapping_version
            && facts.version == case.mapping_version;
        let side = case.side();
        let (Some(half), Some(shadow), Some(other)) =
            (case.half(side), &case.shadow, case.id(side.other()))
        else {
            return false;
        };
        let told = self.rules.fields().iter().all(|field| {
            // A field that no plan has judged yet is not settled, however quiet it looks.
            let then = shadow.side(side).get(field.name);
            !facts.is_carried(&self.rules.kind(), field)
                || half
                    .fields
                    .get(field.name)
                    .is_none_or(|now| then == Some(now))
        });
        clean && told && self.rules_are_quiet(case, half, other, shadow, facts)
    }

    fn rules_are_quiet(
        &self,
        case: &Case,
        half: &Half,
        other: &RecordId,
        shadow: &crate::Shadow,
        facts: &Facts,
    ) -> bool {
        let side = case.side();
        let (owner, then) = match side {
            System::Jim2 => (self.rules.customer(half), &shadow.customer),
            System::Autotask => (self.rules.company(half), &shadow.company),
        };
        let moved = owner.is_some() && owner != *then;
        let family = Family {
            rules: &*self.rules,
            autotask: case.autotask.as_ref(),
            jim2: case.jim2.as_ref(),
            known: &case.children,
            baseline: shadow.baseline,
            facts,
        };
        let owes = || {
            self.rules
                .owes_reference(side, half, other, case.pair.generation)
        };
        if moved || !family.is_quiet(side) || owes() {
            return false;
        }
        // Without evidence of a span nothing was hidden, and the halves need not be copied to find that out.
        let mut evidence = case.evidence.iter();
        if !evidence.any(|(on, evidence)| shadow.may_hide(*on, evidence.at)) {
            return true;
        }
        let known = case.known();
        crate::plan::foreign_values(&*self.rules, &known).is_empty()
            && crate::plan::possibly_overwritten(&known).is_empty()
    }
}

impl Case {
    /// Rule 15: a shadow or an intent of a newer format waits for a newer build.
    fn is_of_known_format(&self) -> bool {
        let version =
            |shadow: &serde_json::Value| shadow.get("v").and_then(serde_json::Value::as_u64);
        let shadow = self.pair.shadow.as_ref().and_then(version).unwrap_or(0);
        let readable = self.pair.shadow.is_none() || self.shadow.is_some();
        shadow <= u64::from(SHADOW_VERSION) && readable
    }

    /// Whether nothing but the event speaks of this record.
    fn was_never_seen(&self) -> bool {
        self.pair.state == State::New
            && self.pair.shadow.is_none()
            && self.open.is_none()
            && !self.is_held()
    }
}
