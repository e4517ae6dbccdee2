//! Writing: the intent first, then each act, each only while the claim outlives the call.

use std::time::Duration;

use domain::{Failure, RecordId, System, Value};
use futures_util::{StreamExt as _, stream};
use store::{
    claim::Claim,
    intent::{Done, Made, Open},
    pair::{ChildRow, State},
};
use tokio::time::Instant;

use super::{Engine, Round, case::Case, intent::Intent, settle::Settling, think::Planned};
use crate::{Act, ChildShadow, Hands, Plan, Rules};

/// A case whose writes are over, and how far they came.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) case: Case,
    pub(crate) plan: Plan,
    /// How many of the plan's acts were done.
    pub(crate) done: usize,
    /// Why not all of them were.
    pub(crate) failure: Option<Failure>,
    /// Copies of children made now.
    pub(crate) children: Vec<ChildRow>,
}

/// The claim ran out or was taken over: what was done is found again by whoever has it now.
#[derive(Debug, thiserror::Error)]
#[error("the claim was lost")]
struct LostClaim;

impl<R: Rules, H: Hands> Engine<R, H> {
    /// Carries out the plans, several pairs at once. Comes back with the pairs whose claims still hold.
    pub(super) async fn apply(&self, planned: Vec<Planned>, round: &mut Round) -> Vec<Written> {
        let results: Vec<_> = stream::iter(planned)
            .map(|planned| self.apply_one(planned))
            .buffer_unordered(self.timing.width)
            .collect()
            .await;
        let mut written = Vec::new();
        for result in results {
            match result {
                Ok(done) => written.push(done),
                Err((case, settling)) => round.leave(*case, settling),
            }
        }
        written
    }

    async fn apply_one(
        &self,
        Planned { mut case, mut plan }: Planned,
    ) -> Result<Written, (Box<Case>, Settling)> {
        match self.start(&mut case, &mut plan).await {
            Ok(()) => {}
            Err(failure) => {
                self.heed(&failure).await;
                if let Failure::Hold { problems } = failure {
                    plan.problems.extend(problems.clone());
                    let failure = Some(Failure::Hold { problems });
                    let (done, children) = (0, Vec::new());
                    return Ok(Written {
                        case,
                        plan,
                        done,
                        failure,
                        children,
                    });
                }
                let settling = Settling::after(&failure, &case.work);
                return Err((Box::new(case), settling));
            }
        }
        let (mut done, mut children, mut failure) = (0, Vec::new(), None);
        while done < plan.acts.len() {
            match self.act(&mut case, &mut plan, done).await {
                Ok(child) => children.extend(child),
                Err(Step::Lost) => {
                    let settling = Settling::Retry(Duration::from_secs(5), LostClaim.to_string());
                    return Err((Box::new(case), settling));
                }
                Err(Step::Failed(why)) => {
                    failure = Some(why);
                    break;
                }
            }
            done += 1;
        }
        Ok(Written {
            case,
            plan,
            done,
            failure,
            children,
        })
    }

    /// Everything before the first write: the brake, what only the other side can tell, and the intent.
    async fn start(&self, case: &mut Case, plan: &mut Plan) -> Result<(), Failure> {
        if let Some(problem) = self.braked(case, plan).await? {
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
        let intent = Intent {
            acts: plan.acts.clone(),
            shadow: plan.shadow.clone(),
            before: case.agreed(),
        };
        let body = serde_json::to_value(&intent).map_err(Failure::retry)?;
        let before = Instant::now();
        match store::intent::open(&self.db, claim(case), &body, self.timing.hold).await? {
            Open::Yes => {
                case.until = before + self.timing.hold;
                Ok(())
            }
            Open::LostClaim => Err(Failure::retry(LostClaim)),
        }
    }

    /// A record with our reference that we do not know: made in an earlier life, or by a copy.
    async fn is_not_there_yet(&self, case: &Case, act: &Act) -> Result<(), Failure> {
        let looked = case
            .open
            .as_ref()
            .is_some_and(|(_, intent)| intent.creation().is_some());
        if looked || act.on() == System::Autotask {
            return Ok(()); // Recovery has looked already; a look in Autotask costs a call of the allowance.
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

    /// One act. A copy of a child comes back as the row that remembers it.
    async fn act(
        &self,
        case: &mut Case,
        plan: &mut Plan,
        index: usize,
    ) -> Result<Option<ChildRow>, Step> {
        complete(&mut plan.acts[index], case);
        let act = plan.acts[index].clone();
        let before = Instant::now();
        let number = i32::try_from(index).unwrap_or(i32::MAX);
        // Also makes the claim last: a write starts only if the claim outlives the call (rule 2).
        let ours = store::intent::sending(&self.db, claim(case), number, self.timing.hold).await;
        if !ours.map_err(Failure::from)? {
            return Err(Step::Lost);
        }
        case.until = before + self.timing.hold;
        let answer = self.hands.perform(&act).await;
        if let Err(failure) = answer {
            self.heed(&failure).await;
            if !matches!(failure, Failure::Unsure { .. }) {
                // Surely not done: nobody has to wait for it.
                store::intent::unsent(&self.db, claim(case))
                    .await
                    .map_err(Failure::from)?;
            }
            return Err(Step::Failed(failure));
        }
        let made = answer.ok().flatten();
        let child = made.as_ref().and_then(|made| child_row(&act, made, case));
        let what = match (&act, &made, &child) {
            (Act::Create { on, .. }, Some(id), _) => Made::Half(*on, id.clone()),
            (_, _, Some(child)) => Made::Child(child.clone()),
            _ => Made::Nothing,
        };
        self.progress(case, index + 1, &what).await?;
        if let Made::Half(on, id) = what {
            case.name(on, id);
        }
        metrics::counter!(crate::metrics::WRITES, "kind" => self.rules.kind().to_string(), "system" => act.on().as_str()).increment(1);
        Ok(child)
    }

    /// After a create the pair is remembered at once; after any act the intent knows how far it came.
    async fn progress(&self, case: &Case, done: usize, made: &Made) -> Result<(), Step> {
        let done = i32::try_from(done).unwrap_or(i32::MAX);
        match store::intent::done(&self.db, claim(case), done, made)
            .await
            .map_err(Failure::from)?
        {
            Done::Yes => Ok(()),
            Done::LostClaim | Done::Taken(_) => Err(Step::Lost),
        }
    }
}

fn claim(case: &Case) -> Claim {
    Claim {
        pair: case.pair.id,
        epoch: case.epoch,
    }
}

/// Why an act was the last one.
enum Step {
    /// Somebody else has the pair now.
    Lost,
    /// The write, or our own database, failed.
    Failed(Failure),
}

impl From<Failure> for Step {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Fills in the id of a half that an act before this one made.
fn complete(act: &mut Act, case: &Case) {
    match act {
        Act::Refer { on, to, .. } if to.is_none() => *to = case.id(on.other()).cloned(),
        Act::CreateChild { on, under, .. } if under.is_none() => *under = case.id(*on).cloned(),
        Act::Create { .. }
        | Act::Update { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => {}
    }
}

/// The row that remembers a copied child.
fn child_row(act: &Act, made: &RecordId, case: &Case) -> Option<ChildRow> {
    let Act::CreateChild { on, source, .. } = act else {
        return None;
    };
    Some(remembered_child(*on, source, made, case))
}

/// The row of the child `source` and its copy `copy` on `on`.
pub(super) fn remembered_child(
    on: System,
    source: &RecordId,
    copy: &RecordId,
    case: &Case,
) -> ChildRow {
    let from = on.other();
    let original = case
        .half(from)
        .and_then(|half| half.children.iter().find(|it| it.id == *source));
    let shadow = ChildShadow {
        source: from,
        text: original.map(|it| it.text.clone()).unwrap_or_default(),
    };
    let (autotask_id, jim2_id) = match on {
        System::Autotask => (copy.clone(), source.clone()),
        System::Jim2 => (source.clone(), copy.clone()),
    };
    ChildRow {
        kind: crate::NOTE,
        autotask_id: Some(autotask_id),
        jim2_id: Some(jim2_id),
        generation: case.pair.generation,
        state: State::Paired,
        shadow: serde_json::to_value(shadow).ok(),
        label: original
            .and_then(|it| it.text.lines().next())
            .map(|line| Value::text(line).to_string())
            .unwrap_or_default(),
    }
}
