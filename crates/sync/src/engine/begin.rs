//! What comes before the first write of a pair: what speaks against it, and the intent.

use domain::{Failure, System};
use store::intent::Open;

use super::{Engine, Point, apply::LostClaim, case::Case, intent::Intent, think::Count};
use crate::{Act, Hands, Next, Plan, Rules};

impl<R: Rules, H: Hands> Engine<R, H> {
    /// Everything before the first write: the brake, what only the other side can tell, and the intent.
    pub(super) async fn start(&self, case: &Case, plan: &mut Plan) -> Result<(), Failure> {
        if plan.next == Next::Replace {
            self.may_retire(case, plan).await?;
        }
        if let Some(problem) = self.braked(case, plan, Count::Look).await? {
            return Err(Failure::Hold {
                problems: vec![problem],
            });
        }
        for act in &mut plan.acts {
            if matches!(act, Act::Create { .. }) {
                *act = self.hands.prepare(act.clone()).await?;
                self.is_not_there_yet(case, act).await?;
            }
        }
        if let Some(problem) = self.braked(case, plan, Count::One).await? {
            return Err(Failure::Hold {
                problems: vec![problem],
            });
        }
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

    /// A record with our reference that we do not know: made in an earlier life, or by a copy.
    async fn is_not_there_yet(&self, case: &Case, act: &Act) -> Result<(), Failure> {
        if case.was_creating() || act.on() == System::Autotask {
            return Ok(()); // Recovery has looked already; a look in Autotask is the business of `prepare`.
        }
        let found = self.hands.find(act).await?;
        match found.as_slice() {
            [] => Ok(()),
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
