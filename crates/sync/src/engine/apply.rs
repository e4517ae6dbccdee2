//! Writing: the intent first, then each act, each only while the claim outlives the call.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use domain::{Failure, RecordId, System, Value};
use futures_util::{StreamExt as _, stream};
use store::{
    intent::{Done, Made},
    journal::Entry,
    pair::{ChildRow, State},
};

use super::{Engine, Point, Round, case::Case, settle::Settling, think::Planned};
use crate::{Act, ChildShadow, Plan, Shadow};

/// How long a pair waits whose batch met a silent system, or quiet hours: whoever takes its message waits for their end.
pub(super) const PUT_OFF: Duration = Duration::from_secs(5);
/// Why, of a system.
const SILENT: &str = "a system stopped answering in the middle of the batch";
/// Why, of quiet hours.
const QUIET: &str = "quiet hours began in the middle of the batch";

/// A case whose writes are over, and how far they came.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) case: Case,
    pub(crate) plan: Plan,
    /// How many of the plan's acts were done.
    pub(crate) done: usize,
    /// Why not all of them were.
    pub(crate) failure: Option<Failure>,
    /// The agreement that it was planned from: a half that we made since is not one that somebody linked.
    pub(crate) before: Option<Shadow>,
    /// What the journal was owed for an earlier intent: what we made since is none of its doing.
    pub(crate) told: Vec<Entry>,
    /// Copies of children made now.
    pub(crate) children: Vec<ChildRow>,
    /// The mapping version it was planned under.
    pub(crate) version: i64,
}

/// The claim ran out or was taken over: what was done is found again by whoever has it now.
#[derive(Debug, thiserror::Error)]
#[error("the claim was lost")]
pub(super) struct LostClaim;

impl Engine {
    /// Carries out the plans, several pairs at once. Comes back with the pairs whose claims still hold.
    pub(super) async fn apply(&self, mut planned: Vec<Planned>, round: &mut Round) -> Vec<Written> {
        self.look_ahead(&mut planned).await;
        let silent = AtomicBool::new(false);
        let results: Vec<_> = stream::iter(planned)
            .map(|planned| self.apply_one(planned, &silent))
            .buffer_unordered(self.timing.width)
            .collect()
            .await;
        let mut written = Vec::new();
        for result in results {
            match result {
                Ok(done) => written.push(done),
                Err(NotBegun::Failed(case, failure)) => {
                    self.give_up(*case, failure, round).await;
                }
                Err(NotBegun::PutOff(case, why)) => {
                    round.leave(*case, Settling::Defer(PUT_OFF, why.to_owned()));
                }
            }
        }
        written
    }

    /// Writes one pair. Once a system has stopped or gone silent or has no room for us, no further pair of the batch is begun:
    /// each call more would count as a failed sign-in, or wait for its deadline, or be refused. Nor is one once quiet hours
    /// have begun.
    async fn apply_one(&self, planned: Planned, silent: &AtomicBool) -> Result<Written, NotBegun> {
        if silent.load(Ordering::Relaxed) {
            return Err(NotBegun::PutOff(Box::new(planned.case), SILENT));
        }
        if self.is_quiet() {
            return Err(NotBegun::PutOff(Box::new(planned.case), QUIET));
        }
        let result = Box::pin(self.carry_out_one(planned)).await;
        let failure = match &result {
            Ok(written) => written.failure.as_ref(),
            Err((_, failure)) => Some(failure),
        };
        if matches!(
            failure,
            Some(Failure::Stop { .. } | Failure::Defer { .. } | Failure::Unsure { .. })
        ) {
            silent.store(true, Ordering::Relaxed);
        }
        result.map_err(|(case, failure)| NotBegun::Failed(case, failure))
    }

    async fn carry_out_one(&self, planned: Planned) -> Result<Written, (Box<Case>, Failure)> {
        let mut written = Written {
            before: planned.case.agreed(),
            told: planned.case.owed_journal(),
            case: planned.case,
            plan: planned.plan,
            done: 0,
            failure: None,
            children: Vec::new(),
            version: planned.version,
        };
        let plan = &mut written.plan;
        match self.start(&written.case, plan, planned.is_new).await {
            Ok(()) => {}
            Err(failure @ Failure::Hold { .. }) => {
                written.failure = Some(failure);
                return Ok(written);
            }
            Err(failure) => return Err((Box::new(written.case), failure)),
        }
        while written.done < written.plan.acts.len() {
            match self
                .act(&mut written.case, &mut written.plan, written.done)
                .await
            {
                Ok(child) => written.children.extend(child),
                Err(Step::Lost) => return Err((Box::new(written.case), Failure::retry(LostClaim))),
                Err(Step::Failed(why)) => {
                    written.failure = Some(why);
                    break;
                }
            }
            written.done += 1;
        }
        Ok(written)
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
        self.announce(case, index).await?;
        self.crash.at(Point::BeforeWrite).await;
        let answer = self.perform(&act).await;
        self.crash.at(Point::AfterWrite).await;
        if let Err(failure) = answer {
            self.heed(&failure).await;
            if !matches!(failure, Failure::Unsure { .. }) {
                // Surely not done: nobody has to wait for it.
                store::intent::unsent(&self.db, case.claim())
                    .await
                    .map_err(Failure::from)?;
            }
            return Err(Step::Failed(failure));
        }
        let made = answer.ok().flatten();
        if made.is_some() && case.was_creating() {
            self.is_alone(case, &act).await?;
        }
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

    /// Marks a later act as being sent, and makes the claim last: a write starts only if the claim outlives the call (rule 2).
    /// For the first one, opening the intent did both.
    async fn announce(&self, case: &Case, index: usize) -> Result<(), Step> {
        if index == 0 {
            return Ok(());
        }
        let number = i32::try_from(index).unwrap_or(i32::MAX);
        let ours = store::intent::sending(&self.db, case.claim(), number, self.timing.hold).await;
        if ours.map_err(Failure::from)? {
            Ok(())
        } else {
            Err(Step::Lost)
        }
    }

    /// One act, cut off at the deadline even where it takes several calls: none may begin when the claim could be
    /// over before it arrives (rule 2).
    async fn perform(&self, act: &Act) -> Result<Option<RecordId>, Failure> {
        match tokio::time::timeout(self.timing.deadline, self.hands.perform(act)).await {
            Ok(answer) => answer,
            Err(late) => Err(Failure::Unsure {
                source: late.into(),
            }),
        }
    }

    /// Rule 2: who makes again what may have been made looks again; two found are a problem, never silence.
    async fn is_alone(&self, case: &Case, act: &Act) -> Result<(), Step> {
        if !matches!(act, Act::Create { .. }) {
            return Ok(());
        }
        let found = self.found(case, act).await?;
        if found.len() < 2 {
            return Ok(());
        }
        let problems = vec![self.doubled(case, act.on(), &found)];
        Err(Step::Failed(Failure::Hold { problems }))
    }

    /// After a create the pair is remembered at once; after any act the intent knows how far it came.
    async fn progress(&self, case: &Case, done: usize, made: &Made) -> Result<(), Step> {
        let done = i32::try_from(done).unwrap_or(i32::MAX);
        match store::intent::done(&self.db, case.claim(), done, made)
            .await
            .map_err(Failure::from)?
        {
            Done::Yes => Ok(()),
            Done::LostClaim | Done::Taken(_) => Err(Step::Lost),
        }
    }
}

/// Why a pair of a batch was not written at all.
enum NotBegun {
    /// What comes before the first write failed.
    Failed(Box<Case>, Failure),
    /// A system stopped, or quiet hours began, before its turn came.
    PutOff(Box<Case>, &'static str),
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
