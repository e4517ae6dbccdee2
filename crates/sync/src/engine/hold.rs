//! Holding: a pair that waits for a person, with all that is wrong.

use domain::{Cause, Event, Failure, Problem, System};
use store::{Held, Outcome, Remembered, pair::State};

use super::{
    Engine, Round,
    case::Case,
    settle::{Settling, chain},
};
use crate::{Next, Plan, Shadow, WorkingDays};

impl Engine {
    /// Holds a case for problems found before planning.
    pub(super) async fn hold(&self, case: Case, problems: Vec<Problem>, round: &mut Round) {
        let plan = Plan {
            next: Next::Hold,
            acts: Vec::new(),
            shadow: Shadow::default(),
            problems,
            notices: Vec::new(),
            links: Vec::new(),
            awaits: Vec::new(),
        };
        let version = case.mapping_version;
        self.remember_plain(case, plan, version, round).await;
    }

    /// The other half is in another pair, which has a life of its own: two stand for one. The claim is still ours.
    pub(super) async fn hold_taken(
        &self,
        case: &Case,
        outcome: &Outcome,
        other: uuid::Uuid,
    ) -> Settling {
        let side = case.side();
        let taken = case
            .id(side.other())
            .cloned()
            .into_iter()
            .collect::<Vec<_>>();
        let mut problem = self.doubled(case, side.other(), &taken);
        problem.says = format!(
            "{} and another record (pair {other}) have the same other half",
            case.label()
        );
        let own = |system: System| case.id(system).filter(|_| system == side).cloned();
        let outcome = Outcome {
            autotask_id: own(System::Autotask),
            jim2_id: own(System::Jim2),
            state: State::New,
            shadow: None,
            close_intent: false,
            journal: Vec::new(),
            held: self.held(case, &[problem]),
            children: Vec::new(),
            ..outcome.clone()
        };
        match store::remember(&self.db, &outcome).await {
            Ok(Remembered::Done { waiting }) => {
                self.put_back(waiting).await;
                Settling::Done
            }
            Ok(Remembered::LostClaim | Remembered::Taken(_)) => Settling::Retry(
                std::time::Duration::from_mins(2),
                "the other half belongs to another pair".to_owned(),
            ),
            Err(error) => Settling::after(&Failure::from(error), &case.work),
        }
    }

    /// What becomes of the held item: these problems, and no others. What its source told waits with it.
    pub(super) fn held(&self, case: &Case, problems: &[Problem]) -> Held {
        let Some(first) = problems.first() else {
            return Held::Clear;
        };
        metrics::counter!(crate::metrics::HELD, "kind" => self.rules.kind().to_string())
            .increment(1);
        let side = case.side();
        let told = case.evidence.iter().filter(|(on, _)| *on == side);
        Held::Upsert {
            event: Event {
                evidence: told.map(|(_, evidence)| evidence.clone()).collect(),
                // What work waits for is still waited for when the problem is solved.
                ..Event::new(
                    case.work.event.key.clone(),
                    match case.work.event.cause {
                        Cause::Work => Cause::Work,
                        Cause::Live
                        | Cause::Sweep
                        | Cause::FirstLoad
                        | Cause::Rescue
                        | Cause::Replay
                        | Cause::Apply => Cause::Replay,
                    },
                )
            },
            problems: problems.to_vec(),
            reason: first.says.clone(),
            net: self
                .rules
                .owed(case.half(System::Autotask), case.half(System::Jim2)),
            company: self
                .rules
                .belongs_to(case.half(System::Autotask), case.half(System::Jim2))
                .map(Box::new),
        }
    }

    /// Whether a case was tried for so long that a person should know.
    pub(super) fn is_tired(&self, case: &Case) -> bool {
        (self.clock.now() - case.work.first_seen)
            .to_std()
            .is_ok_and(|tried| tried > self.timing.tries)
    }

    /// The problems that a case is held for because of a failure: where only a person can help, or it was tried for a day;
    /// `None` where it is tried again.
    pub(super) fn held_by(&self, case: &Case, failure: &Failure) -> Option<Vec<Problem>> {
        match failure {
            Failure::Hold { problems } => Some(problems.clone()),
            Failure::Retry { .. } | Failure::Await { .. } | Failure::Unsure { .. } => {
                self.is_tired(case).then(|| vec![self.tired(case, failure)])
            }
            Failure::Wait { problem } => self
                .has_waited(case, problem)
                .then(|| vec![(**problem).clone()]),
            Failure::Stop { .. } | Failure::Defer { .. } => None,
        }
    }

    /// Whether a case waited for a business day for people to be done with this, or was held for it before.
    pub(super) fn has_waited(&self, case: &Case, problem: &Problem) -> bool {
        let subject = problem.subject.to_string();
        let is_held = case.held.iter().any(|held| held.is_about(&subject));
        let now = self.clock.now();
        let facts = self.mappings.facts(now);
        let days = WorkingDays::of(&facts);
        is_held || days.one_after(case.work.first_seen, facts.zone) <= now
    }

    /// What has been tried for a day is a person's business.
    pub(super) fn tired(&self, case: &Case, failure: &Failure) -> Problem {
        Problem {
            code: "does-not-succeed".to_owned(),
            says: format!(
                "{} could not be written for a day: {}",
                case.label(),
                chain(failure)
            ),
            subject: domain::Subject::Record {
                kind: self.rules.kind(),
                system: case.side(),
                id: case.work.event.key.id.clone(),
            },
            field: None,
            remedy: domain::Remedy {
                who: domain::Fixer::Integrator,
                step: "mend the cause, then: crossbill held replay".to_owned(),
                continues: false,
            },
        }
    }
}
