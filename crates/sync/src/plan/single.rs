//! A pair with one half: the other is made, or was and vanished. Pure.

use domain::{Problem, RecordId, System, Value};

use super::{Known, Next, Plan, identity::vanished, refer};
use crate::{
    Act, Creation, Deed, Facts, Fields, Half, Mapped, Notice, Rules, Shadow, Standing,
    children::Family,
};

/// Only one half is there: the other was never made, or it vanished.
pub(super) fn plan_single(
    rules: &dyn Rules,
    known: &Known,
    on: System,
    half: &Half,
    facts: &Facts,
) -> Plan {
    let to = on.other();
    if let Some(id) = known.id(to) {
        return outlived(rules, known, (on, half), id, facts);
    }
    if !known.work_waits()
        && let Some(reason) = rules.waits_for_work(to, half, facts)
    {
        return Plan::new(Next::Ignore(reason), known.shadow.as_ref());
    }
    match rules.create(to, half, known.generation, facts) {
        Creation::No(reason) => Plan::new(Next::Ignore(reason), known.shadow.as_ref()),
        Creation::Held(mut problems) => {
            problems.extend(fill(rules, to, half, facts).1);
            Plan::held(known.shadow.as_ref(), problems)
        }
        Creation::Awaits(key, mut problems) => {
            problems.extend(fill(rules, to, half, facts).1);
            Plan::held(known.shadow.as_ref(), problems).awaiting(key)
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
            let dropped = leave_refused(rules, to, &mut fields, &mut shadow, facts);
            shadow.customer = fields.get("customer").cloned();
            shadow.company = known.autotask.as_ref().and_then(|it| rules.company(it));
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
                refer(rules, (on, half), None, known.generation),
            ];
            acts.extend(children.acts);
            let notices = acts.iter().flat_map(|act| rules.notices(act, half, facts));
            Plan {
                notices: notices.chain(dropped).collect(),
                acts,
                shadow,
                problems,
                ..Plan::new(Next::Write, None)
            }
        }
    }
}

/// The other half is gone. Where the kind has something to say on the one that is left, it is said, and the pair is
/// over; else a person finds out where it went.
fn outlived(
    rules: &dyn Rules,
    known: &Known,
    (on, half): (System, &Half),
    gone: &RecordId,
    facts: &Facts,
) -> Plan {
    let shadow = known.shadow.as_ref();
    let problem = vanished(rules, on, half, gone);
    let Some(mut fields) = rules.outlives(on, half, facts) else {
        return Plan::held(shadow, vec![problem]);
    };
    fields.retain(|name, value| half.fields.get(name) != Some(value));
    if fields.is_empty() {
        return Plan::new(Next::Gone, shadow);
    }
    let closed = fields
        .keys()
        .filter_map(|name| match rules.standing(on, half, name, facts) {
            Standing::Open => None,
            Standing::Closed(problem) => Some(*problem),
        });
    let mut closed: Vec<Problem> = closed.collect();
    let steps = rules.steps(on, half, fields, facts).unwrap_or_else(|it| {
        closed.push(*it);
        Vec::new()
    });
    if !closed.is_empty() {
        return Plan::held(shadow, closed);
    }
    let update = |fields| Act::Update {
        on,
        id: half.id.clone(),
        fields,
    };
    Plan {
        acts: steps.into_iter().map(update).collect(),
        problems: vec![problem],
        ..Plan::new(Next::Bury, shadow)
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
        shadow.forget(&name);
    }
}

/// A field that the system does not take when it makes a record, or not in that call, is left out, and owed; one that
/// only a create call could have given is dropped, and told.
fn leave_refused(
    rules: &dyn Rules,
    to: System,
    fields: &mut Fields,
    shadow: &mut Shadow,
    facts: &Facts,
) -> Vec<Notice> {
    let kind = rules.kind();
    let comes_after = |name: &String| {
        let mut fields = rules.fields().iter();
        fields.any(|field| field.afterwards && field.name == name)
    };
    let is_refused =
        |name: &String| comes_after(name) || facts.is_refused(to, &kind, Deed::Create, name);
    let refused: Vec<String> = fields
        .keys()
        .filter(|name| is_refused(name))
        .cloned()
        .collect();
    let mut dropped = Vec::new();
    for name in refused {
        let Some(value) = fields.remove(&name) else {
            continue;
        };
        if rules.fields().iter().any(|field| field.name == name) {
            shadow.forget(&name);
            shadow.owed.entry(to).or_default().insert(name);
        } else {
            dropped.push(Notice::dropped(&name, &Value::Empty, &value));
        }
    }
    dropped
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
