//! What was written, read again: it may confirm the plan, never teach (rule 1).

use std::collections::HashMap;

use domain::{RecordId, System};

use super::case::Case;
use crate::{Act, Facts, Half, Plan, Rules, Wrote};

/// The written sides as they are after the writes.
#[derive(Debug, Default)]
pub(super) struct Reread {
    pub(super) halves: HashMap<(System, RecordId), Half>,
    /// Sides that could not be read.
    pub(super) unread: Vec<System>,
}

impl Reread {
    /// What we wrote on Autotask and found there again, with the span in which an edit of it was not seen (rule 10).
    pub(super) fn wrote(&self, rules: &dyn Rules, case: &Case, plan: &Plan) -> Option<Wrote> {
        let before = case.half(System::Autotask)?;
        let after = self.halves.get(&(System::Autotask, before.id.clone()))?;
        let sent = plan.acts.iter().filter_map(|act| match act {
            Act::Update {
                on: System::Autotask,
                fields,
                ..
            } => Some(fields),
            Act::Update { .. }
            | Act::Create { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. }
            | Act::UpdateChild { .. } => None,
        });
        let stood = |field: &crate::Field| {
            let value = sent.clone().find_map(|fields| fields.get(field.name));
            matches!((value, after.fields.get(field.name)), (Some(sent), Some(found)) if field.compare.same(sent, found))
        };
        let fields: Vec<String> = rules
            .fields()
            .iter()
            .filter(|field| stood(field))
            .map(|field| field.name.to_owned())
            .collect();
        (!fields.is_empty()).then_some(())?;
        Some(Wrote {
            fields,
            after: before.changed_at?,
            until: after.changed_at?,
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

    /// Whether something is not as the plan left it, so that the pair must be looked at again.
    pub(super) fn differs(&self, rules: &dyn Rules, case: &Case, plan: &Plan) -> bool {
        System::BOTH.into_iter().any(|system| {
            let wrote = plan.acts.iter().any(|act| act.on() == system && changes_fields(act));
            let half = case.id(system).and_then(|id| self.halves.get(&(system, id.clone())));
            match half {
                _ if !wrote => false,
                None => true,
                Some(half) => rules.fields().iter().any(|field| {
                    let meant = plan.shadow.side(system).get(field.name);
                    let found = half.fields.get(field.name);
                    matches!((meant, found), (Some(meant), Some(found)) if !field.compare.same(meant, found))
                }),
            }
        })
    }
}

pub(super) const fn changes_fields(act: &Act) -> bool {
    matches!(act, Act::Create { .. } | Act::Update { .. })
}
