//! What would be written where to make a pair equal, or all the problems that stop it. Pure.

mod evidence;
mod identity;
mod parting;
mod single;

use std::collections::BTreeMap;

use domain::{Cause, Evidence, Key, Problem, RecordId, System, Value};
use serde::{Deserialize, Serialize};

pub(crate) use self::evidence::{Foreign, foreign_values, overwritten, possibly_overwritten};
use self::{
    identity::{doubled, identity},
    parting::parted,
    single::plan_single,
};
use crate::{
    Act, Facts, Half, Rules, Shadow,
    children::{ChildPair, Family},
    merge::{Merged, Sides, merge},
};

/// All that is known of a pair at the moment of planning.
#[derive(Debug, Clone)]
pub struct Known {
    /// The Autotask half as read now; `None` where it is not there or not paired yet.
    pub autotask: Option<Half>,
    /// The Jim2 half as read now.
    pub jim2: Option<Half>,
    /// The ids that the pair had, by which a vanished half is told from one never made.
    pub autotask_id: Option<RecordId>,
    /// The same for Jim2.
    pub jim2_id: Option<RecordId>,
    /// Which of several jobs of a ticket this is.
    pub generation: i32,
    /// The last agreement, an open intent's values already adopted.
    pub shadow: Option<Shadow>,
    /// The children that are paired.
    pub children: Vec<ChildPair>,
    /// Why we look.
    pub cause: Cause,
    /// What the sources told about the changes.
    pub evidence: Vec<(System, Evidence)>,
}

impl Known {
    /// One side as read now.
    pub fn half(&self, system: System) -> Option<&Half> {
        match system {
            System::Autotask => self.autotask.as_ref(),
            System::Jim2 => self.jim2.as_ref(),
        }
    }

    /// Who is told to have changed each side last, other than us.
    fn writers(&self, facts: &Facts) -> BTreeMap<System, String> {
        let us = ["autotask.resource_id", "jim2.initials"].map(|name| {
            let told = facts.settings.get(name)?;
            Some(
                told.as_str()
                    .map_or_else(|| told.to_string(), str::to_owned),
            )
        });
        let told = self.evidence.iter().filter_map(|(system, evidence)| {
            let by = evidence.by.clone()?;
            (!us.contains(&Some(by.clone()))).then_some((*system, by))
        });
        told.collect()
    }

    /// Whether other work waits for what becomes of the pair.
    pub fn work_waits(&self) -> bool {
        self.cause == Cause::Work
    }

    /// One side's id, as the pair had it.
    pub fn id(&self, system: System) -> Option<&RecordId> {
        match system {
            System::Autotask => self.autotask_id.as_ref(),
            System::Jim2 => self.jim2_id.as_ref(),
        }
    }
}

/// What comes of planning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What to do with the pair.
    pub next: Next,
    /// The writes, in order.
    pub acts: Vec<Act>,
    /// The shadow once all of them are done.
    pub shadow: Shadow,
    /// All that is missing or wrong: of the whole record where `next` is [`Next::Hold`], else of single fields.
    pub problems: Vec<Problem>,
    /// What the journal shall know.
    pub notices: Vec<Notice>,
    /// Children found to be paired already.
    pub links: Vec<ChildPair>,
    /// Records that are to be looked at because this one waits for their pairs.
    pub awaits: Vec<Key>,
}

/// What to do with a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Both sides are equal.
    InStep,
    /// Carry out the acts.
    Write,
    /// The Jim2 half is retired, and the Autotask half goes on with another. The problem is what would be held for
    /// if somebody had worked on it.
    Replace,
    /// Work waits, and the Jim2 half takes none any more: the Autotask half goes on with another. What Autotask is still
    /// to be told of this one is written first.
    FollowOn,
    /// One half is gone, and the other is told so: the pair is over.
    Bury,
    /// Nothing can be written before the problems are solved.
    Hold,
    /// Not ours to carry: the plain reason.
    Ignore(String),
    /// Both halves are gone.
    Gone,
}

impl Next {
    /// Whether the pair is over once the acts are done.
    pub(crate) const fn ends_the_pair(&self) -> bool {
        match self {
            Self::Replace | Self::FollowOn | Self::Bury => true,
            Self::InStep | Self::Write | Self::Hold | Self::Ignore(_) | Self::Gone => false,
        }
    }
}

/// Something the journal keeps although nothing, or something else, was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `conflict`, `drift`, `dropped` or `possibly-overwritten`.
    pub what: String,
    /// The field; empty for the whole record.
    pub field: String,
    /// The value that stays.
    pub kept: Value,
    /// The value that gives way.
    pub lost: Value,
    /// The value before both.
    pub before: Option<Value>,
    /// Whose value stays.
    pub by: Option<System>,
}

impl Notice {
    pub(crate) fn conflict(
        field: &str,
        winner: System,
        kept: &Value,
        lost: &Value,
        before: Option<&Value>,
    ) -> Self {
        Self {
            what: "conflict".to_owned(),
            field: field.to_owned(),
            kept: kept.clone(),
            lost: lost.clone(),
            before: before.cloned(),
            by: Some(winner),
        }
    }

    /// A value in Autotask that a write of ours took the place of, while nothing can be decided.
    pub(crate) fn overwritten(field: &str, kept: &Value, lost: &Value) -> Self {
        Self {
            what: "possibly-overwritten".to_owned(),
            field: field.to_owned(),
            kept: kept.clone(),
            lost: lost.clone(),
            before: None,
            by: Some(System::Autotask),
        }
    }

    /// A value that is left out, and the one that stays in its place.
    pub fn dropped(field: &str, kept: &Value, lost: &Value) -> Self {
        Self {
            what: "dropped".to_owned(),
            field: field.to_owned(),
            kept: kept.clone(),
            lost: lost.clone(),
            before: None,
            by: None,
        }
    }

    pub(crate) fn drift(field: &str, autotask: &Value, jim2: &Value) -> Self {
        Self {
            what: "drift".to_owned(),
            field: field.to_owned(),
            kept: autotask.clone(),
            lost: jim2.clone(),
            before: None,
            by: None,
        }
    }
}

impl Plan {
    fn new(next: Next, shadow: Option<&Shadow>) -> Self {
        Self {
            next,
            acts: Vec::new(),
            shadow: shadow.cloned().unwrap_or_default(),
            problems: Vec::new(),
            notices: Vec::new(),
            links: Vec::new(),
            awaits: Vec::new(),
        }
    }

    fn awaiting(mut self, key: Key) -> Self {
        self.awaits.push(key);
        self
    }

    fn held(shadow: Option<&Shadow>, problems: Vec<Problem>) -> Self {
        Self {
            problems,
            ..Self::new(Next::Hold, shadow)
        }
    }
}

/// Plans one pair. The same function serves preview, the live worker and the tests.
pub fn plan(rules: &dyn Rules, known: &Known, facts: &Facts) -> Plan {
    match (&known.autotask, &known.jim2) {
        (Some(autotask), Some(jim2)) => plan_pair(rules, known, autotask, jim2, facts),
        (Some(half), None) => plan_single(rules, known, System::Autotask, half, facts),
        (None, Some(half)) => plan_single(rules, known, System::Jim2, half, facts),
        (None, None) => Plan::new(Next::Gone, known.shadow.as_ref()),
    }
}

/// Both halves are there.
fn plan_pair(
    rules: &dyn Rules,
    known: &Known,
    autotask: &Half,
    jim2: &Half,
    facts: &Facts,
) -> Plan {
    let shadow = known.shadow.clone().unwrap_or_default();
    if let Err(problem) = identity(rules, &shadow, autotask, jim2, facts) {
        let mut plan = parted(rules, &shadow, (autotask, jim2), *problem, facts);
        // The events go; what they tell of our last write must not go with them.
        plan.notices.extend(overwritten(rules, known));
        return plan;
    }
    let foreign = foreign_values(rules, known);
    let sides = Sides {
        autotask,
        jim2,
        shadow: &shadow,
        foreign: &foreign,
        settle: known.cause == Cause::Apply || !rules.has_a_past(),
        by: known.writers(facts),
        is_replay: known.cause == Cause::Replay,
    };
    let mut merged = merge(rules, &sides, facts);
    if merged.shadow.customer.is_none() {
        merged.shadow.customer = rules.customer(jim2);
    }
    merged.shadow.company = rules.company(autotask).or(merged.shadow.company);
    let mut acts = Vec::new();
    // Autotask first: what is restored there (rule 10) is not restored in Jim2 only.
    for half in [(System::Autotask, autotask), (System::Jim2, jim2)] {
        acts.extend(update_acts(rules, half, &shadow, &mut merged, facts));
    }
    acts.extend(references(rules, known.generation, autotask, jim2));
    let children = Family {
        rules,
        autotask: Some(autotask),
        jim2: Some(jim2),
        known: &known.children,
        baseline: shadow.baseline,
        facts,
    }
    .plan();
    acts.extend(children.acts);
    merged.problems.extend(
        children
            .doubled
            .iter()
            .map(|source| doubled(rules, autotask, source)),
    );
    merged.problems.extend(children.parted);
    merged
        .problems
        .extend(rules.problems(autotask, jim2, facts));
    merged.notices.extend(possibly_overwritten(known));
    merged
        .notices
        .extend(left_out(rules, &acts, (autotask, jim2), facts));
    let next = if known.work_waits() && rules.is_over(jim2) {
        acts.retain(|act| act.on() == System::Autotask);
        merged.problems.clear();
        Next::FollowOn
    } else if acts.is_empty() {
        Next::InStep
    } else {
        Next::Write
    };
    Plan {
        next,
        acts,
        shadow: merged.shadow,
        problems: merged.problems,
        notices: merged.notices,
        links: children.links,
        awaits: Vec::new(),
    }
}

/// The references that the halves owe each other.
fn references(rules: &dyn Rules, generation: i32, autotask: &Half, jim2: &Half) -> Vec<Act> {
    let mut acts = Vec::new();
    for (on, half, other) in [
        (System::Autotask, autotask, jim2),
        (System::Jim2, jim2, autotask),
    ] {
        if rules.owes_reference(on, half, &other.id, generation) {
            acts.push(refer(rules, (on, half), Some(&other.id), generation));
        }
    }
    acts
}

/// The reference of a half to the other one, which may have yet to be made.
fn refer(
    rules: &dyn Rules,
    (on, half): (System, &Half),
    to: Option<&RecordId>,
    generation: i32,
) -> Act {
    Act::Refer {
        on,
        id: half.id.clone(),
        to: to.cloned(),
        generation,
        knowing: rules.to_refer(on, half),
    }
}

/// What the kind says of the acts beside what they write.
fn left_out(
    rules: &dyn Rules,
    acts: &[Act],
    (autotask, jim2): (&Half, &Half),
    facts: &Facts,
) -> Vec<Notice> {
    let half = |act: &Act| match act.on() {
        System::Autotask => autotask,
        System::Jim2 => jim2,
    };
    acts.iter()
        .flat_map(|act| rules.notices(act, half(act), facts))
        .collect()
}

/// The updates of one side in the steps it allows. A step that is refused holds its field, not the pair.
fn update_acts(
    rules: &dyn Rules,
    (on, half): (System, &Half),
    before: &Shadow,
    merged: &mut Merged,
    facts: &Facts,
) -> Vec<Act> {
    let mut fields = std::mem::take(merged.writes(on));
    if fields.is_empty() {
        return Vec::new();
    }
    let steps = loop {
        match rules.steps(on, half, fields.clone(), facts) {
            Ok(steps) => break steps,
            Err(problem) => {
                let refused = problem.field.clone();
                merged.problems.push(*problem);
                // The others are asked about again: they may go another way without it.
                let Some(field) = refused.filter(|field| fields.remove(field).is_some()) else {
                    break vec![fields];
                };
                merged.shadow.put_back(before, &field);
            }
        }
    };
    let update = |fields| Act::Update {
        on,
        id: half.id.clone(),
        fields,
    };
    steps
        .into_iter()
        .filter(|fields| !fields.is_empty())
        .map(update)
        .collect()
}
