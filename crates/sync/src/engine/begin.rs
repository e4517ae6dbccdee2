//! What comes before the first write of a pair: what speaks against it, and the intent.

use domain::{Failure, RecordId, System};
use store::intent::Open;

use super::{
    Engine, Point,
    apply::{LostClaim, PUT_OFF},
    case::Case,
    intent::Intent,
    settle::chain,
    think::{Count, Planned, first_made},
};
use crate::{Act, Next, Plan};

/// What a query did not show is there when it is asked for by itself.
#[derive(Debug, thiserror::Error)]
#[error("the other half was not seen, and is there")]
struct StillThere;

/// A record that looks like what is to be made is in no pair: another pair may be making it right now.
#[derive(Debug, thiserror::Error)]
#[error("{0} looks like what is to be made, and is in no pair yet")]
struct Alike(RecordId);

impl Engine {
    /// Marks those of a batch that make a half which is surely not there yet, and takes in what was seen of the record it
    /// is made on. If that cannot be asked of all at once, each asks for itself, and fails for itself.
    pub(super) async fn look_ahead(&self, planned: &mut [Planned]) {
        let creations: Vec<Act> = planned
            .iter()
            .filter_map(|it| first_made(&it.case, &it.plan).cloned())
            .collect();
        if creations.is_empty() {
            return;
        }
        match self.hands.surely_new(&creations).await {
            Ok(new) => {
                for planned in planned {
                    let act = first_made(&planned.case, &planned.plan);
                    let seen =
                        act.and_then(|act| new.iter().find(|new| new.makes_the_half_of(act)));
                    let Some(seen) = seen else { continue };
                    let mut acts = planned.plan.acts.iter_mut();
                    if let Some(act) = acts.find(|act| seen.makes_the_half_of(act)) {
                        act.clone_from(seen);
                        planned.is_new = true;
                    }
                }
            }
            Err(failure) => {
                tracing::debug!(
                    error = chain(&failure),
                    "what a batch makes was not looked for at once"
                );
            }
        }
    }

    /// Everything before the first write: the brake, what only the other side can tell, and the intent.
    pub(super) async fn start(
        &self,
        case: &Case,
        plan: &mut Plan,
        is_new: bool,
    ) -> Result<(), Failure> {
        match plan.next {
            Next::Replace => self.may_retire(case, plan).await?,
            Next::Bury => self.may_bury(case, plan).await?,
            Next::InStep
            | Next::Write
            | Next::FollowOn
            | Next::Hold
            | Next::Ignore(_)
            | Next::Gone => {}
        }
        if let Some(problem) = self.braked(case, plan, Count::Look).await? {
            return Err(Failure::Hold {
                problems: vec![problem],
            });
        }
        for act in &mut plan.acts {
            if matches!(act, Act::Create { .. }) && !is_new {
                *act = self.hands.prepare(act.clone()).await?;
                self.is_not_there_yet(case, act).await?;
            }
        }
        if let Some(problem) = self.braked(case, plan, Count::One).await? {
            return Err(Failure::Hold {
                problems: vec![problem],
            });
        }
        self.is_the_known_database().await?;
        self.crash.at(Point::BeforeIntent).await;
        let body = serde_json::to_value(Intent::of(case, plan)).map_err(Failure::retry)?;
        match store::intent::open(&self.db, case.claim(), &body, self.timing.hold).await? {
            Open::Yes => {
                self.crash.at(Point::AfterIntent).await;
                Ok(())
            }
            Open::LostClaim => Err(Failure::retry(LostClaim)),
        }
    }

    /// Rule 6: what was read of a database that is not the one we know is nobody's doing, and is not carried over; nor is
    /// anything written to it, though the batch was claimed before that was seen.
    async fn is_the_known_database(&self) -> Result<(), Failure> {
        match store::database::departed(&self.db, System::Jim2).await? {
            None => Ok(()),
            Some(departed) => Err(Failure::Stop {
                system: System::Jim2,
                reason: departed.stop(),
                after: PUT_OFF,
                source: departed.stop().into(),
            }),
        }
    }

    /// Whether the Jim2 half may be left behind: nobody has worked on it.
    async fn may_retire(&self, case: &Case, plan: &mut Plan) -> Result<(), Failure> {
        let Some(jim2) = &case.jim2 else {
            return Ok(());
        };
        match self.hands.keeps(jim2, &plan.shadow).await? {
            None => Ok(()),
            Some(problem) => {
                plan.problems.clear();
                Err(Failure::Hold {
                    problems: vec![problem],
                })
            }
        }
    }

    /// Whether the half that is gone surely is, and is not one of many: those of the whole batch are counted by now.
    async fn may_bury(&self, case: &Case, plan: &mut Plan) -> Result<(), Failure> {
        if let Some(problem) = self.many_vanished(case).await? {
            plan.problems.clear();
            return Err(Failure::Hold {
                problems: vec![problem],
            });
        }
        let on = plan
            .acts
            .first()
            .map_or(System::Autotask, |act| act.on().other());
        let Some(id) = case.id(on) else {
            return Ok(());
        };
        if self.hands.is_gone(on, id).await? {
            Ok(())
        } else {
            Err(Failure::retry(StillThere))
        }
    }

    /// A record with our reference that we do not know: made in an earlier life, or by a copy.
    async fn is_not_there_yet(&self, case: &Case, act: &Act) -> Result<(), Failure> {
        if case.was_creating() || act.on() == System::Autotask {
            return Ok(()); // Recovery has looked already; a look in Autotask is the business of `prepare`.
        }
        let found = self.found(case, act).await?;
        match found.as_slice() {
            [] => Ok(()),
            [first, ..] if self.rules.may_look_alike() => Err(Failure::retry(Alike(first.clone()))),
            several => {
                let mut problem = self.doubled(case, act.on(), several);
                "made-before".clone_into(&mut problem.code);
                problem.says = format!(
                    "{} is in {} already as {}, though they are not linked",
                    case.label(),
                    act.on(),
                    several[0]
                );
                problem.remedy.step = format!(
                    "crossbill pairs link {} {} {}",
                    self.rules.kind(),
                    case.work.event.key.id,
                    several[0]
                );
                problem.remedy.continues = true;
                Err(Failure::Hold {
                    problems: vec![problem],
                })
            }
        }
    }
}
