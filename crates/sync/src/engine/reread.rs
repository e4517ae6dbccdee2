//! What was written, read again: it may confirm the plan, never teach (rule 1).

use std::collections::HashMap;

use domain::{RecordId, System};

use super::case::Case;
use crate::{Act, Half, Plan, Rules, Wrote};

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
