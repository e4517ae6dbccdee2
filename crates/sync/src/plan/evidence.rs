//! Neither API has entity tags: what the sources tell about foreign changes around our own writes (rule 10).

use std::collections::BTreeSet;

use domain::{System, Value};

use super::{Known, Notice};
use crate::{Field, Fields, Rules, Wrote};

/// Values that somebody else gave fields in Autotask after we had read them and before we wrote them, by our names.
///
/// An older value that comes late or again was seen when we planned, and is no evidence of anything.
pub(crate) fn foreign_values(rules: &dyn Rules, known: &Known) -> Fields {
    let mut values = Fields::new();
    let Some(wrote) = wrote(known, System::Autotask) else {
        return values;
    };
    let mut evidence: Vec<_> = known
        .evidence
        .iter()
        .filter(|(system, evidence)| *system == System::Autotask && wrote.covers(evidence.at))
        .map(|(_, evidence)| evidence)
        .collect();
    evidence.sort_by_key(|evidence| evidence.at);
    for field in rules
        .fields()
        .iter()
        .filter(|field| wrote.fields.iter().any(|it| it == field.name))
    {
        let told = |evidence: &domain::Evidence| {
            field
                .webhook_names
                .iter()
                .find_map(|name| evidence.fields.get(*name).cloned())
        };
        if let Some(value) = evidence.iter().rev().find_map(|evidence| told(evidence)) {
            values.insert(field.name.to_owned(), value);
        }
    }
    let ours = known.shadow.as_ref().map(|shadow| &shadow.autotask);
    values.retain(|name, value| {
        ours.and_then(|ours| ours.get(name))
            .is_some_and(|sent| sent != value)
    });
    values
}

/// All that the sources tell of our last writes, as notices for a pair of which nothing is written now.
pub(crate) fn overwritten(rules: &dyn Rules, known: &Known) -> Vec<Notice> {
    let mut notices = lost_values(rules, known);
    notices.extend(possibly_overwritten(known));
    notices
}

fn lost_values(rules: &dyn Rules, known: &Known) -> Vec<Notice> {
    let mut lost = foreign_values(rules, known);
    let now = known.autotask.as_ref().map(|half| &half.fields);
    let notice = |field: &Field| {
        let (lost, kept) = (lost.remove(field.name)?, now?.get(field.name)?);
        (!field.compare.same(&lost, kept)).then(|| Notice::overwritten(field.name, kept, &lost))
    };
    rules.fields().iter().filter_map(notice).collect()
}

/// The other way: Jim2 tells who changed a record, not what. Each who did in that span is named once.
pub(crate) fn possibly_overwritten(known: &Known) -> Vec<Notice> {
    let Some(wrote) = wrote(known, System::Jim2) else {
        return Vec::new();
    };
    let by: BTreeSet<&String> = known
        .evidence
        .iter()
        .filter(|(system, evidence)| *system == System::Jim2 && wrote.covers(evidence.at))
        .filter_map(|(_, evidence)| evidence.by.as_ref())
        .collect();
    by.into_iter()
        .map(|by| Notice {
            what: "possibly-overwritten".to_owned(),
            field: String::new(),
            kept: Value::Empty,
            lost: by.clone().into(),
            before: None,
            by: Some(System::Jim2),
        })
        .collect()
}

/// Our last write to one half.
fn wrote(known: &Known, on: System) -> Option<&Wrote> {
    known.shadow.as_ref()?.writes.get(&on)
}
