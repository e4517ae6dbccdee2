//! What was written, read again: it may confirm the plan, never teach (rule 1).

use std::collections::HashMap;

use domain::{RecordId, System};

use super::case::Case;
use crate::{Act, Half, Plan, Rules};

/// The written sides as they are after the writes.
#[derive(Debug, Default)]
pub(super) struct Reread {
    pub(super) halves: HashMap<(System, RecordId), Half>,
    /// Sides that could not be read.
    pub(super) unread: Vec<System>,
}

impl Reread {
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
