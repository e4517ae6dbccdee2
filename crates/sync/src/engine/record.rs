//! What is kept of a handled case beside its pair: journal entries and the rows of its children.

use std::collections::HashMap;

use domain::System;
use serde_json::json;
use store::{
    journal::{DATE_OUT, Entry, What},
    pair::ChildRow,
};

use super::{apply::remembered_child, case::Case, date_out};
use crate::{Act, Notice, Plan};

pub(super) fn entry(
    case: &Case,
    what: What,
    system: Option<System>,
    body: serde_json::Value,
) -> Entry {
    Entry {
        what,
        system,
        cause: case.work.event.cause,
        body,
        calls: i32::from(system.is_some()),
    }
}

/// What was written, before and after.
pub(super) fn entries(case: &Case, plan: &Plan, done: usize) -> Vec<Entry> {
    plan.acts[..done]
        .iter()
        .map(|act| {
            let on = act.on();
            let before = case.half(on).map(|half| &half.fields);
            let (what, mut body) = match act {
                Act::Create {
                    fields, reference, ..
                } => (
                    What::Created,
                    json!({"id": case.id(on), "reference": reference, "after": fields}),
                ),
                Act::Update { fields, .. } => {
                    let before: HashMap<_, _> = fields
                        .keys()
                        .filter_map(|name| Some((name, before?.get(name)?)))
                        .collect();
                    (What::Updated, json!({"before": before, "after": fields}))
                }
                Act::Refer { to, .. } => (What::Updated, json!({"reference": to})),
                Act::CreateChild { source, .. } => (What::Created, json!({"copy of": source})),
                Act::UpdateChild { source, .. } => (What::Updated, json!({"copy of": source})),
            };
            if let Some(before) = date_out::before(case, act) {
                body[DATE_OUT] = before;
            }
            entry(case, what, Some(on), body)
        })
        .collect()
}

pub(super) fn notices(case: &Case, notices: &[Notice]) -> Vec<Entry> {
    notices
        .iter()
        .map(|notice| {
            let what = match notice.what.as_str() {
                "conflict" => What::Conflict,
                "possibly-overwritten" => What::PossiblyOverwritten,
                "dropped" => What::Dropped,
                _ => What::Drift,
            };
            Entry {
                calls: 0,
                ..entry(case, what, notice.by, json!(notice))
            }
        })
        .collect()
}

/// The rows of children whose copies were brought up to date.
pub(super) fn updated_children(case: &Case, plan: &Plan) -> Vec<ChildRow> {
    plan.acts
        .iter()
        .filter_map(|act| match act {
            Act::UpdateChild { on, id, source, .. } => {
                Some(remembered_child(*on, source, id, case))
            }
            Act::Create { .. }
            | Act::Update { .. }
            | Act::Refer { .. }
            | Act::CreateChild { .. } => None,
        })
        .collect()
}

/// The rows of children found to be copied already.
pub(super) fn linked_children(case: &Case, plan: &Plan) -> Vec<ChildRow> {
    plan.links
        .iter()
        .filter_map(|link| {
            let on = link.shadow.source.other();
            let (source, copy) = match on {
                System::Autotask => (link.jim2.as_ref()?, link.autotask.as_ref()?),
                System::Jim2 => (link.autotask.as_ref()?, link.jim2.as_ref()?),
            };
            Some(remembered_child(on, source, copy, case))
        })
        .collect()
}
