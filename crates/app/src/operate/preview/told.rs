//! A plan in an operator's words.

use domain::{System, Value};
use sync::{Act, Fields, Half, Known, Next, Notice, Plan, Rules};

use super::{Preview, Side, Write};

/// The word for making a record.
pub(super) const MAKE: &str = "make";
const CHANGE: &str = "change";

/// Tells a plan.
pub(super) fn tell(rules: &dyn Rules, known: &Known, plan: Plan) -> Preview {
    let side = |half: &Option<Half>| {
        half.as_ref().map(|half| Side {
            id: half.id.clone(),
            label: half.label.clone(),
        })
    };
    Preview {
        kind: rules.kind().to_string(),
        autotask: side(&known.autotask),
        jim2: side(&known.jim2),
        verdict: verdict(&plan),
        writes: plan
            .acts
            .iter()
            .flat_map(|act| writes(rules, known, act))
            .collect(),
        notices: plan
            .notices
            .iter()
            .map(|notice| told(rules, known, notice))
            .collect(),
        problems: plan.problems,
        remarks: Vec::new(),
    }
}

fn verdict(plan: &Plan) -> String {
    match (&plan.next, plan.problems.is_empty()) {
        (Next::InStep, true) if !plan.notices.is_empty() => "Nothing would be written.".to_owned(),
        (Next::InStep, true) => "Both sides are equal: nothing would be written.".to_owned(),
        (Next::InStep, false) => {
            "Nothing would be written; the problems below hold fields back.".to_owned()
        }
        (Next::Write, true) => "This would be written.".to_owned(),
        (Next::Write, false) => {
            "This would be written; the problems below hold other fields back.".to_owned()
        }
        (Next::Replace, _) => {
            "The ticket has moved to another company: its job would be cancelled and another made, unless there are lines or labour on it.".to_owned()
        }
        (Next::FollowOn, _) => {
            "Work waits, and the job takes none any more: a follow-on job would be made.".to_owned()
        }
        (Next::Bury, _) => {
            "The record in Autotask is gone: what was made for it would be emptied and kept.".to_owned()
        }
        (Next::Hold, _) => {
            "Nothing can be written before the problems below are solved.".to_owned()
        }
        (Next::Ignore(reason), _) => format!("It is left alone: {reason}."),
        (Next::Gone, _) => "Both records are gone.".to_owned(),
    }
}

fn writes(rules: &dyn Rules, known: &Known, act: &Act) -> Vec<Write> {
    match act {
        Act::Create {
            on,
            reference,
            fields,
            ..
        } => {
            let mut writes = vec![whole(*on, MAKE, &format!("a {} {reference}", rules.kind()))];
            writes.extend(of_fields(rules, *on, MAKE, None, fields));
            writes
        }
        Act::Update { on, fields, .. } => {
            of_fields(rules, *on, CHANGE, known.half(*on), fields).collect()
        }
        Act::Refer { on, to, .. } => {
            let to = to.as_ref().map_or("the new record", |id| id.as_str());
            vec![Write {
                field: Some("reference".to_owned()),
                ..whole(*on, CHANGE, to)
            }]
        }
        Act::CreateChild {
            on, text, internal, ..
        } => {
            let who = if *internal { " (internal)" } else { "" };
            vec![Write {
                field: Some(format!("note{who}")),
                ..whole(*on, MAKE, text)
            }]
        }
        Act::UpdateChild { on, text, .. } => vec![Write {
            field: Some("note".to_owned()),
            ..whole(*on, CHANGE, text)
        }],
    }
}

fn whole(system: System, act: &str, after: &str) -> Write {
    Write {
        system,
        act: act.to_owned(),
        field: None,
        before: None,
        after: after.to_owned(),
    }
}

fn of_fields<'a>(
    rules: &'a dyn Rules,
    on: System,
    act: &'a str,
    half: Option<&'a Half>,
    fields: &'a Fields,
) -> impl Iterator<Item = Write> + 'a {
    fields.iter().map(move |(name, value)| Write {
        system: on,
        act: act.to_owned(),
        field: Some(label(rules, name)),
        before: half
            .and_then(|half| half.fields.get(name))
            .map(Value::to_string),
        after: value.to_string(),
    })
}

/// A field as people know it.
fn label(rules: &dyn Rules, name: &str) -> String {
    rules
        .fields()
        .iter()
        .find(|field| field.name == name)
        .map_or(name, |field| field.label)
        .to_owned()
}

fn told(rules: &dyn Rules, known: &Known, notice: &Notice) -> String {
    let field = label(rules, &notice.field);
    match (notice.what.as_str(), notice.by) {
        ("conflict", Some(winner)) if !has_changed(known, winner, notice) => format!(
            "{} changed {field} to {}, which does not go to {winner}: {} stays",
            winner.other(),
            notice.lost,
            notice.kept
        ),
        ("conflict", _) => format!(
            "both sides changed {field}: {} stays, {} gives way",
            notice.kept, notice.lost
        ),
        ("drift", _) => format!(
            "{field} differs since before Crossbill: {} in Autotask, {} in Jim2 (crossbill mapping apply settles it)",
            notice.kept, notice.lost
        ),
        ("dropped", _) => format!(
            "{field} {} would not be written: {} stays",
            notice.lost, notice.kept
        ),
        (other, _) => format!("{other}: {field}"),
    }
}

/// Whether the side whose value stays was changed since both last agreed, too.
fn has_changed(known: &Known, winner: System, notice: &Notice) -> bool {
    let shadow = known.shadow.as_ref();
    let then = shadow.and_then(|shadow| shadow.side(winner).get(&notice.field));
    then != Some(&notice.kept)
}

#[cfg(test)]
mod tests;
