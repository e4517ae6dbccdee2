//! What would be written where to make a pair equal, or all the problems that stop it. Pure.

mod evidence;
mod identity;

use chrono::{DateTime, Utc};
use domain::{Cause, Evidence, Problem, RecordId, System, Value};
use serde::{Deserialize, Serialize};

pub(crate) use self::evidence::foreign_values;
use self::{
    evidence::possibly_overwritten,
    identity::{doubled, identity, vanished},
};
use crate::{
    Act, Creation, Facts, Fields, Half, Mapped, Rules, Shadow,
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
    /// When we last wrote to either half.
    pub written_at: Option<DateTime<Utc>>,
}

impl Known {
    /// One side as read now.
    pub fn half(&self, system: System) -> Option<&Half> {
        match system {
            System::Autotask => self.autotask.as_ref(),
            System::Jim2 => self.jim2.as_ref(),
        }
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
}

/// What to do with a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Both sides are equal.
    InStep,
    /// Carry out the acts.
    Write,
    /// Nothing can be written before the problems are solved.
    Hold,
    /// Not ours to carry: the plain reason.
    Ignore(String),
    /// Both halves are gone.
    Gone,
}

/// Something the journal keeps although nothing, or something else, was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// `conflict`, `drift` or `possibly-overwritten`.
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
        }
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

/// Only one half is there: the other was never made, or it vanished.
fn plan_single(rules: &dyn Rules, known: &Known, on: System, half: &Half, facts: &Facts) -> Plan {
    let to = on.other();
    if let Some(id) = known.id(to) {
        let problem = vanished(rules, on, half, id);
        return Plan::held(known.shadow.as_ref(), vec![problem]);
    }
    match rules.create(to, half, known.generation, facts) {
        Creation::No(reason) => Plan::new(Next::Ignore(reason), known.shadow.as_ref()),
        Creation::Held(mut problems) => {
            problems.extend(fill(rules, to, half, facts).1);
            Plan::held(known.shadow.as_ref(), problems)
        }
        Creation::Yes(draft) => {
            let (mut fields, problems, mut shadow) = fill(rules, to, half, facts);
            let is_required = |problem: &Problem| {
                rules
                    .fields()
                    .iter()
                    .any(|field| field.required && problem.field.as_deref() == Some(field.name))
            };
            if problems.iter().any(is_required) {
                return Plan::held(known.shadow.as_ref(), problems);
            }
            fields.extend(draft.extra);
            leave_out(&mut fields, &mut shadow);
            shadow.customer = fields.get("customer").cloned();
            let children = Family {
                rules,
                autotask: known.autotask.as_ref(),
                jim2: known.jim2.as_ref(),
                known: &known.children,
                baseline: None,
                facts,
            }
            .plan();
            let mut acts = vec![
                Act::Create {
                    on: to,
                    from: half.id.clone(),
                    generation: known.generation,
                    reference: draft.reference,
                    fields,
                },
                Act::Refer {
                    on,
                    id: half.id.clone(),
                    to: None,
                    generation: known.generation,
                },
            ];
            acts.extend(children.acts);
            Plan {
                acts,
                shadow,
                problems,
                ..Plan::new(Next::Write, None)
            }
        }
    }
}

/// A field that the kind empties is not given to the new record: it is looked at again right after.
fn leave_out(fields: &mut Fields, shadow: &mut Shadow) {
    let emptied: Vec<String> = fields
        .iter()
        .filter(|(_, value)| value.is_empty())
        .map(|(name, _)| name.clone())
        .collect();
    for name in emptied {
        fields.remove(&name);
        shadow.autotask.remove(&name);
        shadow.jim2.remove(&name);
    }
}

/// The fields of the half to be made, what stands in the way, and the shadow it will have.
fn fill(
    rules: &dyn Rules,
    to: System,
    half: &Half,
    facts: &Facts,
) -> (Fields, Vec<Problem>, Shadow) {
    let (mut fields, mut problems, mut shadow) = (Fields::new(), Vec::new(), Shadow::default());
    let kind = rules.kind();
    for field in rules.fields() {
        let (way, _) = facts.rule(&kind, field);
        let Some(value) = half.fields.get(field.name) else {
            continue;
        };
        if !way.fills(to) {
            continue;
        }
        match field.map(to, value, facts) {
            Mapped::Leave => {}
            Mapped::Problem(problem) => problems.push(problem),
            Mapped::Value(mapped) => {
                shadow
                    .side_mut(to.other())
                    .insert(field.name.to_owned(), value.clone());
                shadow
                    .side_mut(to)
                    .insert(field.name.to_owned(), mapped.clone());
                if !mapped.is_empty() {
                    fields.insert(field.name.to_owned(), mapped);
                }
            }
        }
    }
    (fields, problems, shadow)
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
        return Plan::held(Some(&shadow), vec![*problem]);
    }
    let foreign = foreign_values(rules, known);
    let mut merged = merge(
        rules,
        &Sides {
            autotask,
            jim2,
            shadow: &shadow,
            foreign: &foreign,
            settle: known.cause == Cause::Apply,
        },
        facts,
    );
    if merged.shadow.customer.is_none() {
        merged.shadow.customer = rules.customer(jim2);
    }
    let mut acts = Vec::new();
    for half in [(System::Jim2, jim2), (System::Autotask, autotask)] {
        acts.extend(update_acts(rules, half, &shadow, &mut merged, facts));
    }
    for (on, half, other) in [
        (System::Autotask, autotask, jim2),
        (System::Jim2, jim2, autotask),
    ] {
        if rules.owes_reference(on, half, &other.id, known.generation) {
            acts.push(Act::Refer {
                on,
                id: half.id.clone(),
                to: Some(other.id.clone()),
                generation: known.generation,
            });
        }
    }
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
    merged.notices.extend(possibly_overwritten(known));
    let next = if acts.is_empty() {
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
    }
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
    let steps = match rules.steps(on, half, fields.clone(), facts) {
        Ok(steps) => steps,
        Err(problem) => {
            if let Some(field) = &problem.field {
                put_back(&mut merged.shadow, before, field);
                fields.remove(field);
            }
            merged.problems.push(*problem);
            vec![fields]
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

/// Takes one field's agreement back to what it was, so that its change is still seen as one.
fn put_back(shadow: &mut Shadow, before: &Shadow, field: &str) {
    for system in System::BOTH {
        match before.side(system).get(field) {
            Some(value) => shadow
                .side_mut(system)
                .insert(field.to_owned(), value.clone()),
            None => shadow.side_mut(system).remove(field),
        };
    }
}
