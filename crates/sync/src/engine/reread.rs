//! What was written, read again: it may confirm the plan, never teach (rule 1).

use std::collections::HashMap;

use domain::{RecordId, System};

use super::case::Case;
use crate::{Act, Facts, Fields, Half, Plan, Rules, Wrote};

/// The written sides as they are after the writes.
#[derive(Debug, Default)]
pub(super) struct Reread {
    pub(super) halves: HashMap<(System, RecordId), Half>,
}

impl Reread {
    /// What we wrote on `on`: the fields found there again, and the span in which an edit of it was not seen (rule 10).
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
        let after = self.halves.get(&(on, before.id.clone()));
        let stood = |field: &crate::Field| {
            let value = sent.iter().rev().find_map(|fields| fields.get(field.name));
            let found = after.and_then(|after| after.fields.get(field.name));
            matches!((value, found), (Some(sent), Some(found)) if field.compare.same(sent, found))
        };
        let fields: Vec<String> = rules
            .fields()
            .iter()
            .filter(|field| stood(field))
            .map(|field| field.name.to_owned())
            .collect();
        let began = before.changed_at?;
        Some(Wrote {
            fields,
            after: began,
            // A state no newer than that before the write is not the one that the write made.
            until: after
                .and_then(|after| after.changed_at)
                .filter(|at| *at > began),
        })
    }

    /// Whether a record made just now lacks what could not be given to it at once (a status several steps away).
    pub(super) fn owes(&self, rules: &dyn Rules, case: &Case, plan: &Plan, facts: &Facts) -> bool {
        let made = plan
            .acts
            .iter()
            .find(|act| matches!(act, Act::Create { .. }))
            .map(Act::on);
        let Some(on) = made else { return false };
        if plan.shadow.owed.contains_key(&on) {
            return true;
        }
        let half = case
            .id(on)
            .and_then(|id| self.halves.get(&(on, id.clone())));
        let (Some(half), Some(source)) = (half, case.half(on.other())) else {
            return true;
        };
        let (autotask, jim2) = match on {
            System::Jim2 => (source, half),
            System::Autotask => (half, source),
        };
        rules.fields().iter().any(|field| {
            let (way, _) = facts.rule(&rules.kind(), field);
            let is_carried = System::BOTH.into_iter().any(|system| way.leads_to(system));
            let is_known = System::BOTH
                .into_iter()
                .any(|system| plan.shadow.side(system).contains_key(field.name));
            match (autotask.fields.get(field.name), jim2.fields.get(field.name)) {
                (Some(autotask), Some(jim2)) => {
                    is_carried && !is_known && !field.equal(autotask, jim2, facts)
                }
                _ => false,
            }
        })
    }

    /// What the re-read tells of the pair.
    pub(super) fn seen(&self, rules: &dyn Rules, case: &Case, plan: &Plan) -> Seen {
        System::BOTH
            .into_iter()
            .filter(|system| {
                let writes = |act: &Act| act.on() == *system && changes_fields(act);
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

pub(super) const fn changes_fields(act: &Act) -> bool {
    matches!(act, Act::Create { .. } | Act::Update { .. })
}
