//! From what was read to plans. What asks for no write ends here.

use std::collections::HashMap;

use domain::{Cause, Failure, Fixer, Key, Problem, RecordId, Remedy, Subject, System};
use store::{
    mapping::{Brake, Direction},
    pair::State,
};

use super::{Engine, Point, Round, case::Case, intent::creation, settle::Settling};
use crate::{Act, Facts, Next, Plan, plan};

/// A case and what is to be written.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) case: Case,
    pub(crate) plan: Plan,
    /// The mapping version it was planned under.
    pub(crate) version: i64,
    /// Whether the half that it makes is surely not there yet.
    pub(crate) is_new: bool,
}

/// What the brake is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// Whether there is room for one more.
    Look,
    /// Room for one, right before it is made, so that only what is made counts.
    One,
}

impl Engine {
    /// Plans each case, and remembers or lets go of those that need no write.
    pub(super) async fn think(&self, cases: Vec<Case>, round: &mut Round) -> Vec<Planned> {
        let facts = match self.facts(&cases).await {
            Ok(facts) => facts,
            Err(failure) => {
                round.fail_all(cases, &failure);
                return Vec::new();
            }
        };
        let mut thought = Vec::new();
        for mut case in cases {
            let recovered = match self.recover(&mut case).await {
                Ok(recovered) => recovered,
                Err(failure) => {
                    self.give_up(case, failure, round).await;
                    continue;
                }
            };
            if let Some(problem) = recovered {
                self.hold(case, vec![problem], round).await;
                continue;
            }
            let mut plan = plan(&*self.rules, &case.known(), &facts);
            match self.guard(&case, &mut plan).await {
                Ok(()) => thought.push((case, plan)),
                Err(failure) => self.give_up(case, failure, round).await,
            }
        }
        let thought = Box::pin(self.guard_all(thought, round)).await;
        Box::pin(self.sort_out(thought, facts.version, round)).await
    }

    /// What is to be written goes on; the rest is remembered, or let go of.
    async fn sort_out(
        &self,
        thought: Vec<(Case, Plan)>,
        version: i64,
        round: &mut Round,
    ) -> Vec<Planned> {
        let mut planned = Vec::new();
        for (case, plan) in thought {
            let is_written = match &plan.next {
                Next::Write | Next::Replace | Next::Bury => true,
                Next::FollowOn => !plan.acts.is_empty(),
                Next::InStep | Next::Hold | Next::Gone | Next::Ignore(_) => false,
            };
            if is_written {
                planned.push(Planned {
                    case,
                    plan,
                    version,
                    is_new: false,
                });
            } else if let Next::Ignore(reason) = &plan.next
                && !case.is_held()
                && case.open.is_none()
            {
                tracing::debug!(key = %case.work.event.key, reason, "not ours to carry");
                round.leave(case, Settling::Done);
            } else {
                self.conclude(case, plan, version, round).await;
            }
        }
        planned
    }

    /// The facts for these cases: mappings no older than the claims, and the pairs that the records refer to.
    pub(super) async fn facts(&self, cases: &[Case]) -> Result<Facts, Failure> {
        let newest = cases
            .iter()
            .map(|case| case.mapping_version)
            .max()
            .unwrap_or(0);
        self.mappings.reload_if_older(&self.db, newest).await?;
        let mut facts = self.mappings.facts(self.clock.now());
        facts.pairs = self.pairs_needed(cases).await?;
        Ok(facts)
    }

    async fn pairs_needed(&self, cases: &[Case]) -> Result<HashMap<Key, RecordId>, Failure> {
        let needs: Vec<Key> = cases
            .iter()
            .flat_map(|case| System::BOTH.map(|system| (system, case.half(system))))
            .filter_map(|(system, half)| half.map(|half| self.rules.needs(system, half)))
            .flatten()
            .collect();
        Ok(store::pair::others(&self.db, &needs).await?)
    }

    /// Rule 2: an open intent to make the other half. Looks for what it made; two of them are a problem.
    async fn recover(&self, case: &mut Case) -> Result<Option<Problem>, Failure> {
        let Some(creation) = case
            .open
            .as_ref()
            .and_then(|(_, intent)| intent.creation().cloned())
        else {
            return Ok(None);
        };
        let on = creation.on();
        if case.id(on).is_some() {
            return Ok(None);
        }
        self.crash.at(Point::BeforeLookUp).await;
        let found = self.found(case, &creation).await?;
        self.crash.at(Point::AfterLookUp).await;
        match found.as_slice() {
            [] => Ok(None),
            [id] => {
                tracing::info!(key = %case.work.event.key, found = %id, "found what a lost answer had made");
                self.complete(case, on, id).await?;
                let half = self.read(on, std::slice::from_ref(id)).await?.remove(id);
                case.put(on, half);
                Ok(None)
            }
            several => Ok(Some(self.doubled(case, on, several))),
        }
    }

    /// What an act that creates has made, if its answer was lost. Where records of the kind may look alike, those of other
    /// pairs are left to them.
    pub(super) async fn found(&self, case: &Case, act: &Act) -> Result<Vec<RecordId>, Failure> {
        let found = self.hands.find(act).await?;
        if !self.rules.may_look_alike() {
            return Ok(found);
        }
        let mut free = Vec::new();
        for id in found {
            let key = Key::new(self.rules.kind(), act.on(), id.clone());
            let row = store::pair::find(&self.db, &key).await?;
            if row.is_none_or(|row| row.id == case.pair.id) {
                free.push(id);
            }
        }
        Ok(free)
    }

    pub(super) fn doubled(&self, case: &Case, on: System, several: &[RecordId]) -> Problem {
        let ids: Vec<&str> = several.iter().map(RecordId::as_str).collect();
        Problem {
            code: "doubled".to_owned(),
            says: format!(
                "{} has {} records in {on}: {}",
                case.label(),
                several.len(),
                ids.join(", ")
            ),
            subject: Subject::Record {
                kind: self.rules.kind(),
                system: case.side(),
                id: case.work.event.key.id.clone(),
            },
            field: None,
            remedy: Remedy {
                who: Fixer::Desk,
                step: format!(
                    "keep one, cancel the others, then: crossbill pairs link {}",
                    self.rules.kind()
                ),
                continues: false,
            },
        }
    }

    /// Whether one more record may not be made: the brake of the first hour.
    pub(super) async fn braked(
        &self,
        case: &Case,
        plan: &Plan,
        count: Count,
    ) -> Result<Option<Problem>, Failure> {
        let Some(on) = first_made(case, plan).map(Act::on) else {
            return Ok(None);
        };
        let (kind, into) = (self.rules.kind(), Direction::into_system(on));
        let brake = match count {
            Count::Look => store::mapping::brake(&self.db, &kind, into).await?,
            Count::One => store::mapping::count_create(&self.db, &kind, into).await?,
        };
        Ok(self.brake_problem(case, on, brake))
    }

    fn brake_problem(&self, case: &Case, on: System, brake: Brake) -> Option<Problem> {
        let kind = self.rules.kind();
        match brake {
            Brake::Go => None,
            Brake::Braked { created } => Some(setting(
                "creation-brake",
                format!("brake:{kind}:{}", on.as_str()),
                format!(
                    "{created} {kind} records were made in {on}; the rest wait until somebody has looked"
                ),
                format!("look at what was made, then: crossbill resume --release {kind}"),
            )),
            Brake::Off => Some(setting(
                "creation-off",
                format!("create:{kind}:{}", on.as_str()),
                format!(
                    "{} would be made in {on}, and making {kind} records there is off",
                    case.label()
                ),
                format!(
                    "crossbill connect --create {kind} (tickets from jobs: --create ticket-from-job --tickets-from …)"
                ),
            )),
        }
    }

    /// Remembers a case that asks for no write, or lets go of it where there is nothing new to remember.
    async fn conclude(&self, case: Case, plan: Plan, version: i64, round: &mut Round) {
        // Before it is remembered: whoever dies in between has the message again, and tells it again.
        for key in &plan.awaits {
            self.await_key(key).await;
        }
        let is_news = plan.next != Next::InStep
            || !plan.problems.is_empty()
            || !plan.links.is_empty()
            || !plan.notices.is_empty()
            || case.is_held()
            || case.open.is_some()
            || case.pair.state != State::Paired
            || case.pair.mapping_version != version
            || case.shadow.as_ref() != Some(&plan.shadow)
            || case.work.event.cause == Cause::Apply;
        if is_news {
            self.remember_plain(case, plan, version, round).await;
        } else {
            metrics::counter!(crate::metrics::NO_OPS, "kind" => self.rules.kind().to_string())
                .increment(1);
            round.leave(case, Settling::Done);
        }
    }
}

/// The act of a plan that makes a record which nobody has begun to make.
pub(super) fn first_made<'a>(case: &Case, plan: &'a Plan) -> Option<&'a Act> {
    creation(&plan.acts).filter(|_| !case.was_creating())
}

/// A problem that a setting solves.
fn setting(code: &str, name: String, says: String, step: String) -> Problem {
    Problem {
        code: code.to_owned(),
        says,
        subject: Subject::Setting { name },
        field: None,
        remedy: Remedy {
            who: Fixer::Integrator,
            step,
            continues: true,
        },
    }
}
