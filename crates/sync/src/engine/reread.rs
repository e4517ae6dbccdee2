//! What was written, read again: it may confirm the plan, never teach (rule 1).

use std::collections::HashMap;

use domain::{RecordId, System};

use super::{case::Case, intent::creation};
use crate::{Act, Facts, Field, Fields, Half, Plan, Rules, Wrote};

/// The written sides as they are after the writes.
#[derive(Debug, Default)]
pub(super) struct Reread {
    pub(super) halves: HashMap<(System, RecordId), Half>,
}

impl Reread {
    /// What we wrote on `on`: the fields found there again, and the span in which an edit of it was not seen (rule 10).
    /// Where the state that the write made is not seen yet, all that was sent is taken to stand.
    pub(super) fn wrote(
        &self,
        rules: &dyn Rules,
        case: &Case,
        acts: &[Act],
        on: System,
    ) -> Option<Wrote> {
        let before = case.half(on)?;
        let sent: Vec<&Fields> = acts.iter().filter_map(|act| updates(act, on)).collect();
        (!sent.is_empty()).then_some(())?;
        let began = before.changed_at?;
        let after = self.halves.get(&(on, before.id.clone()));
        let until = after
            .and_then(|after| after.changed_at)
            .filter(|at| *at > began);
        let stands = |field: &&Field| {
            let sent = sent.iter().rev().find_map(|fields| fields.get(field.name));
            let found = after.filter(|_| until.is_some());
            sent.is_some_and(|sent| {
                found.is_none_or(|after| {
                    let found = after.fields.get(field.name);
                    found.is_some_and(|found| field.compare.same(sent, found))
                })
            })
        };
        let fields = rules.fields().iter().filter(stands);
        let fields = fields.map(|field| field.name.to_owned()).collect();
        Some(Wrote::new(fields, began, until).over(&before.fields))
    }

    /// Whether a record made just now lacks what could not be given to it at once (a status several steps away).
    pub(super) fn owes(&self, rules: &dyn Rules, case: &Case, plan: &Plan, facts: &Facts) -> bool {
        let Some(on) = made(plan) else { return false };
        if plan.shadow.owed.contains_key(&on) {
            return true;
        }
        let Some((autotask, jim2)) = self.new_pair(case, on) else {
            return true;
        };
        unjudged(rules, plan, facts).any(|field| {
            matches!(
                (autotask.fields.get(field.name), jim2.fields.get(field.name)),
                (Some(autotask), Some(jim2)) if !field.equal(autotask, jim2, facts)
            )
        })
    }

    /// Of a record made just now: what the plan did not give it, because there was nothing to give, and what is found to
    /// be the same on both sides is agreed. A change of either from here on is seen as one.
    pub(super) fn confirm(&self, rules: &dyn Rules, case: &Case, plan: &mut Plan, facts: &Facts) {
        let Some((autotask, jim2)) = made(plan).and_then(|on| self.new_pair(case, on)) else {
            return;
        };
        let agreed: Vec<_> = unjudged(rules, plan, facts)
            .filter_map(|field| {
                let autotask = autotask.fields.get(field.name)?;
                let jim2 = jim2.fields.get(field.name)?;
                field
                    .equal(autotask, jim2, facts)
                    .then(|| (field.name, autotask.clone(), jim2.clone()))
            })
            .collect();
        for (name, autotask, jim2) in agreed {
            plan.shadow.agree(name, autotask, jim2);
        }
    }

    /// Both halves of a pair whose half on `on` was made just now: as planned from, and as found.
    fn new_pair<'a>(&'a self, case: &'a Case, on: System) -> Option<(&'a Half, &'a Half)> {
        let half = self.halves.get(&(on, case.id(on)?.clone()))?;
        let source = case.half(on.other())?;
        Some(match on {
            System::Jim2 => (source, half),
            System::Autotask => (half, source),
        })
    }

    /// What the re-read tells of the pair.
    pub(super) fn seen(&self, rules: &dyn Rules, case: &Case, plan: &Plan) -> Seen {
        System::BOTH
            .into_iter()
            .filter(|system| {
                let writes = |act: &Act| act.on() == *system && act.fields().is_some();
                plan.acts.iter().any(writes)
            })
            .map(|system| self.side_seen(rules, case, plan, system))
            .max()
            .unwrap_or(Seen::AsMeant)
    }

    fn side_seen(&self, rules: &dyn Rules, case: &Case, plan: &Plan, system: System) -> Seen {
        let half = case
            .id(system)
            .and_then(|id| self.halves.get(&(system, id.clone())));
        let Some(half) = half else {
            return Seen::NotYet;
        };
        let differs = rules.fields().iter().any(|field| {
            let meant = plan.shadow.side(system).get(field.name);
            let found = half.fields.get(field.name);
            matches!((meant, found), (Some(meant), Some(found)) if !field.compare.same(meant, found))
        });
        let before = case.half(system).and_then(|half| half.changed_at);
        match (before, half.changed_at) {
            _ if !differs => Seen::AsMeant,
            (Some(before), Some(now)) if now <= before => Seen::NotYet,
            _ => Seen::Differs,
        }
    }
}

/// Where the plan made a record.
fn made(plan: &Plan) -> Option<System> {
    creation(&plan.acts).map(Act::on)
}

/// The fields that travel and that the plan has not judged.
fn unjudged<'a>(
    rules: &'a dyn Rules,
    plan: &'a Plan,
    facts: &'a Facts,
) -> impl Iterator<Item = &'static Field> + 'a {
    rules.fields().iter().filter(move |field| {
        let is_known = System::BOTH
            .into_iter()
            .any(|system| plan.shadow.side(system).contains_key(field.name));
        facts.is_carried(&rules.kind(), field) && !is_known
    })
}

/// What reading a written pair again tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    /// All is as the plan left it.
    AsMeant,
    /// Something is not: somebody changed it, or the system spells it its own way.
    Differs,
    /// It could not be read, or what was read is older than the write.
    NotYet,
}

/// The fields that an act changes on an existing half.
fn updates(act: &Act, there: System) -> Option<&Fields> {
    match act {
        Act::Update { on, fields, .. } if *on == there => Some(fields),
        Act::Update { .. }
        | Act::Create { .. }
        | Act::Refer { .. }
        | Act::CreateChild { .. }
        | Act::UpdateChild { .. } => None,
    }
}
